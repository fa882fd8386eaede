"""Marionette, the remote protocol built into Firefox: no driver has to be installed.

A message is `<length>:<json>`; a request `[0, id, command, parameters]`, an answer `[1, id, error, result]`
(Firefox's remote/marionette/transport.sys.mjs and message.sys.mjs).
"""

import json
import socket
from typing import Any


class ScriptFailed(Exception):
    """Firefox could not do what it was asked; the message is its own."""


class Marionette:
    """A conversation with one Firefox."""

    def __init__(self, port: int, seconds: float) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), seconds)
        self._stream = self._socket.makefile("rb")
        self._last = 0
        self._read()

    def call(self, command: str, **parameters: Any) -> Any:
        """The result of a command. Raises ScriptFailed."""
        self._last += 1
        request = json.dumps([0, self._last, command, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(request), request))
        _, _, error, result = self._read()
        if error:
            raise ScriptFailed(f"{command}: {error['error']}: {error['message']}")
        return result

    def run(self, body: str, *arguments: Any) -> Any:
        """What the body of an async function returns; its arguments are in the array `given`. Raises ScriptFailed."""
        script = (
            "const done = arguments[arguments.length - 1], given = [...arguments].slice(0, -1);"
            f"(async () => {{ {body} }})().then((value) => done({{ value }}), (why) => done({{ why: String(why) }}))"
        )
        options = {"sandbox": None, "newSandbox": True, "scriptTimeout": 60_000}
        answer = self.call("WebDriver:ExecuteAsyncScript", script=script, args=list(arguments), **options)["value"]
        if "why" in answer:
            raise ScriptFailed(answer["why"])
        return answer.get("value")

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self._socket.close()

    def _read(self) -> Any:
        length = b""
        while (digit := self._stream.read(1)) != b":":
            if not digit:
                raise ScriptFailed("Firefox hung up")
            length += digit
        return json.loads(self._stream.read(int(length)))

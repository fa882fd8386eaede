"""Mozilla's side of Web Push, as far as a real Firefox needs it: the WebSocket that it hangs on (autopush).

Messages are those of autopush's client protocol: hello, register, unregister, notification, ack, ping.
"""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.support.push_service_rules import decoded, unpadded


@dataclass(slots=True)
class Channel:
    """One subscription: `agent` is the browser's name, `key` the application server key it was made with."""

    agent: str
    identity: str
    key: str


@dataclass(slots=True)
class Mozilla:
    """Channels by token, and the browsers that are connected. What they cannot have yet waits."""

    channels: dict[str, Channel] = field(default_factory=dict)
    #: What browsers said of messages: 100 delivered, 101 not decrypted, 102 not delivered.
    codes: list[int] = field(default_factory=list)
    _sockets: dict[str, web.WebSocketResponse] = field(default_factory=dict)
    _waiting: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        """What Firefox calls instead of Mozilla, over plain HTTP."""
        return [web.get("/mozilla", self._connected)]

    def preferences(self, http_port: int) -> dict[str, Any]:
        """Settings that make a Firefox use this instead of Mozilla."""
        return {
            "dom.push.serverURL": f"ws://127.0.0.1:{http_port}/mozilla",
            "dom.push.testing.allowInsecureServerURL": True,
            "dom.push.connection.enabled": True,
            "dom.push.retryBaseInterval": 200,
        }

    async def deliver(self, token: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Hand a message to the browser, or keep it for when it connects."""
        channel = self.channels[token]
        message = {
            "messageType": "notification",
            "channelID": channel.identity,
            "version": secrets.token_urlsafe(12),
            "data": unpadded(body),
            "headers": {"encoding": headers["Content-Encoding"]},
        }
        self._waiting[channel.agent].append(message)
        if channel.agent in self._sockets:
            await self._sockets[channel.agent].send_json(message)

    async def _connected(self, request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse(protocols=("push-notification",))
        await connection.prepare(request)
        agent = ""
        async for message in connection:
            if message.type is not WSMsgType.TEXT:
                break
            said = message.json()
            agent = await self._hello(connection, said) if said.get("messageType") == "hello" else agent
            await self._answer(connection, agent, said)
        if self._sockets.get(agent) is connection:
            del self._sockets[agent]
        return connection

    async def _hello(self, connection: web.WebSocketResponse, said: Mapping[str, Any]) -> str:
        """Greet a browser and hand it what waits; the name it goes by."""
        known = said.get("uaid")
        agent = known if known in self._waiting else uuid.uuid4().hex
        self._sockets[agent] = connection
        await connection.send_json(
            {"messageType": "hello", "uaid": agent, "status": 200, "use_webpush": True, "broadcasts": {}}
        )
        for message in self._waiting.setdefault(agent, []):
            await connection.send_json(message)
        return agent

    async def _answer(self, connection: web.WebSocketResponse, agent: str, said: Mapping[str, Any]) -> None:
        match said.get("messageType"):
            case "register":
                token = secrets.token_urlsafe(24)
                self.channels[token] = Channel(agent, said["channelID"], unpadded(decoded(said["key"])))
                endpoint = f"https://updates.push.services.mozilla.com/wpush/v2/{token}"
                await connection.send_json(_done(said, pushEndpoint=endpoint))
            case "unregister":
                self.channels = {t: c for t, c in self.channels.items() if c.identity != said["channelID"]}
                await connection.send_json(_done(said))
            case "ack":
                self._acknowledged(agent, said["updates"])
            case "ping" | None:
                await connection.send_str("{}")

    def _acknowledged(self, agent: str, updates: list[dict[str, Any]]) -> None:
        self.codes += [each["code"] for each in updates]
        seen = {each["version"] for each in updates}
        self._waiting[agent] = [each for each in self._waiting[agent] if each["version"] not in seen]


def _done(said: Mapping[str, Any], **more: str) -> dict[str, Any]:
    return {"messageType": said["messageType"], "channelID": said["channelID"], "status": 200, **more}

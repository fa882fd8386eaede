"""kill -9 of the real web process in the middle of pushes: what was acknowledged is there, once"""

import http.client
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.records.samples import API, document, row
from tests.support import services
from tests.support.processes import Process

WRITERS = 4
ROWS = 3


class Server:
    """`flask run-server` with no nudges: a master that starts a new worker whenever one dies."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.port = services.free_port()
        settings = {"PORT": str(self.port), "DATABASE_URL": database_url, "INSTANCE_PATH": str(folder / "instance")}
        given = {**settings, "NUDGE_ENGINE": "off", "RATE_LIMITS": "off", "LOG_LEVEL": "ERROR"}
        self._master = Process(["flask", "--app", "wsgi", "run-server"], given, folder / "server.log")
        self.output, self.stop = self._master.output, self._master.stop

    def workers(self) -> list[int]:
        """The process ids of the workers that are alive."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
        processes = (line.split() for line in listed.stdout.splitlines())
        return [int(pid) for pid, parent, state in processes if int(parent) == self._master.pid and state[0] != "Z"]

    def kill_worker(self) -> None:
        """End the worker as a crash or the kernel would: without a word."""
        for pid in self.workers():
            # The one killed before may only just have gone.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class Writer(threading.Thread):
    """A device that pushes until told to stop, and tries the same rows again when an answer does not come."""

    def __init__(self, port: int, cookie: str, acknowledgement: threading.Semaphore) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._headers = {"Cookie": cookie, "Content-Type": "application/json"}
        self._acknowledgement = acknowledgement
        self.stopping = threading.Event()
        self.acknowledged: list[str] = []
        self.retries = 0
        self.odd_answers: list[str] = []

    def run(self) -> None:
        while not self.stopping.is_set():
            documents = [document() for _ in range(ROWS)]
            body = json.dumps([row(one) for one in documents])
            while not self._pushed(body):
                self.retries += 1
            self.acknowledged += [one["id"] for one in documents]
            self._acknowledgement.release()

    def _pushed(self, body: str) -> bool:
        try:
            status, answer = ask(self._port, "POST", f"{API}/sync/checkins/push", self._headers, body)
        except (OSError, http.client.HTTPException):
            return False
        if (status, answer) != (200, []):
            self.odd_answers.append(f"{status} {answer}")
        return status == 200


def ask(port: int, method: str, path: str, headers: dict[str, str], body: str | None = None) -> tuple[int, Any]:
    """One request on a connection of its own; the status and the JSON answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def sign_up(port: int) -> str:
    """Make an account; the cookie."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    body = json.dumps({"timezone": "UTC", "locale": "en"})
    connection.request("POST", f"{API}/accounts", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert answer.status == 201
    answer.read()
    cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
    connection.close()
    return cookie


def pull_everything(port: int, cookie: str) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = []
    since, page = 0, None
    while page is None or page["documents"]:
        _, page = ask(port, "GET", f"{API}/sync/checkins/pull?since={since}", {"Cookie": cookie})
        documents += page["documents"]
        since = page["checkpoint"]["rev"]
    return documents


@contextmanager
def running(folder: Path, database_url: str) -> Iterator[Server]:
    server = Server(folder, database_url)
    try:
        services.wait_for(
            lambda: ask(server.port, "GET", "/healthz", {}), OSError, http.client.HTTPException, seconds=60
        )
        yield server
    finally:
        server.stop()


def test_what_was_acknowledged_survives_a_hundred_kills_once_each(any_database_url: str, tmp_path: Path) -> None:
    # PostgreSQL keeps its promises in a process that is not killed here: fewer rounds show as much.
    rounds = 100 if any_database_url.startswith("sqlite") else 25
    with running(tmp_path, any_database_url) as server:
        cookie, acknowledgement = sign_up(server.port), threading.Semaphore(0)
        writers = [Writer(server.port, cookie, acknowledgement) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        for _ in range(rounds):
            assert acknowledgement.acquire(timeout=60), server.output()
            server.kill_worker()
            while acknowledgement.acquire(blocking=False):
                pass
        for writer in writers:
            writer.stopping.set()
        for writer in writers:
            writer.join(60)
        stored = [one["id"] for one in pull_everything(server.port, cookie)]
    acknowledged = [record_id for writer in writers for record_id in writer.acknowledged]
    assert not [odd for writer in writers for odd in writer.odd_answers]
    assert sum(writer.retries for writer in writers) >= rounds / 2
    assert sorted(stored) == sorted(acknowledged)

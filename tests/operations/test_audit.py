"""`make audit`: what is known of the pinned dependencies, and a clear word when nobody could be asked."""

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.support.services import free_port
from tools import audit

OSV_FINDING = {
    "id": "PYSEC-2099-1",
    "summary": "It gives everything away.",
    "affected": [
        {
            "package": {"name": "flask", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
    ],
}
NPM_FINDING = {
    "id": 1, "url": "https://example.org/advisory", "title": "Prototype pollution", "severity": "high",
    "vulnerable_versions": "<99.0.0", "cwe": [], "cvss": {"score": 7, "vectorString": None},
}  # fmt: skip


@dataclass
class Advisories:
    """The two services, on loopback. `known` maps a package to what is known of it."""

    port: int
    known: dict[str, Any] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    @property
    def environment(self) -> dict[str, str]:
        address = f"http://127.0.0.1:{self.port}"
        return {"OSV_URL": f"{address}/v1/query", "npm_config_registry": address}

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """OSV is asked about one package at a time, npm's service about all at once."""
        if "package" in question:
            name = question["package"]["name"]
            self.asked.add(name)
            return {"vulns": [self.known[name]]} if name in self.known else {}
        self.asked |= question.keys()
        return {name: [self.known[name]] for name in question.keys() & self.known.keys()}


@pytest.fixture
def advisories(monkeypatch: pytest.MonkeyPatch) -> Iterator[Advisories]:
    found: list[Advisories] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            said = json.dumps(found[0].answer(json.loads(body))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_GET(self) -> None:
            """npm looks for versions without a finding."""
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.append(Advisories(server.server_port))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    for name, value in found[0].environment.items():
        monkeypatch.setenv(name, value)
    yield found[0]
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_pinned_package_is_asked_about_and_all_is_well(
    advisories: Advisories, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main() == audit.CLEAN
    assert capsys.readouterr().out == "Python: no known vulnerability\nthe app: no known vulnerability\n"
    assert advisories.asked >= {"flask", "webauthn", "celery", "opentelemetry-sdk", "pytest", "svelte", "vite"}


def test_what_is_known_is_named_with_the_version_that_puts_it_right(
    advisories: Advisories, capsys: pytest.CaptureFixture[str]
) -> None:
    advisories.known = {"flask": OSV_FINDING, "svelte": NPM_FINDING}
    assert audit.main() == audit.FOUND
    said = capsys.readouterr().out
    assert "PYSEC-2099-1, put right in 99.1" in said
    assert "Prototype pollution" in said


def test_services_that_cannot_be_reached_are_said_so_with_a_code_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("OSV_URL", nobody)
    monkeypatch.setenv("npm_config_registry", nobody)
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    assert audit.main() == audit.UNKNOWN
    assert capsys.readouterr().out.count("could not be asked, so nothing is known") == 2


def test_a_finding_counts_for_more_than_a_service_that_is_away(
    advisories: Advisories, monkeypatch: pytest.MonkeyPatch
) -> None:
    advisories.known = {"flask": OSV_FINDING}
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    assert audit.main() == audit.FOUND


def test_the_command_ends_with_the_code(advisories: Advisories, tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-m", "tools.audit"], cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout.count("no known vulnerability")) == (0, 2), ended.stdout

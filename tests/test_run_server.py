"""`flask run-server`: one command, one process, everything in it."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psutil

from server.config import ROOT
from tests.support.services import free_port, wait_for


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server as `make run` starts it, with its files in `folder`; its address and process."""
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "INSTANCE_PATH": str(folder), "NUDGE_TICK_SECONDS": "1"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "run-server"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        url = f"http://localhost:{port}"
        wait_for(lambda: answered(url, process), OSError, seconds=60)
        yield url, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


def answered(url: str, process: subprocess.Popen[bytes]) -> None:
    """Nothing when the server is ready. Raises OSError while it is not yet, AssertionError when it has ended."""
    assert process.poll() is None, "the server ended at its start"
    urlopen(f"{url}/readyz").close()


def test_the_first_start_makes_what_is_missing_and_serves_app_api_and_ticker(tmp_path: Path) -> None:
    with served(tmp_path) as (url, process):
        ready = json.load(urlopen(f"{url}/readyz"))
        assert ready["checks"] == {"database": "ok", "nudges": "ok"}
        assert b"<title>Heartwood" in urlopen(url).read()
        assert json.load(urlopen(f"{url}/api/v1/library"))["locale"] == "en"
        assert len(psutil.Process(process.pid).children()) == 1
    secrets = [path for path in tmp_path.iterdir() if path.suffix != ".sqlite3" and "sqlite3" not in path.name]
    assert len(secrets) >= 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


def test_a_second_start_keeps_keys_and_data_and_the_process_ends_when_asked(tmp_path: Path) -> None:
    with served(tmp_path) as (url, first):
        key = urlopen(f"{url}/api/v1/push/key").read()
    assert first.returncode == 0
    with served(tmp_path) as (url, second):
        assert urlopen(f"{url}/api/v1/push/key").read() == key
    assert second.returncode == 0

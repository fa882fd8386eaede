"""Real processes of Heartwood for tests: started with settings, ended politely or not at all politely."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class Process:
    """A program in a process group of its own, its output in a file."""

    def __init__(self, arguments: list[str], env: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env={**os.environ, **env},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    def kill(self) -> None:
        """kill -9 for it and all its children."""
        with suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()

    def terminate(self, seconds: float = 40.0) -> int:
        """SIGTERM; its exit code once it has ended."""
        self._popen.terminate()
        return self._popen.wait(seconds)

    def stop(self) -> None:
        """End it however it can be ended."""
        if self._popen.poll() is None:
            try:
                self.terminate()
            except subprocess.TimeoutExpired:
                self.kill()

    def output(self) -> str:
        """What it has said so far."""
        return self._log.read_text(errors="replace")


def until(condition: Callable[[], bool], seconds: float, what: str = "") -> None:
    """Wait until `condition` holds. Raises TimeoutError saying `what` was waited for."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.05)

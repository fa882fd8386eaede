"""The doctor's look at what is reached over the network: push services and Redis."""

from collections.abc import Iterator
from concurrent.futures import Future

from server.config import Settings
from server.http import Answer, Loopback, Outside, Unreachable
from server.operations.findings import Finding, ok, problem, warning

#: For a wildcard of PUSH_HOSTS, a host under it that answers.
KNOWN = {
    "*.push.services.mozilla.com": "updates.push.services.mozilla.com",
    "*.push.apple.com": "web.push.apple.com",
    "*.notify.windows.com": "wns2-par02p.notify.windows.com",
}
SECONDS = 8.0


def push(settings: Settings) -> Iterator[Finding]:
    """Whether each push service answers at all. An empty message to no device does no harm."""
    hosts = [KNOWN.get(host, host) for host in settings.push_hosts]
    named = [host for host in hosts if not host.startswith("*.")]
    outside = Outside(Loopback.parse(settings.push_loopback), timeout=SECONDS)
    try:
        calls = {host: outside.post(f"https://{host}/", b"", {"TTL": "0"}) for host in named}
        silent = {host: said for host, call in calls.items() if (said := _why_silent(call))}
    finally:
        outside.close()
    yield from _judge(named, silent)


def _why_silent(call: Future[Answer]) -> str:
    """Empty when an answer came, whichever; else why none did."""
    try:
        call.result()
    except Unreachable as error:
        return str(error)
    return ""


def _judge(named: list[str], silent: dict[str, str]) -> Iterator[Finding]:
    fix = "Let this machine connect to port 443 of it: look at the firewall and at DNS."
    if silent and len(silent) == len(named):
        said = f"Cannot reach any push service; {next(iter(silent))}: {next(iter(silent.values()))}"
        yield problem("push", said, fix)
        return
    for host, why in silent.items():
        yield warning("push", f"Cannot reach {host}: {why}", fix)
    if not silent:
        yield ok("push", f"{len(named)} push services answer")


def redis(settings: Settings) -> Iterator[Finding]:
    """Whether the broker answers. Without one there is nothing to say."""
    if not settings.redis_url:
        return
    fix = "Start Redis or Valkey, or put REDIS_URL right. Meanwhile limits are counted per process."
    try:
        from redis import Redis

        Redis.from_url(settings.redis_url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS).ping()
    except ImportError:
        yield problem("redis", "REDIS_URL is set and the package is missing.", "pip install -r requirements-scale.txt")
    except (OSError, ValueError, _redis_error()) as error:
        yield problem("redis", f"Cannot reach it: {error}", fix)
    else:
        yield ok("redis", "answers")


def _redis_error() -> type[Exception]:
    from redis.exceptions import RedisError

    return RedisError

"""The doctor's look at settings. Pure: it decides from `Settings` alone."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from server.config import Settings
from server.operations.findings import Finding, ok, problem, warning

ABOUT = "settings"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


def check(settings: Settings) -> Iterator[Finding]:
    """Settings that are allowed, and still not what somebody who serves others wants."""
    found = [*_address(settings), *_guards(settings), *_processes(settings), *_push(settings)]
    yield from found or [ok(ABOUT, f"serves {settings.origin} with the {settings.nudge_engine} nudge engine")]


def _address(settings: Settings) -> Iterator[Finding]:
    host = urlsplit(settings.origin).hostname or ""
    if not settings.https and host not in LOOPBACK:
        yield problem(
            ABOUT,
            f"People reach {settings.origin} without https: no phone installs the app or takes nudges there.",
            "Put a proxy with a certificate in front (deploy/Caddyfile) and set PUBLIC_URL=https://…",
        )
    elif not settings.public_url:
        yield warning(
            ABOUT,
            "PUBLIC_URL is not set: only this machine can use the app.",
            "Set PUBLIC_URL=https://… once there is a proxy with a certificate.",
        )
    if settings.https and not settings.trusted_proxies:
        yield warning(
            ABOUT,
            "TRUSTED_PROXIES is 0 behind https: everybody shares one rate limit, the proxy's.",
            "Set TRUSTED_PROXIES=1 (the number of proxies in front).",
        )


def _guards(settings: Settings) -> Iterator[Finding]:
    if not settings.rate_limits:
        yield warning(ABOUT, "RATE_LIMITS is off: passphrases can be guessed at full speed.", "Set RATE_LIMITS=on.")
    if settings.dev:
        yield warning(ABOUT, "DEV is on: files are looked at again and again while serving.", "Unset DEV.")


def _processes(settings: Settings) -> Iterator[Finding]:
    if settings.processes > 1 and settings.database.startswith("sqlite"):
        yield warning(
            ABOUT,
            "Several web processes share one SQLite file: they wait for each other's writes.",
            "Set PROCESSES=1, or move to PostgreSQL with `flask db-move`.",
        )
    if settings.processes > 1 and not settings.redis_url:
        yield warning(
            ABOUT,
            f"Each of {settings.processes} processes counts rate limits for itself.",
            "Set REDIS_URL, so that they count together.",
        )


def _push(settings: Settings) -> Iterator[Finding]:
    if settings.push_loopback:
        yield problem(ABOUT, "PUSH_LOOPBACK is set: no nudge leaves this machine.", "Unset PUSH_LOOPBACK.")
    if settings.push_contact == Settings.push_contact:
        yield warning(
            ABOUT,
            "PUSH_CONTACT is not set: push services cannot tell you of trouble, and some refuse messages.",
            "Set PUSH_CONTACT=mailto:you@example.org.",
        )

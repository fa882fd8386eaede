"""Runs every check and keeps going when one of them fails."""

from collections.abc import Callable, Iterable

from server.config import Settings
from server.database import db
from server.operations import check_database, check_files, check_outside, check_settings
from server.operations.findings import Finding, problem

Check = Callable[[Settings], Iterable[Finding]]

FILES: dict[str, Check] = {
    "settings": check_settings.check,
    "keys": check_files.keys,
    "disk": check_files.disk,
    "backups": check_files.backups,
    "app": check_files.app,
    "content": check_files.content,
}
#: These make sense only when the one before found nothing wrong.
DATABASE: dict[str, Check] = {
    "database": check_database.database,
    "migrations": check_database.migrations,
    "clock": check_database.clocks,
    "nudges": check_database.nudges,
}
OUTSIDE: dict[str, Check] = {"redis": check_outside.redis, "push": check_outside.push}


def examine(settings: Settings) -> list[Finding]:
    """All findings. In an app context."""
    found: list[Finding] = []
    for name, check in FILES.items():
        found += _run(name, check, settings)
    for name, check in DATABASE.items():
        now = _run(name, check, settings)
        found += now
        if any(finding.level.value == "problem" for finding in now) and name in {"database", "migrations"}:
            break
    for name, check in OUTSIDE.items():
        found += _run(name, check, settings)
    return found


def _run(name: str, check: Check, settings: Settings) -> list[Finding]:
    try:
        return list(check(settings))
    except Exception as error:  # noqa: BLE001  # the others must still be looked at
        said = f"This could not be looked at: {type(error).__name__}: {error}"
        return [problem(name, said, "Put the other findings right and try again.")]
    finally:
        db.session.rollback()

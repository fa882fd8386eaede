"""The doctor's look at files: keys and who may read them, room on the disk, backups, the built app, the texts."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from server import clock
from server.config import Settings
from server.library.check import check as check_texts
from server.operations.backup import SECRETS, all_in
from server.operations.findings import Finding, ok, problem, warning
from server.operations.sqlite import file_of

#: Bytes left on a disk: below the first somebody should look, below the second writes will soon fail.
LITTLE, NEXT_TO_NOTHING = 2 << 30, 200 << 20
#: Backups are made daily; one that failed may be made good the next day.
STALE = timedelta(days=2)


def keys(settings: Settings) -> Iterator[Finding]:
    """The files that nobody else may read: what signs and sends, and what people gave."""
    found = list(_open_to_others(settings.instance_path))
    for name in SECRETS:
        path = settings.instance_path / name
        if path.exists():
            found += _secret(path)
    if settings.database.startswith("sqlite") and file_of(settings.database).exists():
        found += _secret(file_of(settings.database))
    yield from found or [ok("keys", f"in {settings.instance_path}, for their owner only")]


def _open_to_others(folder: Path) -> Iterator[Finding]:
    if stat.S_IMODE(folder.stat().st_mode) & 0o007:
        yield warning("keys", f"Every user of this machine may look into {folder}.", f"chmod 700 {folder}")
    if not os.access(folder, os.W_OK):
        yield problem("keys", f"{folder} cannot be written to.", f"chown -R the server's user {folder}")


def _secret(path: Path) -> Iterator[Finding]:
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & 0o077:
        mode = stat.S_IMODE(found.st_mode)
        yield problem("keys", f"{path} has mode {mode:04o}: others may read it.", f"chmod 600 {path}")
    if found.st_uid != os.geteuid():
        yield problem("keys", f"{path} belongs to another user.", f"chown {os.geteuid()} {path}")


def disk(settings: Settings) -> Iterator[Finding]:
    """Room where we write. A full disk loses nothing, but saves nothing either."""
    for folder in {settings.instance_path, settings.backups}:
        if folder.exists():
            yield _room(folder, shutil.disk_usage(folder).free)


def _room(folder: Path, free: int) -> Finding:
    said = f"{free / (1 << 30):.1f} GiB left for {folder}"
    if free < NEXT_TO_NOTHING:
        return problem("disk", f"Only {said}.", "Free some room now: writes are about to fail.")
    if free < LITTLE:
        return warning("disk", f"Only {said}.", "Free some room, or give it a larger disk.")
    return ok("disk", said)


def backups(settings: Settings) -> Iterator[Finding]:
    """The newest backup, as far as this machine knows."""
    found = all_in(settings.backups)
    if not found:
        yield warning("backups", f"There is none in {settings.backups}.", "flask backup create")
        return
    made = datetime.fromtimestamp(found[-1].stat().st_mtime, clock.now().tzinfo)
    if clock.now() - made > STALE:
        yield warning("backups", f"The newest is of {made:%d %B %Y}.", "flask backup create, every day")
    else:
        yield ok("backups", f"the newest is {found[-1].name}")


def content(settings: Settings) -> Iterator[Finding]:
    """The texts, by the same rules as `flask content check`."""
    found = check_texts(settings.content_path, _today())
    if not found:
        yield ok("content", "all texts are in order")
    else:
        first = f"{found[0]}"
        yield warning("content", f"{len(found)} things to look at, the first: {first}", "flask content check")


def app(settings: Settings) -> Iterator[Finding]:
    """The built app that people open."""
    if (settings.pwa_path / "index.html").is_file():
        yield ok("app", f"built, in {settings.pwa_path}")
    else:
        yield problem("app", f"There is no built app in {settings.pwa_path}.", "make run builds it")


def _today() -> date:
    return clock.now().date()

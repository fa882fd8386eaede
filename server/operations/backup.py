"""Making, checking and restoring backups of the configured instance."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from server import clock
from server.config import KEY_FILE, Settings
from server.database import db, migrate
from server.operations import archive, postgresql, sqlite
from server.operations.archive import PREFIX, SUFFIX, BackupBroken, Manifest
from server.push.keys import FILE as VAPID_FILE

#: Files of the instance folder without which nobody stays signed in and no device gets nudges.
SECRETS = (KEY_FILE, VAPID_FILE)
KINDS: Mapping[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


class Refused(Exception):
    """It would overwrite something, or cannot fit; nothing was changed. The message says what to do."""


def create(settings: Settings, target: Path | None = None) -> tuple[Path, Manifest]:
    """Back up the database and the keys, at once and while people write; where to, and what it holds.

    Raises Refused, DumpFailed, and OSError when there is no room.
    """
    path = target or settings.backups / f"{PREFIX}{clock.now():%Y%m%dT%H%M%SZ}{SUFFIX}"
    if path.exists():
        raise Refused(f"{path} is there already")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kind = db.engine.dialect.name
    revision = _revision()
    with tempfile.TemporaryDirectory(prefix=".heartwood-backup-", dir=path.parent) as name:
        folder = Path(name)
        rows = KINDS[kind].dump(settings.database, folder, db.metadata.tables)
        _copy_keys(settings.instance_path, folder)
        manifest = Manifest(clock.now().isoformat(), kind, revision, rows, archive.digests(folder))
        archive.write(path, folder, manifest)
    return path, manifest


def all_in(folder: Path) -> list[Path]:
    """The backups in a folder, the oldest first."""
    return sorted(folder.glob(f"{PREFIX}*{SUFFIX}"), key=lambda path: path.stat().st_mtime)


def keep_newest(folder: Path, count: int) -> int:
    """Delete all but the newest `count` backups in a folder; how many went."""
    old = all_in(folder)[:-count]
    for path in old:
        path.unlink()
    return len(old)


def verify(path: Path) -> Manifest:
    """Read the whole backup: every digest, the database itself, every row counted. Needs no server.

    Raises BackupBroken, DumpFailed.
    """
    with archive.opened(path, path.parent) as (folder, manifest):
        _check(folder, manifest)
        return manifest


def restore(settings: Settings, path: Path) -> Manifest:
    """Restore into the configured database, which must have no tables, and the instance folder.

    Raises Refused, BackupBroken, DumpFailed.
    """
    kind = db.engine.dialect.name
    if not KINDS[kind].is_empty(settings.database):
        raise Refused("The database is not empty. Move it away or make another one first; nothing was changed.")
    settings.instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.opened(path, settings.instance_path) as (folder, manifest):
        _fits(kind, manifest)
        _check(folder, manifest)
        db.engine.dispose()
        KINDS[kind].load(settings.database, folder)
        _put_keys(folder, settings.instance_path)
        return manifest


def newest_revision() -> str:
    """The revision that this code was written for."""
    return ScriptDirectory(migrate.directory).get_current_head() or ""


def _check(folder: Path, manifest: Manifest) -> None:
    found = KINDS[manifest.database].check(folder, manifest.rows)
    for table, count in manifest.rows.items():
        if found[table] != count:
            raise BackupBroken(f"{table} has {found[table]} rows, not {count}")


def _fits(kind: str, manifest: Manifest) -> None:
    if manifest.database != kind:
        said = f"This is a backup of {manifest.database}, and DATABASE_URL is {kind}."
        raise Refused(f"{said} Restore it to {manifest.database}, then `flask db-move`.")
    known = {script.revision for script in ScriptDirectory(migrate.directory).walk_revisions()}
    if manifest.revision not in known:
        raise Refused(f"The backup is of a newer Heartwood (revision {manifest.revision}). Install that one first.")


def _revision() -> str:
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        raise Refused("There is nothing to back up: the database has no tables yet.")
    return found


def _copy_keys(instance: Path, folder: Path) -> None:
    for name in SECRETS:
        if (instance / name).exists():
            _write_secret(folder / name, (instance / name).read_bytes())


def _put_keys(folder: Path, instance: Path) -> None:
    """They take the place of keys made on this start: with an empty database no device knew those."""
    for name in SECRETS:
        if (folder / name).exists():
            draft = instance / f".{name}.restoring"
            _write_secret(draft, (folder / name).read_bytes())
            draft.replace(instance / name)


def _write_secret(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
        file.write(content)

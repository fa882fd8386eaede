"""A backup is one compressed tar file: the database, the instance's keys, and a manifest. Pure: files only."""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT, VERSION = "heartwood backup", 1
MANIFEST = "manifest.json"
PREFIX, SUFFIX = "heartwood-", ".tar.gz"


class BackupBroken(Exception):
    """The file is no backup of ours, or not what it was when it was made."""


class DumpFailed(Exception):
    """The database could not be dumped or loaded: no room, no program for it. The message says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `created_at` is RFC 3339; `rows` counts per table; `files` maps a name to its SHA-256."""

    created_at: str
    database: str
    revision: str
    rows: Mapping[str, int]
    files: Mapping[str, str]

    @property
    def total(self) -> int:
        """Rows in all tables."""
        return sum(self.rows.values())


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in `folder`, by name."""
    return {path.name: _digest(path) for path in sorted(folder.iterdir())}


def write(target: Path, folder: Path, manifest: Manifest) -> None:
    """Pack the files of `folder` with their manifest into `target`, readable by its owner only.

    It appears under its name only when it is whole and on the disk.
    """
    text = json.dumps({"format": FORMAT, "version": VERSION, **asdict(manifest)}, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    draft = target.with_name(f".{target.name}.partial")
    try:
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
                for path in [folder / MANIFEST, *(folder / name for name in manifest.files)]:
                    tar.add(path, path.name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def opened(source: Path, scratch: Path | None = None) -> Iterator[tuple[Path, Manifest]]:
    """The unpacked files and their manifest, gone again afterwards. `scratch` is where to unpack.

    Raises BackupBroken when anything is missing, added or altered.
    """
    with tempfile.TemporaryDirectory(prefix="heartwood-backup-", dir=scratch) as name:
        folder = Path(name)
        try:
            with tarfile.open(source, "r:gz") as tar:
                tar.extractall(folder, filter="data")
            manifest = _parse((folder / MANIFEST).read_text(encoding="utf-8"))
        except (tarfile.TarError, OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise BackupBroken(f"{source.name} is no whole backup: {error}") from error
        _compare(folder, manifest)
        yield folder, manifest


def _parse(text: str) -> Manifest:
    found = json.loads(text)
    if (found.pop("format"), found.pop("version")) != (FORMAT, VERSION):
        raise ValueError("its format is not known here")
    return Manifest(**found)


def _compare(folder: Path, manifest: Manifest) -> None:
    found = digests(folder)
    del found[MANIFEST]
    for name in sorted(found.keys() ^ manifest.files.keys()):
        raise BackupBroken(f"{name} is missing or does not belong there")
    for name, digest in manifest.files.items():
        if found[name] != digest:
            raise BackupBroken(f"{name} is not what it was when the backup was made")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

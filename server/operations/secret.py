"""The server's secret in the instance folder: a new one takes over, older ones are understood until forgotten."""

import secrets
from pathlib import Path

from server.config import KEY_FILE, Settings


class SecretKeptElsewhere(Exception):
    """The secret is not in the instance folder, so it cannot be changed here."""


def rotate(settings: Settings) -> int:
    """Put a new secret before those in force; how many there are now. Raises SecretKeptElsewhere."""
    return _write(_file(settings), [secrets.token_urlsafe(48), *_lines(_file(settings))])


def forget(settings: Settings) -> int:
    """Keep the newest secret alone; how many were forgotten. Raises SecretKeptElsewhere."""
    newest, *older = _lines(_file(settings))
    _write(_file(settings), [newest])
    return len(older)


def _file(settings: Settings) -> Path:
    if settings.secret_key:
        raise SecretKeptElsewhere(
            "The secret comes from SECRET_KEY or SECRET_KEY_FILE: put a new line before the others there."
        )
    return settings.instance_path / KEY_FILE


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split()


def _write(path: Path, lines: list[str]) -> int:
    draft = path.with_name(f".{path.name}.new")
    draft.touch(mode=0o600)
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.replace(path)
    return len(lines)

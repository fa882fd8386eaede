"""From the content folder to checked files: which files there are, what each is, and whether its shape is right."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from server.library.complaints import complaints
from server.library.files import SCHEMAS
from server.library.model import NUDGE_KINDS
from server.library.source import ContentError, Finding, Parsed, parse_markdown, parse_yaml, read_text

FALLBACK = "en"

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][A-Za-z]+)?")
_NAME = r"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)"
_LAYOUT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("reading", re.compile(rf"readings/(?P<order>\d\d)-{_NAME}\.md")),
    ("guide", re.compile(rf"guides/(?P<order>\d\d)-{_NAME}\.md")),
    ("practice", re.compile(rf"practices/{_NAME}\.md")),
    ("nudges", re.compile(rf"nudges/(?P<slug>{'|'.join(NUDGE_KINDS)})\.yaml")),
    ("helplines", re.compile(r"helplines/(?P<slug>[A-Z]{2}|international)\.yaml")),
    ("books", re.compile(r"(?P<slug>books)\.yaml")),
    ("path", re.compile(r"(?P<slug>path)\.yaml")),
    ("search", re.compile(r"(?P<slug>search)\.yaml")),
    ("push", re.compile(r"(?P<slug>push)\.yaml")),
)
_IGNORED = {"fields.yml", "README.md"}
_REQUIRED = (
    ("path", "path"),
    ("books", "books"),
    ("search", "search"),
    ("push", "push"),
    ("helplines", "international"),
    *(("nudges", kind) for kind in NUDGE_KINDS),
)
_FOLDERS = {
    "reading": "readings/{}.md",
    "guide": "guides/{}.md",
    "practice": "practices/{}.md",
    "nudges": "nudges/{}.yaml",
    "helplines": "helplines/{}.yaml",
    "books": "{}.yaml",
    "path": "{}.yaml",
    "search": "{}.yaml",
    "push": "{}.yaml",
}


@dataclass(frozen=True, slots=True)
class ContentFile:
    """One file whose shape is right. `name` is its path with the content folder's name in front; `slug` is the item's
    slug, the nudges' kind or the help lines' region; `data` is what the schema made of it."""

    name: str
    locale: str
    kind: str
    slug: str
    order: int
    data: Any
    parsed: Parsed

    def finding(self, rule: str, message: str, *place: str | int) -> Finding:
        """A complaint about the value at `place`."""
        return Finding(self.name, self.parsed.line(*place), rule, message)


@dataclass(frozen=True, slots=True)
class Content:
    """All files of all locales whose shape is right, and what is wrong with the others."""

    root: str
    files: tuple[ContentFile, ...]
    findings: tuple[Finding, ...]

    @property
    def locales(self) -> list[str]:
        return sorted({file.locale for file in self.files} | {FALLBACK})

    def of(self, locale: str) -> list[ContentFile]:
        """What somebody with `locale` gets: its own files, and the English ones where it has none."""
        chosen = {(file.kind, file.slug): file for file in self.files if file.locale == FALLBACK}
        chosen.update({(file.kind, file.slug): file for file in self.files if file.locale == locale})
        return list(chosen.values())


def read(root: Path) -> Content:
    """Read every content file under `root`, one folder a locale. Never raises for what is in a file."""
    files: list[ContentFile] = []
    findings: list[Finding] = []
    for locale, path in _paths(root):
        name = f"{root.name}/{path.relative_to(root).as_posix()}"
        try:
            files.append(_read_file(path, locale, name, path.relative_to(root / locale).as_posix()))
        except ContentError as error:
            findings.extend(error.findings)
    findings.extend(_missing(root.name, files, tuple(findings)))
    findings.extend(_misnumbered(files, tuple(findings)))
    return Content(root.name, tuple(files), tuple(sorted(findings)))


def _paths(root: Path) -> Iterator[tuple[str, Path]]:
    folders = sorted(root.iterdir()) if root.is_dir() else []
    for folder in folders:
        if folder.is_dir() and _LOCALE.fullmatch(folder.name):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.name not in _IGNORED and not path.name.startswith("."):
                    yield folder.name, path


def _read_file(path: Path, locale: str, name: str, inside: str) -> ContentFile:
    kind, match = _kind(name, inside)
    text = read_text(path, name)
    parsed = parse_markdown(text, name) if path.suffix == ".md" else parse_yaml(text, name)
    try:
        data = SCHEMAS[kind].load(parsed.data)
    except ValidationError as error:
        found = [Finding(name, parsed.line(*at), "schema", said) for at, said in complaints(error.messages)]
        raise ContentError(found) from error
    order = int(match.groupdict().get("order") or 0)
    return ContentFile(name, locale, kind, match["slug"], order, data, parsed)


def _kind(name: str, inside: str) -> tuple[str, re.Match[str]]:
    for kind, pattern in _LAYOUT:
        if match := pattern.fullmatch(inside):
            return kind, match
    said = "no content file has this name; content/README.md lists what goes where"
    raise ContentError([Finding(name, 1, "layout", said)])


def _missing(root: str, files: Iterable[ContentFile], known: Iterable[Finding]) -> list[Finding]:
    """Files that English must have and that are not there at all."""
    there = {(file.kind, file.slug) for file in files if file.locale == FALLBACK}
    broken = {finding.file for finding in known}
    names = [_FOLDERS[kind].format(slug) for kind, slug in _REQUIRED if (kind, slug) not in there]
    kinds = {kind for kind, _ in there}
    names += [_FOLDERS[kind].format("*") for kind in ("reading", "guide", "practice") if kind not in kinds]
    full = [f"{root}/{FALLBACK}/{name}" for name in names]
    return [Finding(name, 1, "missing", "this file is missing") for name in full if name not in broken]


def _misnumbered(files: Sequence[ContentFile], known: Iterable[Finding]) -> Iterator[Finding]:
    """Slugs used twice, and English items whose number is not the next: one before them has gone missing."""
    broken = {finding.file.rsplit("/", 1)[0] for finding in known}
    slugs = Counter((file.locale, file.kind, file.slug) for file in files)
    for file in files:
        if slugs[file.locale, file.kind, file.slug] > 1:
            yield Finding(file.name, 1, "layout", f"two files are called {file.slug}")
    for kind in ("reading", "guide"):
        numbered = sorted((f for f in files if (f.locale, f.kind) == (FALLBACK, kind)), key=lambda file: file.order)
        for expected, file in enumerate(numbered, 1):
            if file.order != expected and file.name.rsplit("/", 1)[0] not in broken:
                said = f"the next number is {expected:02}: a file before this one is missing, or two share a number"
                yield Finding(file.name, 1, "missing", said)
                break

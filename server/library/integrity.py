"""What must hold between files before they can be served: every name that is used is the name of something."""

from collections import Counter
from collections.abc import Iterable, Iterator

from server.library import markup
from server.library.loader import FALLBACK, Content, ContentFile
from server.library.source import Finding

_FOLDERS = {"reading": "readings", "guide": "guides", "practice": "practices"}


def broken(content: Content) -> list[Finding]:
    """Everything that stops a start: files missing or out of shape, and names of things that are not there."""
    findings = list(content.findings)
    if not findings:
        for locale in content.locales:
            findings.extend(_dangling(content.of(locale), locale))
        findings.extend(twice(content.files))
    return sorted(set(findings))


def _dangling(files: list[ContentFile], locale: str) -> Iterator[Finding]:
    """English files are looked at once, with English."""
    items = {f"{_FOLDERS[file.kind]}/{file.slug}" for file in files if file.kind in _FOLDERS}
    chapters = {entry["id"] for file in files if file.kind == "path" for entry in file.data["chapters"]}
    for file in files:
        if file.locale == locale or locale == FALLBACK:
            yield from dead_references(file, items)
            yield from dead_links(file, items)
            yield from unknown_chapter(file, chapters)


def dead_references(file: ContentFile, items: set[str]) -> Iterator[Finding]:
    """Fields that name an item which is not among `items`, or name the file's own item."""
    own = f"{_FOLDERS.get(file.kind)}/{file.slug}"
    for place, ref in _references(file):
        if ref == own:
            yield file.finding("dead-reference", f"{ref} refers to itself", *place)
        elif ref not in items:
            yield file.finding("dead-reference", f"there is no {ref}", *place)
        elif place[-1] == "practice" and not ref.startswith("practices/"):
            yield file.finding("dead-reference", f"{ref} is not a practice", *place)


def _references(file: ContentFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    data = file.data
    if file.kind in _FOLDERS:
        if data.get("practice"):
            yield ("practice",), data["practice"]
        yield from ((("related", at), ref) for at, ref in enumerate(data["related"]))
    elif file.kind == "nudges":
        yield from (((at, "opens"), entry["opens"]) for at, entry in enumerate(data) if entry["opens"])
    elif file.kind in {"path", "search"}:
        name = "takeaways" if file.kind == "path" else "finds"
        yield from (((name, at, "item"), entry["item"]) for at, entry in enumerate(data[name]))


def dead_links(file: ContentFile, items: set[str]) -> Iterator[Finding]:
    """Links in the text to an item that is not among `items`, or to anything but items and places of the app."""
    for link in markup.links(file.parsed.body):
        line = file.parsed.body_line + link.line - 1
        if markup.path_of(link.target) is None:
            said = f"a text may only link to items and places of the app, not to {link.target or 'nothing'}"
            yield Finding(file.name, line, "unsafe-markup", said)
        elif markup.is_item(link.target) and link.target not in items:
            yield Finding(file.name, line, "dead-reference", f"there is no {link.target}")


def unknown_chapter(file: ContentFile, chapters: set[str]) -> Iterator[Finding]:
    """A reading whose chapter is not in path.yaml."""
    if file.kind == "reading" and file.data["chapter"] not in chapters:
        yield file.finding("dead-reference", f"path.yaml has no chapter {file.data['chapter']}", "chapter")


def twice(files: Iterable[ContentFile]) -> Iterator[Finding]:
    """Ids of nudges and slugs of books that are used twice in one locale."""
    entries = [
        (file, at, str(entry.get("id") or entry.get("slug")))
        for file in files
        if file.kind in {"nudges", "books"}
        for at, entry in enumerate(file.data)
    ]
    count = Counter((file.locale, name) for file, _, name in entries)
    for file, at, name in entries:
        if count[file.locale, name] > 1:
            yield file.finding("duplicate-id", f"{name} is used twice", at)

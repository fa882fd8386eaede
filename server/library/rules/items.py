"""Texts as a library: safe markup, openings that differ, claims that cite something, help lines still looked after."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from server.library import markup
from server.library.loader import ContentFile
from server.library.rules.passages import Passage, body, words
from server.library.source import Finding

OPENING = 3
MOST_HEADINGS = 3
STALE_AFTER_MONTHS = 18

_ALLOWED = {
    "paragraph", "heading", "bullet_list", "ordered_list", "list_item", "strong", "em", "link", "text", "softbreak",
    "hardbreak", "inline", "hr",
}  # fmt: skip
_NAMES = {
    "image": "an image",
    "blockquote": "a block quotation",
    "fence": "a block of code",
    "code_block": "a block of code (a line that begins with four spaces)",
    "code_inline": "code in backquotes",
}
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<!--")


def unsafe_markup(file: ContentFile) -> Iterator[Finding]:
    """Anything but paragraphs, `##` headings, lists, emphasis and links: above all HTML and images."""
    for line, what in _unwanted(file.parsed.body):
        yield Finding(file.name, file.parsed.body_line + line - 1, "unsafe-markup", f"{what} is not for these texts")


def _unwanted(text: str) -> Iterator[tuple[int, str]]:
    line = 1
    for token in markup.parse(text):
        line = token.map[0] + 1 if token.map else line
        for part in (token, *(token.children or [])):
            name = part.type.removesuffix("_open").removesuffix("_close")
            if name not in _ALLOWED and not part.type.endswith("_close"):
                yield line, _NAMES.get(name, name)
            if name == "text" and (match := _TAG.search(part.content)):
                yield line, f"HTML ({match[0]})"
        if token.type == "heading_open" and token.tag != "h2":
            yield line, f"a heading of level {token.tag[1]}"


def too_many_headings(file: ContentFile) -> Iterator[Finding]:
    """More than three headings cut a short text to pieces."""
    headings = [passage for passage in body(file) if passage.heading]
    if len(headings) > MOST_HEADINGS:
        yield headings[MOST_HEADINGS].finding("headings", f"{len(headings)} headings; at most {MOST_HEADINGS}")


def repeated_openings(files: Sequence[ContentFile]) -> Iterator[Finding]:
    """Texts that begin with the same three words."""
    starts: dict[str, list[Passage]] = defaultdict(list)
    for file in files:
        for passage in body(file)[:1]:
            starts[" ".join(words(passage.text)[:OPENING]).lower()].append(passage)
    for start, found in starts.items():
        for passage in found[1:]:
            yield passage.finding("repeated-opening", f"begins '{start}', as {found[0].file} does")


def claims_without_source(file: ContentFile) -> Iterator[Finding]:
    """Practices that say how sure research is and cite none."""
    if file.data["certainty"] != "common_sense" and not file.data["sources"]:
        said = f"certainty: {file.data['certainty']} without a source; cite one or say common_sense"
        yield file.finding("evidence", said, "certainty")


def stale_helplines(file: ContentFile, today: date) -> Iterator[Finding]:
    """Help lines last looked up more than 18 months ago, or in the future."""
    for at, line in enumerate(file.data["lines"]):
        on: date = line["checked"]["on"]
        place = ("lines", at, "checked", "on")
        if on > today:
            yield file.finding("stale-helpline", f"{line['name']} was checked on {on}, which is still to come", *place)
        elif months_between(on, today) >= STALE_AFTER_MONTHS:
            said = f"{line['name']} was last checked on {on}, over {STALE_AFTER_MONTHS} months ago"
            yield file.finding("stale-helpline", said, *place)


def months_between(start: date, end: date) -> int:
    """Whole months from `start` to `end`."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)

"""The reader-facing texts of a content file, each with its line, cut into sentences and words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from server.library import markup
from server.library.loader import ContentFile
from server.library.source import Finding, Place

_FIELDS = {
    "reading": ("title", "summary", "takeaway", "question"),
    "guide": ("title", "summary", "when"),
    "practice": ("title", "summary", "why"),
}
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]*[^\W_a-z])")
_WORD = re.compile(r"[^\W_]+(?:['’\-:.,][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text that a person reads. `field` is "body" for the Markdown below the front matter."""

    file: str
    line: int
    field: str
    text: str
    heading: bool = False

    def finding(self, rule: str, message: str) -> Finding:
        """A complaint about this passage."""
        return Finding(self.file, self.line, rule, message)


def passages(file: ContentFile) -> list[Passage]:
    """Every text of `file` that a person reads. Help lines and search settings are facts, not our words."""
    found = [Passage(file.name, file.parsed.line(*place), str(place[-1]), text) for place, text in _fields(file)]
    return found + body(file)


def body(file: ContentFile) -> list[Passage]:
    """The paragraphs, list entries and headings below the front matter."""
    first = file.parsed.body_line - 1
    blocks = markup.blocks(file.parsed.body)
    return [Passage(file.name, first + block.line, "body", block.text, block.heading) for block in blocks]


def _fields(file: ContentFile) -> Iterator[tuple[Place, str]]:
    data: Any = file.data
    for name in _FIELDS.get(file.kind, ()):
        yield (name,), data[name]
    if file.kind == "practice":
        yield from ((("steps", at, "say"), step["say"]) for at, step in enumerate(data["steps"]))
        yield from ((("prompts", at), prompt) for at, prompt in enumerate(data["prompts"]))
    elif file.kind == "nudges":
        for at, entry in enumerate(data):
            yield from (((at, name), entry[name]) for name in ("title", "body"))
            yield from (((at, "neutral", name), entry["neutral"][name]) for name in ("title", "body"))
    elif file.kind == "books":
        yield from (((at, name), entry[name]) for at, entry in enumerate(data) for name in ("good_for", "when"))
    elif file.kind == "push":
        yield from (((group, name), text) for group, named in data.items() for name, text in named.items())
    elif file.kind == "path":
        for group, names in (("chapters", ("title", "summary")), ("takeaways", ("title", "text"))):
            yield from (((group, at, name), entry[name]) for at, entry in enumerate(data[group]) for name in names)


def sentences(text: str) -> list[str]:
    """`text` cut after full stops, question marks and ellipses that are followed by a capital letter."""
    return [part for part in _SENTENCE_END.split(text) if words(part)]


def words(text: str) -> list[str]:
    """The words of `text`; "don't", "co-parent" and "2:40" are one word each."""
    return _WORD.findall(text)

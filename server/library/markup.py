"""Markdown to clean HTML, once, at load; and the plain text that is searched, counted and checked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "br", "hr"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
#: Reading speed for somebody who is tired: words a minute.
PACE = 180

_ITEM = re.compile(r"(readings|guides|practices)/[a-z0-9]+(-[a-z0-9]+)*")
#: Places of the app that a text may link to, besides items.
PLACES = {
    "help": "/help",
    "help/urge": "/help/urge",
    "help/awful": "/help/awful",
    "help/lines": "/help/lines",
    "books": "/read/books",
    "write": "/write",
    "rings": "/rings",
    "settings/nudges": "/settings/nudges",
}

_markdown = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["replacements", "smartquotes"])
_line = MarkdownIt("zero", {"typographer": True}).enable(["replacements", "smartquotes"])


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list entry or heading as plain text; `line` counts from 1 at the beginning of the Markdown."""

    line: int
    text: str
    heading: bool


@dataclass(frozen=True, slots=True)
class Link:
    line: int
    target: str


def path_of(target: str) -> str | None:
    """The app's path for a link `readings/slug` or a known place, None for anything else."""
    return f"/read/{target}" if _ITEM.fullmatch(target) else PLACES.get(target)


def is_item(target: str) -> bool:
    """True when `target` has the form of an item's name."""
    return _ITEM.fullmatch(target) is not None


def parse(text: str) -> list[Token]:
    """The Markdown tokens of `text`."""
    return _markdown.parse(text)


def render(text: str) -> str:
    """Clean HTML of a Markdown text, with links between items leading to their place in the app.

    Only the tags of `TAGS` are left; a link that leads elsewhere keeps its words and loses its target.
    """
    tokens = parse(text)
    for child in _inside(tokens):
        if child.type == "link_open":
            child.attrs["href"] = path_of(str(child.attrs.get("href", ""))) or ""
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return nh3.clean(
        html.replace(' href=""', ""),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=set(),
        link_rel=None,
    ).strip()


def typographic(text: str) -> str:
    """A line of plain text with curly quotes, real dashes and one ellipsis character, as Markdown texts get them."""
    children = _line.parseInline(text)[0].children or []
    return "".join(child.content for child in children)


def blocks(text: str) -> list[Block]:
    """The plain text of every paragraph, list entry and heading."""
    found: list[Block] = []
    before: Token | None = None
    for token in parse(text):
        if token.type == "inline" and token.map is not None:
            plain = "".join(_plain(child) for child in token.children or [])
            found.append(Block(token.map[0] + 1, plain, before is not None and before.type == "heading_open"))
        before = token
    return found


def plain(text: str) -> str:
    """All plain text of a Markdown text, one block a line."""
    return "\n".join(block.text for block in blocks(text))


def links(text: str) -> list[Link]:
    """Where the links of a Markdown text lead."""
    return [
        Link((token.map or [0])[0] + 1, str(child.attrs.get("href", "")))
        for token in parse(text)
        for child in token.children or []
        if child.type == "link_open"
    ]


def minutes(words: int) -> int:
    """How long `words` words take to read, in whole minutes, at least one."""
    return max(1, round(words / PACE))


def _inside(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or []


def _plain(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return token.content if token.type in {"text", "code_inline"} else ""

"""Finds the commands in the documents. A fenced block says in its first line what may be done with it."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

#: ```sh run [served] [postgresql]  is executed; ```sh elsewhere  is only looked at.
_FENCE = re.compile(r"^```sh ?(.*)\n((?:.*\n)*?)^```$", re.MULTILINE)
#: A command in an indented block, and one in the running text between backticks.
_INDENTED = re.compile(r"^ {4}((?:make|flask|\.venv/bin/\S+) .+)$", re.MULTILINE)
_INLINE = re.compile(r"`((?:make|flask) [^`]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a document: the words after `sh`, and the commands."""

    document: Path
    marks: frozenset[str]
    text: str


def documents() -> list[Path]:
    """Everything that tells people to type something."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "content" / "README.md"]
    return sorted(path for path in found if path.exists())


def blocks(document: Path) -> list[Block]:
    """The fenced shell blocks, in their order."""
    return [
        Block(document, frozenset(marks.split()), text)
        for marks, text in _FENCE.findall(document.read_text(encoding="utf-8"))
    ]


def mentioned(document: Path) -> list[str]:
    """Every line that tells of a command of ours, run or not."""
    text = document.read_text(encoding="utf-8")
    fenced = [line for block in blocks(document) for line in block.text.splitlines()]
    return [*fenced, *_INDENTED.findall(_FENCE.sub("", text)), *_INLINE.findall(text)]

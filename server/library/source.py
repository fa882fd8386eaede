"""Reading content files without losing the line numbers, so that every complaint can say where it is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from server.config import StartRefused

#: Where a value stands inside a file, e.g. `("lines", 0, "phone")`.
Place = tuple[str | int, ...]

#: No content file nests a quarter as deep.
DEEPEST = 20
TANGLED = "write this out plainly: no aliases, and no deep nesting"
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something wrong in a content file: its path inside the content folder, the line from 1, the rule it breaks."""

    file: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ContentError(StartRefused):
    """The content cannot be served. The message has one `file:line: message` a line."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Parsed:
    """The YAML of a file as plain values; `lines` maps the place of every value to its line."""

    data: Any
    lines: Mapping[Place, int]
    body: str = ""
    body_line: int = 1

    def line(self, *place: str | int) -> int:
        """The line of `place`, or of the nearest thing around it that has one."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)


@dataclass(slots=True)
class _Walk:
    """Turns YAML nodes into values. Scalars follow YAML 1.2's core schema plus dates: `no` and `on` stay words."""

    file: str
    offset: int
    lines: dict[Place, int] = field(default_factory=dict)

    def value(self, node: Any, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + self.offset)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*place, at)) for at, child in enumerate(node.value)]
        return node.value if node.style else _scalar(node.value)

    def _mapping(self, node: Any, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, child in node.value:
            line = key.start_mark.line + self.offset
            if not isinstance(key, yaml.ScalarNode):
                raise ContentError([Finding(self.file, line, "yaml", "a name on the left of a colon must be a word")])
            if key.value in found:
                raise ContentError([Finding(self.file, line, "yaml", f"{key.value}: this name is given twice")])
            self.lines[(*place, key.value)] = line
            found[key.value] = self.value(child, (*place, key.value))
        return found


def _whole(text: str) -> int:
    return int(text)


_SCALARS: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"~|null|Null|NULL|"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?\d+"), _whole),
    (re.compile(r"[-+]?\d+\.\d+"), float),
    (re.compile(r"\d{4}-\d\d-\d\d"), date.fromisoformat),
)


def _scalar(text: str) -> Any:
    for pattern, convert in _SCALARS:
        if pattern.fullmatch(text):
            try:
                return convert(text)
            except ValueError:
                return text
    return text


def read_text(path: Path, name: str) -> str:
    """The text of `path` with Unix line ends. Raises ContentError when it cannot be read or is not UTF-8."""
    try:
        raw = path.read_bytes()
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ContentError([Finding(name, line, "encoding", "this is not UTF-8 text")]) from error
    except OSError as error:
        raise ContentError([Finding(name, 1, "missing", f"cannot be read: {error.strerror}")]) from error


def parse_yaml(text: str, name: str, offset: int = 1) -> Parsed:
    """The values of a YAML text whose first line is line `offset` of the file `name`.

    Raises ContentError at the place where the YAML is broken, a name is given twice, or nothing is there.
    """
    try:
        if tangle := _tangle(text):
            raise ContentError([Finding(name, tangle.start_mark.line + offset, "yaml", TANGLED)])
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # What is never closed is noticed only after the end.
        line = min(mark.line if mark else 0, text.rstrip().count("\n")) + offset
        raise ContentError([Finding(name, line, "yaml", f"broken YAML: {error.problem or error.context}")]) from error
    except yaml.YAMLError as error:
        raise ContentError([Finding(name, offset, "yaml", f"broken YAML: {error}")]) from error
    if node is None:
        raise ContentError([Finding(name, offset, "yaml", "this is empty")])
    walk = _Walk(name, offset)
    return Parsed(walk.value(node, ()), walk.lines)


def _tangle(text: str) -> Any:
    """The event where a YAML text nests too deeply or repeats itself by an alias, None where it does neither.

    A few aliases of aliases make a file of a kilobyte into gigabytes, and one inside itself has no end.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST or isinstance(event, yaml.AliasEvent):
            return event
    return None


def parse_markdown(text: str, name: str) -> Parsed:
    """Front matter between `---` lines and the Markdown after it. Raises ContentError as `parse_yaml` does."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        said = "begin with a line --- then the fields, then a line --- then the text"
        raise ContentError([Finding(name, 1, "yaml", said)])
    front = parse_yaml(match.group(1), name, offset=2)
    return Parsed(front.data, front.lines, text[match.end() :], text[: match.end()].count("\n") + 1)

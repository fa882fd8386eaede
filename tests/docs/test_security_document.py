"""docs/security.md names every requirement of OWASP ASVS 5.0.0 up to level 2 once, and only tests that exist."""

import re
from collections import Counter

import pytest

from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
#: Section → its requirements of levels 1 and 2. From the standard's own list, release 5.0.0 of May 2025.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "11.1": 2, "11.2": 3, "11.3": 3,
    "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3,
    "16.5": 3,
}  # fmt: skip
#: Chapters that do not apply as a whole.
WHOLE = {"V10", "V17"}
REQUIREMENTS = {f"{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)}
_ROW = re.compile(r"^\| ([\d.]+(?:, [\d.]+)*|V\d+) \|", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_requirement_is_named_once() -> None:
    named = Counter(each for row in _ROW.findall(TEXT) for each in row.split(", "))
    assert set(named) == REQUIREMENTS | WHOLE
    assert [each for each, times in named.items() if times > 1] == []


@pytest.mark.parametrize(("file", "name"), sorted(set(_TEST.findall(TEXT))))
def test_every_test_that_is_named_exists(file: str, name: str) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"^def {name}\(", source, re.MULTILINE)


def test_every_row_of_a_chapter_names_a_test() -> None:
    proof = TEXT[TEXT.index("## OWASP ASVS") : TEXT.index("### Not met, and why")]
    rows = [line for line in proof.splitlines() if _ROW.match(line)]
    assert len(rows) > 80
    assert [row for row in rows if not _TEST.search(row)] == []

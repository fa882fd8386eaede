"""The real texts: complete, in order, and small enough to be carried offline."""

from datetime import timedelta

import pytest

from server.library import loader
from server.library.check import check
from server.library.documents import Shelf
from server.library.model import NUDGE_KINDS, STAGES, TONES
from server.library.search import search
from server.library.service import load
from tests.conftest import ROOT

CONTENT = ROOT / "content"
BUNDLE_LIMIT = 250_000


@pytest.fixture(scope="module")
def english() -> Shelf:
    return load(CONTENT)["en"]


def test_every_text_passes_every_rule() -> None:
    """As of the day the help lines were last checked: the calendar alone must not break the tests."""
    files = loader.read(CONTENT).files
    days = [line["checked"]["on"] for file in files if file.kind == "helplines" for line in file.data["lines"]]
    assert [str(finding) for finding in check(CONTENT, max(days) + timedelta(days=1))] == []


def test_the_library_is_complete(english: Shelf) -> None:
    library = english.library
    assert len(library.readings) == 22
    assert len(library.guides) >= 12
    assert len(library.practices) >= 20
    assert len(library.books) == 5
    assert len(library.takeaways) == 5
    assert len(library.nudges) >= 120
    assert len(library.regions) >= 25
    assert [chapter.id for chapter in library.chapters] == ["understanding", "reasons", "going_on"]


def test_every_reading_says_where_it_comes_from(english: Shelf) -> None:
    assert [reading.slug for reading in english.library.readings if not reading.sources] == []


def test_chapters_have_six_fifteen_and_one_readings_in_that_order(english: Shelf) -> None:
    chapters = [reading.chapter for reading in english.library.readings]
    assert chapters == ["understanding"] * 6 + ["reasons"] * 15 + ["going_on"]


@pytest.mark.parametrize("kind", NUDGE_KINDS)
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("tone", TONES)
def test_there_is_a_nudge_for_everybody(english: Shelf, kind: str, stage: str, tone: str) -> None:
    assert english.library.nudges_for(kind, stage, tone)


def test_every_region_has_somebody_to_call_in_a_crisis_or_when_not_safe(english: Shelf) -> None:
    for lines in english.library.regions.values():
        assert {line.purpose for line in lines.lines} & {"crisis", "partner_violence"}, lines.country


def test_the_bundle_fits_its_budget(english: Shelf) -> None:
    assert len(english.documents["bundle"].brotli) <= BUNDLE_LIMIT


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        ("i want to text", "guides/i-want-to-text-them"),
        ("cant sleep", "guides/nights-and-sleep"),
        ("insomnia", "guides/nights-and-sleep"),
        ("suicidal", "guides/when-the-low-does-not-lift"),
        ("abuse", "guides/i-was-not-safe"),
        ("instagram", "guides/photos-and-feeds"),
        ("anxeity", "guides/circling-thoughts"),
        ("panic", "practices/slow-breathing"),
        ("christmas", "guides/special-days"),
        ("kids", "guides/still-tied-together"),
        ("boundarys", "readings/boundaries"),
        ("brene brown", "books/daring-greatly"),
    ],
)
def test_what_people_type_is_among_the_first_three(english: Shelf, typed: str, ref: str) -> None:
    assert ref in [hit.ref for hit in search(english.library.index, typed, 3)]

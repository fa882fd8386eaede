"""Content that cannot be served stops the start and says where; a second language needs only a folder."""

from pathlib import Path

import pytest

from server import create_app
from server.library.service import load
from server.library.source import ContentError
from tests.conftest import settings_for
from tests.library import sample

READING = "en/readings/01-boundaries.md"


def complaints(root: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load(root)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (READING, "takeaway:", "takaway:", "takaway: there is no such field; did you mean takeaway?"),
        (READING, 'title: "Boundaries"', "title: []", "title: must be text: put it in quotes"),
        (READING, 'title: "Boundaries"', f'title: "{"x" * 61}"', "title: is longer than 60 characters"),
        (READING, 'title: "Boundaries"', 'title: ""', "title: is empty"),
        (READING, "chapter: understanding", "chapter: elsewhere", "path.yaml has no chapter elsewhere"),
        (READING, "practice: practices/slow-breathing", "practice: practices/gone", "there is no practices/gone"),
        (READING, "practice: practices/slow-breathing", "practice: guides/the-first-night", "is not a practice"),
        (READING, "[readings/room-to-grow", "[readings/boundaries", "readings/boundaries refers to itself"),
        (READING, "practices/slow-breathing)", "practices/gone)", "there is no practices/gone"),
        (READING, "practices/slow-breathing)", "https://example.org)", "a text may only link to items"),
        (READING, "doi: 10.1037", "doi: 99", "sources.1.doi: must be a DOI"),
        (READING, "year: 2018", "year: soon", "sources.1.year: must be a whole number from 1900 to 2100"),
        (READING, "certainty: mixed", "certainty: sure", "sources.1.certainty: must be one of good, mixed, early"),
        ("en/practices/slow-breathing.md", "minutes: 3", "minutes: 30", "minutes: must be a whole number from 1 to 15"),
        ("en/practices/slow-breathing.md", "breathing: {in", "breathing: {on", "breathing.on: there is no such field"),
        ("en/practices/slow-breathing.md", "breathing: {in: 4, hold: 0, out: 6, rounds: 10}", "", "breathing: belongs"),
        ("en/practices/one-small-thing.md", 'prompts: ["What is one small thing?"]', "", "prompts: runner: list needs"),
        ("en/nudges/read.yaml", "  neutral:", "  opens: readings/gone\n  neutral:", "there is no readings/gone"),
        ("en/nudges/read.yaml", "id: read-04", "id: read-05", "read-05 is used twice"),
        ("en/helplines/GB.yaml", 'phone: "116 123"', "phone: 116123", "lines.1.phone: must be text: put it in quotes"),
        ("en/helplines/GB.yaml", 'on: 2026-11-24', "on: last year", "lines.1.checked.on: must be a date"),
        ("en/path.yaml", "item: readings/room-to-grow", "item: readings/gone", "there is no readings/gone"),
        ("en/search.yaml", "item: guides/the-first-night", "item: guides/gone", "there is no guides/gone"),
        ("en/push.yaml", '"{days} heavy days in a row"', '"{day} heavy days"', "reasons.heavy_days: must have {days}"),
        ("en/push.yaml", "at this hour", "at {hour}", "reasons.hard_hour: must have nothing in braces"),
        ("en/push.yaml", "low: Low, ", "", "buttons.low: is missing"),
        ("en/books.yaml", "slug: daring-greatly", "slug: Daring Greatly", "slug: must be small letters"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_file_stops_the_start_at_its_line(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    root = sample.folder(tmp_path)
    line = sample.edit(root, name, old, new)
    found = [text for text in complaints(root) if said in text]
    assert len(found) >= 1, complaints(root)
    where, number, _ = found[0].split(":", 2)
    assert where == f"content/{name}"
    assert abs(int(number) - line) <= 1 or not new


def test_a_nudge_without_a_neutral_version_stops_the_start(tmp_path: Path) -> None:
    root = sample.folder(tmp_path)
    sample.edit(root, "en/nudges/goodbye.yaml", '  neutral: {title: "A quiet minute", body: "When you like."}\n', "")
    [said] = complaints(root)
    assert said.startswith("content/en/nudges/goodbye.yaml:1: 1.neutral: is missing")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("en/path.yaml", "content/en/path.yaml:1: this file is missing"),
        ("en/nudges/hard_hour.yaml", "content/en/nudges/hard_hour.yaml:1: this file is missing"),
        ("en/helplines/international.yaml", "content/en/helplines/international.yaml:1: this file is missing"),
        (READING, "content/en/readings/02-room-to-grow.md:1: the next number is 01"),
        ("en/guides/01-the-first-night.md", "content/en/guides/*.md:1: this file is missing"),
    ],
)
def test_a_missing_file_stops_the_start_and_is_named(tmp_path: Path, name: str, said: str) -> None:
    root = sample.folder(tmp_path)
    (root / name).unlink()
    assert any(text.startswith(said) for text in complaints(root))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    root = sample.folder(tmp_path)
    sample.edit(root, READING, 'question: "', 'question: "' + "x" * 200)
    sample.edit(root, "en/books.yaml", "year: 2012", "year: 12")
    assert len(complaints(root)) == 2


def test_a_file_whose_name_says_nothing_is_refused(tmp_path: Path) -> None:
    root = sample.write(sample.folder(tmp_path), {"en/readings/three.md": "x", "en/.hidden": "x", "en/README.md": "x"})
    assert complaints(root) == [
        "content/en/readings/three.md:1: no content file has this name; content/README.md lists what goes where"
    ]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    text = sample.reading("Boundaries", "hedge", "readings/room-to-grow")
    root = sample.write(sample.folder(tmp_path), {"en/readings/03-boundaries.md": text})
    assert any("two files are called boundaries" in said for said in complaints(root))


def test_the_server_does_not_start_on_broken_content(tmp_path: Path) -> None:
    root = sample.folder(tmp_path)
    sample.edit(root, READING, "---\n", "--\n")
    with pytest.raises(ContentError, match=r"content/en/readings/01-boundaries\.md:1: "):
        create_app(settings_for(tmp_path, content_path=root))


def test_a_second_language_is_a_folder_and_english_fills_its_gaps(content: Path) -> None:
    german = load(content)["de"].library
    assert [(item.title, item.lang) for item in german.readings] == [("Grenzen", "de"), ("Room to grow", "en")]
    assert german.helplines("DE").country == "Deutschland"
    assert german.helplines("GB").lang == "en"
    first, second, *_ = german.nudges_for("check_in", "first_days", "heavy")
    assert (first.title, first.lang, second.lang) == ("Anstoß", "de", "en")


def test_english_does_not_see_what_only_another_language_has(content: Path) -> None:
    assert load(content)["en"].library.helplines("DE").fallback


def test_a_translation_may_link_to_what_is_only_in_english(content: Path) -> None:
    assert 'href="/read/practices/slow-breathing"' in load(content)["de"].library.readings[0].html


def test_a_dead_reference_in_a_translation_is_told_once(content: Path) -> None:
    sample.edit(content, "de/readings/01-boundaries.md", "guides/the-first-night", "guides/gone")
    [said] = complaints(content)
    assert said.startswith("content/de/readings/01-boundaries.md:")


def test_the_version_is_stable_and_changes_with_a_text(tmp_path: Path) -> None:
    one, other = sample.folder(tmp_path / "a"), sample.folder(tmp_path / "b")
    before = load(one)["en"].library.version
    assert load(other)["en"].library.version == before
    sample.edit(other, READING, "The kettle clicks off.", "The kettle hums.")
    assert load(other)["en"].library.version != before


def test_nudges_are_found_by_kind_stage_and_tone(tmp_path: Path) -> None:
    root = sample.folder(tmp_path)
    sample.edit(root, "en/nudges/read.yaml", "mood: any", "mood: heavy")
    library = load(root)["en"].library
    assert len(library.nudges_for("read", "further_on", "heavy")) == 3
    assert len(library.nudges_for("read", "further_on", "lighter")) == 2
    assert library.nudges_for("read", "no_such_stage", "heavy") == ()
    assert library.nudge("read-04") is library.nudges_for("read", "first_days", "heavy")[0]
    assert library.nudge("gone-01") is None


def test_texts_get_typographic_quotes_and_addresses_do_not(tmp_path: Path) -> None:
    root = sample.folder(tmp_path)
    sample.edit(root, "en/helplines/GB.yaml", "https://example.org", "https://example.org/a--b")
    sample.edit(root, READING, 'title: "Boundaries"', "title: \"It's a boundary -- 'mine'\"")
    library = load(root)["en"].library
    assert library.readings[0].title == "It’s a boundary – ‘mine’"
    assert library.helplines("GB").lines[0].web == "https://example.org/a--b"

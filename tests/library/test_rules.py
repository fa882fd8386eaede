"""Every rule of `flask content check`, each with a bad example."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from server.library import loader
from server.library.loader import ContentFile
from server.library.rules import ease, items, nudges, voice
from server.library.rules.passages import Passage, passages, sentences, words
from server.library.source import Finding, parse_markdown, parse_yaml
from tests.library import sample

TODAY = date(2026, 11, 24)
LONG = "word " * 31 + "end."


def passage(text: str) -> Passage:
    return Passage("content/en/readings/01-x.md", 7, "body", text)


def article(body: str, kind: str = "reading", name: str = "x", **data: object) -> ContentFile:
    parsed = parse_markdown(f"---\ntitle: X\n---\n{body}", f"{name}.md")
    return ContentFile(f"{name}.md", "en", kind, name, 1, {"title": "X", **data}, parsed)


def nudge_file(*bodies: str, kind: str = "read", **changes: object) -> ContentFile:
    """A nudge file with one entry a body, for all stages and moods, each on a line of its own."""
    neutral = {"title": "A quiet minute", "body": "When you like."}
    base = {"stages": ["first_days", "first_weeks", "finding_your_feet", "further_on"], "mood": "any", "title": "Tea"}
    data = [
        {"id": f"{kind}-{at}", **base, "body": body, "neutral": neutral, **changes} for at, body in enumerate(bodies)
    ]
    return ContentFile(f"{kind}.yaml", "en", "nudges", kind, 0, data, parse_yaml("- a: 1\n" * len(bodies), "f"))


def help_file(on: date) -> ContentFile:
    lines = [{"name": "Samaritans", "checked": {"on": on}}]
    text = "lines:\n- name: Samaritans\n  checked:\n    on: x\n"
    return ContentFile("GB.yaml", "en", "helplines", "GB", 0, {"lines": lines}, parse_yaml(text, "GB.yaml"))


def only(findings: Iterator[Finding]) -> Finding:
    found = list(findings)
    assert len(found) == 1, found
    return found[0]


PassageRule = Callable[[Passage], Iterator[Finding]]


@pytest.mark.parametrize(
    ("rule", "text", "name"),
    [
        (voice.guilt_words, "You should sleep.", "guilt-word"),
        (voice.guilt_words, "You mustn’t write.", "guilt-word"),
        (voice.guilt_words, "You've missed a day.", "guilt-word"),
        (voice.guilt_words, "You failed once.", "guilt-word"),
        (voice.guilt_words, "Don’t forget your page.", "guilt-word"),
        (voice.pressure, "You can do it!", "pressure"),
        (voice.pressure, "Hurry up and write.", "pressure"),
        (voice.gendered_words, "Do not text him.", "gendered-word"),
        (voice.gendered_words, "What she’d say.", "gendered-word"),
        (voice.gendered_words, "Your ex-husband calls.", "gendered-word"),
        (voice.american_spelling, "Your favorite cup.", "spelling"),
        (voice.american_spelling, "You realize it later.", "spelling"),
        (voice.american_spelling, "A gray morning.", "spelling"),
        (voice.long_quotes, f"Somebody wrote “{'so ' * 26}”.", "quotation"),
        (voice.long_quotes, f"Somebody wrote ‘{'so ' * 26}’.", "quotation"),
        (ease.long_sentences, LONG, "long-sentence"),
    ],
)
def test_a_bad_example_is_found_with_its_file_and_line(rule: PassageRule, text: str, name: str) -> None:
    finding = only(rule(passage(text)))
    assert (finding.file, finding.line, finding.rule) == ("content/en/readings/01-x.md", 7, name)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (voice.guilt_words, "A shoulder to lean on, and mustard. You miss them."),
        (voice.pressure, "There is no hurry. Do not wait up."),
        (voice.gendered_words, "The other one, heroes and history, there, shed."),
        (voice.american_spelling, "Your favourite colour, a grey size prize, the centre, a programme."),
        (voice.long_quotes, "Say ‘I can’t talk tonight’ and put it down. It’s theirs."),
        (ease.long_sentences, "One short sentence. " * 20),
    ],
)
def test_a_good_example_passes(rule: PassageRule, text: str) -> None:
    assert list(rule(passage(text))) == []


@pytest.mark.parametrize(("kind", "count"), [("reading", 299), ("reading", 601), ("guide", 249), ("practice", 201)])
def test_a_text_too_short_or_too_long_is_found(kind: str, count: int) -> None:
    finding = only(ease.word_count(article("tea " * count, kind)))
    assert f"the text has {count} words" in finding.message
    assert finding.line == 4


def test_a_text_of_the_right_length_passes() -> None:
    assert list(ease.word_count(article("tea " * 300))) == []


def test_long_sentences_on_average_are_found() -> None:
    finding = only(ease.mean_sentence(article("One two three. " + "Tea " * 40 + "end.")))
    assert "22.0 words on average" in finding.message


def test_a_text_that_is_hard_to_read_is_found() -> None:
    hard = "Physiological dysregulation characteristically accompanies interpersonal disengagement. " * 5
    assert only(ease.reading_grade(article(hard))).rule == "reading-grade"


def test_a_plain_text_has_a_low_grade() -> None:
    assert (
        list(ease.reading_grade(article("The kettle clicks off. You pour a cup and sit down.\n\n- Tea\n- Milk\n")))
        == []
    )


@pytest.mark.parametrize(
    ("body", "line", "what"),
    [
        ("Fine.\n\n<div>no</div>", 6, "HTML (<div>)"),
        ("Fine <b>no</b>.", 4, "HTML (<b>)"),
        ("Fine.\n\n![a](b.png)", 6, "an image"),
        ("# Title\n", 4, "a heading of level 1"),
        ("Fine.\n\n### Deep\n", 6, "a heading of level 3"),
        ("> Somebody said.", 4, "a block quotation"),
        ("Fine.\n\n```\ncode\n```", 6, "a block of code"),
        ("    indented", 4, "a block of code"),
        ("Some `code`.", 4, "code in backquotes"),
    ],
)
def test_unsafe_or_unfitting_markup_is_found_at_its_line(body: str, line: int, what: str) -> None:
    finding = next(items.unsafe_markup(article(body)))
    assert (finding.line, finding.rule) == (line, "unsafe-markup")
    assert finding.message.startswith(what)


def test_fitting_markup_passes() -> None:
    assert (
        list(items.unsafe_markup(article("Tea, *hot*, **now**.\n\n## So\n\n- [x](help)\n\n1. One < two\n\n---\n")))
        == []
    )


def test_more_than_three_headings_are_found() -> None:
    finding = only(items.too_many_headings(article("## A\n\n## B\n\n## C\n\n## D\n")))
    assert (finding.line, finding.rule) == (10, "headings")


def test_two_texts_that_open_alike_are_found() -> None:
    files = [article("The kettle clicks off.", name="a"), article("The kettle clicks, twice.", name="b")]
    finding = only(items.repeated_openings(files))
    assert finding.file == "b.md"
    assert "as a.md does" in finding.message


def test_a_claim_without_a_source_is_found() -> None:
    assert only(items.claims_without_source(article("", certainty="good", sources=[]))).rule == "evidence"
    assert list(items.claims_without_source(article("", certainty="common_sense", sources=[]))) == []


def test_a_help_line_not_looked_at_for_eighteen_months_is_found() -> None:
    finding = only(items.stale_helplines(help_file(date(2025, 5, 24)), TODAY))
    assert (finding.line, finding.rule) == (4, "stale-helpline")
    assert list(items.stale_helplines(help_file(date(2025, 5, 25)), TODAY)) == []


def test_a_help_line_checked_in_the_future_is_found() -> None:
    assert "still to come" in only(items.stale_helplines(help_file(date(2026, 11, 25)), TODAY)).message


@pytest.mark.parametrize(
    "text", ["Your ex wrote", "No breakup talk", "Feeling low?", "Do not text them", "What are you missing"]
)
def test_a_neutral_version_that_gives_something_away_is_found(text: str) -> None:
    file = nudge_file("Tea.", neutral={"title": text, "body": "When you like."})
    assert only(nudges.telling_neutral(file)).rule == "telling-neutral"


def test_a_neutral_version_that_gives_nothing_away_passes() -> None:
    assert list(nudges.telling_neutral(nudge_file("Tea."))) == []


def test_a_stage_with_too_few_nudges_is_found() -> None:
    findings = list(nudges.too_few([nudge_file("One.", "Two.", "Three.", stages=["first_days"])]))
    assert any("read has 0 nudges for further_on; at least 3" in finding.message for finding in findings)
    assert not any("for first_days" in finding.message for finding in findings)


def test_a_stage_without_a_nudge_for_how_it_feels_is_found() -> None:
    findings = list(nudges.too_few([nudge_file("One.", "Two.", "Three.", mood="heavy")]))
    assert "read has no nudge for first_days when the last days were lighter" in [f.message for f in findings]


def test_two_nudges_that_say_almost_the_same_are_found() -> None:
    one, other = "Water, leaves, four quiet minutes by the door.", "Water, leaves, five quiet minutes by the door."
    finding = only(nudges.near_duplicates([nudge_file(one, "Something else entirely, for a change.", other)]))
    assert finding.message == "read-2 is almost the same as read-0"
    assert finding.line == 3


def test_nudges_that_open_alike_are_found() -> None:
    findings = list(nudges.repeated_nudge_openings([nudge_file("The kettle is on.", "The kettle is on again.", "No.")]))
    assert [finding.line for finding in findings] == [1, 2]


def test_a_nudge_too_large_for_a_push_message_is_found() -> None:
    assert only(nudges.large_payload(nudge_file("x" * 1700))).rule == "payload"
    assert list(nudges.large_payload(nudge_file("🫖" * 120))) == []


def test_sentences_end_before_a_capital_and_not_at_a_clock_or_an_ellipsis() -> None:
    assert sentences("At 2:40 it rang. ‘Why now?’ Tea… and milk.") == [
        "At 2:40 it rang.",
        "‘Why now?",
        "Tea… and milk.",
    ]


def test_words_with_apostrophes_and_hyphens_are_one() -> None:
    assert words("Don’t co-parent at 2:40, it's late.") == ["Don’t", "co-parent", "at", "2:40", "it's", "late"]


def test_every_reader_facing_text_is_looked_at(tmp_path: Path) -> None:
    found = {f.kind: {p.field for p in passages(f)} for f in loader.read(sample.folder(tmp_path)).files}
    assert found["reading"] == {"title", "summary", "takeaway", "question", "body"}
    assert found["practice"] >= {"title", "summary", "why", "say", "body"}
    assert found["books"] == {"good_for", "when"}
    assert found["path"] == {"title", "summary", "text"}
    assert found["nudges"] == {"title", "body"}
    assert found["helplines"] == set()

"""What a nudge says, and why."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from server.library.model import Nudge, Words
from server.library.service import load
from server.nudges.chooser import Choice, Silence, choose
from server.nudges.models import KINDS
from server.nudges.people import CheckIn, Person, Sent, stage_of, tone_of
from tests.conftest import ROOT

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
READINGS = ("readings/one", "readings/two", "readings/three")
STAGES = frozenset({"first_days", "first_weeks", "finding_your_feet", "further_on"})


def text(kind: str, number: int = 1, mood: str = "any", opens: str | None = None, **changes: object) -> Nudge:
    usual: dict[str, object] = {
        "id": f"{kind}-{mood}-{number}",
        "kind": kind,
        "lang": "en",
        "stages": STAGES,
        "mood": mood,
        "title": f"{kind} {number}",
        "body": "x" * number,
        "neutral": Words(title="Hello", body="A note"),
        "opens": opens,
    }
    return Nudge(**{**usual, **changes})  # type: ignore[arg-type]


SAID = load(ROOT / "content")["en"].library.push
TEXTS = [text(kind, number) for kind in KINDS for number in range(1, 9)]


def person(**changes: object) -> Person:
    usual: dict[str, object] = {"seed": "a/1", "now": NOW, "today": TODAY, "kinds": frozenset(KINDS)}
    return Person(**{**usual, **changes})  # type: ignore[arg-type]


def moods(*values: int, hours_ago: int = 8) -> list[CheckIn]:
    """One check-in a day, the first the newest."""
    ats = [NOW - timedelta(hours=hours_ago, days=n) for n in range(len(values))]
    return [CheckIn(at, at.date(), mood) for at, mood in zip(ats, values, strict=True)]


def chosen(someone: Person, texts: list[Nudge] | None = None) -> Choice:
    choice = choose(someone, TEXTS if texts is None else texts, READINGS, SAID)
    assert isinstance(choice, Choice), choice
    return choice


@pytest.mark.parametrize(
    ("days", "stage"),
    [(0, "first_days"), (6, "first_days"), (7, "first_weeks"), (27, "first_weeks"), (28, "finding_your_feet"),
     (89, "finding_your_feet"), (90, "further_on"), (-3, "first_days")],
)  # fmt: skip
def test_the_stage_follows_the_days_since_the_end(days: int, stage: str) -> None:
    assert stage_of(TODAY - timedelta(days=days), TODAY) == stage


def test_an_unknown_end_counts_as_the_first_weeks() -> None:
    assert stage_of(None, TODAY) == "first_weeks"


@pytest.mark.parametrize(
    ("values", "tone"),
    [((1, 2, 3), "heavy"), ((2, 2, 3), "mixed"), ((4, 4, 4), "lighter"), ((3, 3, 3, 1, 1), "mixed"), ((), "mixed")],
)
def test_the_tone_is_the_mean_of_the_last_three_days(values: tuple[int, ...], tone: str) -> None:
    assert tone_of(moods(*values), TODAY) == tone


def test_the_same_person_at_the_same_slot_gets_the_same_words() -> None:
    assert chosen(person()) == chosen(person())


def test_the_stage_decides_which_texts_fit() -> None:
    texts = [text("encouragement", n, stages=frozenset({"further_on"})) for n in (1, 2)]
    texts.append(text("encouragement", 3, stages=frozenset({"first_days"})))
    someone = person(ended_on=TODAY - timedelta(days=2), kinds=frozenset({"encouragement"}))
    assert chosen(someone, texts).text.id == "encouragement-any-3"


def test_words_for_lighter_days_never_reach_somebody_on_heavy_ones() -> None:
    texts = [text("encouragement", n, mood="lighter") for n in range(1, 9)]
    texts.append(text("encouragement", 9, mood="heavy"))
    for seed in range(30):
        assert chosen(person(seed=str(seed), check_ins=moods(1, 2)), texts).text.mood == "heavy"


def test_words_for_the_tone_come_before_words_for_any() -> None:
    texts = [*TEXTS, text("encouragement", 1, mood="lighter")]
    someone = person(check_ins=moods(5, 5), kinds=frozenset({"encouragement"}))
    assert chosen(someone, texts).text.mood == "lighter"


def test_no_text_comes_twice_within_sixty_days() -> None:
    texts = [text("encouragement", n) for n in range(1, 41)]
    sent: list[Sent] = []
    for day in range(40):
        moment = NOW + timedelta(days=day)
        someone = person(now=moment, today=moment.date(), sent=sent, kinds=frozenset({"encouragement"}))
        choice = chosen(someone, texts)
        sent.insert(0, Sent(choice.text.id, choice.text.kind, moment, opened=False))
    assert len({each.text_id for each in sent}) == 40


def test_when_every_text_was_sent_lately_nothing_is_sent() -> None:
    only = text("encouragement")
    sent = [Sent(only.id, only.kind, NOW - timedelta(days=59), opened=True)]
    silence = choose(person(sent=sent, kinds=frozenset({"encouragement"})), [only], READINGS, SAID)
    assert isinstance(silence, Silence)
    assert silence.code == "nothing_new"


def test_after_sixty_days_a_text_may_come_again() -> None:
    only = text("encouragement")
    sent = [Sent(only.id, only.kind, NOW - timedelta(days=61), opened=True)]
    assert chosen(person(sent=sent, kinds=frozenset({"encouragement"})), [only]).text == only


def test_nobody_is_asked_to_check_in_within_six_hours_of_a_check_in() -> None:
    just_now = [CheckIn(NOW - timedelta(hours=5, minutes=59), TODAY, 3)]
    kinds = {chosen(person(seed=str(n), check_ins=just_now)).text.kind for n in range(60)}
    assert "check_in" not in kinds
    earlier = [CheckIn(NOW - timedelta(hours=6, minutes=1), TODAY, 3)]
    assert "check_in" in {chosen(person(seed=str(n), check_ins=earlier)).text.kind for n in range(60)}


def test_a_nudge_to_read_opens_the_next_unread_reading() -> None:
    someone = person(read=frozenset({"readings/one"}), kinds=frozenset({"read"}))
    assert chosen(someone).opens == "/read/readings/two"


def test_whoever_has_read_everything_is_not_asked_to_read() -> None:
    silence = choose(person(read=frozenset(READINGS), kinds=frozenset({"read"})), TEXTS, READINGS, SAID)
    assert isinstance(silence, Silence)


def test_a_text_that_leads_to_something_read_is_passed_by() -> None:
    texts = [text("read", 1, opens="readings/one"), text("read", 2, opens="readings/two")]
    someone = person(read=frozenset({"readings/one"}), kinds=frozenset({"read"}))
    assert chosen(someone, texts).opens == "/read/readings/two"


def test_nobody_who_has_just_practised_is_asked_to_practise() -> None:
    done = {"practices/breathing": NOW - timedelta(hours=3)}
    assert "practise" not in {chosen(person(seed=str(n), done=done)).text.kind for n in range(60)}


def test_the_kind_that_is_opened_comes_most_often_and_no_kind_dies_out() -> None:
    texts = [text(kind, number) for kind in KINDS for number in range(1, 40)]
    sent: list[Sent] = []
    for slot in range(60):
        moment = NOW + timedelta(hours=12 * slot)
        choice = chosen(person(seed=str(slot), now=moment, today=moment.date(), sent=sent), texts)
        sent.insert(0, Sent(choice.text.id, choice.text.kind, moment, opened=choice.text.kind == "read"))
    kinds = Counter(each.kind for each in sent)
    assert kinds.most_common(1)[0][0] == "read"
    assert set(kinds) == {"check_in", "read", "practise", "encouragement"}


def test_the_same_kind_does_not_come_twice_running() -> None:
    sent = [Sent("x", "read", NOW - timedelta(days=1), opened=True)]
    assert "read" not in {chosen(person(seed=str(n), sent=sent)).text.kind for n in range(60)}


def test_what_is_learnt_has_no_say_on_heavy_days() -> None:
    sent = [Sent(str(n), "read", NOW - timedelta(days=n), opened=True) for n in range(2, 20)]
    for seed in range(30):
        assert chosen(person(seed=str(seed), sent=sent, check_ins=moods(1, 2))).text.kind == "encouragement"


def test_after_three_heavy_days_the_words_are_short_and_lead_to_people() -> None:
    choice = chosen(person(check_ins=moods(1, 2, 1)))
    assert choice.text.kind == "encouragement"
    assert len(choice.text.body) <= 4
    assert choice.opens == "/help/lines"
    assert "3 heavy days" in choice.reason


def test_after_three_heavy_days_a_text_about_staying_low_leads_to_its_guide_with_the_help_lines() -> None:
    texts = [text("encouragement", mood="heavy", opens="guides/when-the-low-does-not-lift")]
    assert chosen(person(check_ins=moods(1, 2, 1)), texts).opens == "/read/guides/when-the-low-does-not-lift"


def test_a_better_day_ends_the_heavy_streak() -> None:
    assert chosen(person(check_ins=moods(4, 1, 1, 1))).opens != "/help/lines"


def test_the_hard_hour_brings_company_and_nothing_else() -> None:
    choice = chosen(person(hard_hour=True, special="birthday", returning=True))
    assert (choice.text.kind, choice.opens) == ("hard_hour", "/help/urge")
    assert isinstance(choose(person(hard_hour=True, kinds=frozenset({"read"})), TEXTS, READINGS, SAID), Silence)


def test_a_special_day_comes_first_and_coming_back_next() -> None:
    assert chosen(person(special="birthday", returning=True)).text.kind == "special_day"
    assert chosen(person(returning=True)).text.kind == "welcome_back"


def test_whoever_does_not_want_special_days_named_gets_an_everyday_nudge() -> None:
    assert chosen(person(special="birthday", kinds=frozenset({"read"}))).text.kind == "read"


def test_the_goodbye_is_the_goodbye_or_silence() -> None:
    assert chosen(person(goodbye=True)).text.kind == "goodbye"
    assert isinstance(choose(person(goodbye=True, kinds=frozenset({"read"})), TEXTS, READINGS, SAID), Silence)


def test_every_choice_says_why() -> None:
    reason = chosen(person(ended_on=date(2026, 11, 20), check_ins=moods(3))).reason
    assert "the first days" in reason
    assert "mixed last days" in reason

"""What a nudge says. Pure: the same person, texts and seed give the same choice, and each choice says why."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from server.library.model import Nudge, PushWords
from server.nudges import bandit
from server.nudges.people import HEAVY_STREAK, Person

#: The same text never comes twice within this time.
NO_REPEAT = timedelta(days=60)
#: No nudge to check in within this time after a check-in.
JUST_CHECKED_IN = timedelta(hours=6)
#: No nudge to practise within this time after a practice.
JUST_PRACTISED = timedelta(hours=12)
#: The kinds that the bandit chooses among.
EVERYDAY = frozenset({"check_in", "read", "practise", "encouragement"})
#: After heavy days nothing is learnt and nothing is asked of the person before something kind was said.
_GENTLE_ORDER = ("encouragement", "practise", "check_in")

#: Guides that end with the help lines and are about staying low.
_LEADS_TO_PEOPLE = frozenset({"guides/when-the-low-does-not-lift"})
_PLACES = {
    "hard_hour": "/help/urge",
    "special_day": "/read/guides/special-days",
    "goodbye": "/settings/nudges",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The text to send, the path in the app that it opens, and why it was chosen, in plain words."""

    text: Nudge
    opens: str
    reason: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is sent: `code` for programs, `reason` in plain words."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: str
    reason: str
    opens: str | None = None


def choose(person: Person, texts: Sequence[Nudge], readings: Sequence[str], said: PushWords) -> Choice | Silence:
    """The nudge for this person now. `readings` are the refs of the path, in order; `said` has words for reasons."""
    tried = False
    for candidate in _candidates(person, readings, said):
        if candidate.kind not in person.kinds:
            continue
        tried = True
        fitting = _fitting(candidate, person, texts)
        if fitting:
            return _choice(candidate, person, fitting, readings, said)
    if not tried:
        return Silence("nothing_wanted", "none of the kinds that were chosen fits this moment")
    return Silence("nothing_new", "every text that fits was sent in the last 60 days")


def _candidates(person: Person, readings: Sequence[str], said: PushWords) -> Iterator[_Candidate]:
    """The kinds to try, in order."""
    if person.goodbye:
        yield _Candidate("goodbye", said.because("goodbye"))
        return
    if person.hard_hour:
        yield _Candidate("hard_hour", said.because("hard_hour"))
        return
    if person.special is not None:
        yield _Candidate("special_day", said.because("special_day"))
    if person.returning:
        yield _Candidate("welcome_back", said.because("welcome_back"))
    if person.heavy_days >= HEAVY_STREAK:
        yield _Candidate("encouragement", said.because("heavy_days", days=person.heavy_days), "/help/lines")
    yield from _everyday(person, readings, said)


def _everyday(person: Person, readings: Sequence[str], said: PushWords) -> Iterator[_Candidate]:
    kinds = person.kinds & EVERYDAY
    if person.checked_in_since(person.now - JUST_CHECKED_IN):
        kinds -= {"check_in"}
    if all(ref in person.read for ref in readings):
        kinds -= {"read"}
    if any(done > person.now - JUST_PRACTISED for done in person.done.values()):
        kinds -= {"practise"}
    if person.tone == "heavy":
        gently = said.because("kind_words_first")
        yield from (_Candidate(kind, gently) for kind in _GENTLE_ORDER if kind in kinds)
        return
    for kind in bandit.ranked(kinds, person.sent, person.seed):
        opened, sent = bandit.opened_of(kind, person.sent)
        known = said.because("opened_before", opened=opened, sent=sent) if sent else said.because("not_lately")
        yield _Candidate(kind, known)


def _fitting(candidate: _Candidate, person: Person, texts: Sequence[Nudge]) -> list[Nudge]:
    """Texts of the kind for this stage and tone, not sent lately, not leading to something already read."""
    lately = {each.text_id for each in person.sent if each.at > person.now - NO_REPEAT}
    stage, tone = person.stage, person.tone
    fitting = [
        text
        for text in texts
        if text.kind == candidate.kind
        and stage in text.stages
        and text.mood in ("any", tone)
        and text.id not in lately
        and text.opens not in person.read
    ]
    close = [text for text in fitting if text.mood == tone] or fitting
    if person.heavy_days < HEAVY_STREAK:
        return close
    towards_people = [text for text in close if text.opens is None or text.opens in _LEADS_TO_PEOPLE]
    return _shorter_half(towards_people or close)


def _shorter_half(texts: list[Nudge]) -> list[Nudge]:
    by_length = sorted(texts, key=lambda text: (len(text.body), text.id))
    return by_length[: (len(by_length) + 1) // 2]


def _choice(
    candidate: _Candidate, person: Person, fitting: list[Nudge], readings: Sequence[str], said: PushWords
) -> Choice:
    text = random.Random(f"{person.seed}/{candidate.kind}").choice(fitting)  # noqa: S311  # repeatable, no secret
    opens = _opens(text, person, readings) if text.opens else candidate.opens or _opens(text, person, readings)
    stage, tone = said.stages[person.stage], said.tones[person.tone]
    return Choice(text, opens, said.because("fits", reason=candidate.reason, stage=stage, tone=tone))


def _opens(text: Nudge, person: Person, readings: Sequence[str]) -> str:
    if text.opens is not None:
        return f"/read/{text.opens}"
    if text.kind == "read":
        return f"/read/{next(ref for ref in readings if ref not in person.read)}"
    return _PLACES.get(text.kind, "/")

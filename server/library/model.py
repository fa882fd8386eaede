"""What the library holds. Everything is immutable; texts are plain, only `html` is markup, cleaned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from server.library.search import Index

Kind = Literal["readings", "guides", "practices"]
KINDS: tuple[Kind, ...] = ("readings", "guides", "practices")

NUDGE_KINDS = (
    "check_in",
    "read",
    "practise",
    "encouragement",
    "hard_hour",
    "special_day",
    "welcome_back",
    "goodbye",
)
STAGES = ("first_days", "first_weeks", "finding_your_feet", "further_on")
MOODS = ("any", "heavy", "mixed", "lighter")
TONES = ("heavy", "mixed", "lighter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A book or paper that a text leans on; `says` is what we take from it."""

    authors: str
    title: str
    where: str | None
    year: int
    doi: str | None
    says: str
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A reading, guide or practice. `ref` is its name everywhere: `<kind>/<slug>`; `minutes` is how long it takes."""

    kind: Kind
    slug: str
    order: int
    lang: str
    title: str
    summary: str
    minutes: int
    html: str
    practice: str | None = None
    question: str | None = None
    related: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def ref(self) -> str:
        return f"{self.kind}/{self.slug}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Item):
    """One step of the core path."""

    chapter: str
    takeaway: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide(Item):
    """A text for a certain moment; `helplines` puts the help lines at its end."""

    when: str
    helplines: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One instruction; `seconds` is how long to stay with it, None for as long as it takes."""

    say: str
    seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breathing:
    """Seconds of breathing in, holding and breathing out, and how many rounds."""

    inhale: int
    hold: int
    exhale: int
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice(Item):
    """Something to do, run by the app's `runner`; what is written `lands_in` a kind of letter, or nowhere.

    `by_day`: it needs daylight, other people or a fresh head, so it is not offered at night.
    """

    runner: str
    lands_in: str
    by_day: bool
    steps: tuple[Step, ...]
    prompts: tuple[str, ...]
    breathing: Breathing | None
    why: str
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    slug: str
    lang: str
    title: str
    authors: str
    year: int
    good_for: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    id: str
    lang: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeaway:
    """One of the key takeaways that open the path; `item` is where it is told in full."""

    lang: str
    title: str
    text: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Title (at most 40 characters) and body (at most 120) of a notification."""

    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A nudge text. `neutral` gives nothing away on a lock screen; `opens` is the item it leads to."""

    id: str
    kind: str
    lang: str
    stages: frozenset[str]
    mood: str
    title: str
    body: str
    neutral: Words
    opens: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PushWords:
    """What notifications say besides the nudges, and why a nudge was chosen.

    The texts of `reasons` have places for facts in braces; `stages` and `tones` are named by their ids.
    """

    lang: str
    buttons: Mapping[str, str]
    test: Words
    keep: Words
    reasons: Mapping[str, str]
    stages: Mapping[str, str]
    tones: Mapping[str, str]

    def because(self, name: str, /, **facts: object) -> str:
        """The reason called `name`, with its facts in place."""
        return self.reasons[name].format(**facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    on: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLine:
    """A service to call, text or open. `purpose` is crisis, partner_violence or general."""

    name: str
    purpose: str
    phone: str | None
    text: str | None
    web: str | None
    hours: str | None
    languages: tuple[str, ...]
    note: str | None
    checked: Checked


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLines:
    """The help lines of one region (ISO 3166-1 alpha-2), or of everywhere when `region` is None."""

    region: str | None
    lang: str
    country: str
    emergency: str | None
    lines: tuple[HelpLine, ...]

    @property
    def fallback(self) -> bool:
        return self.region is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All content of one locale. `version` changes exactly when something that the app shows changes."""

    locale: str
    version: str
    chapters: tuple[Chapter, ...]
    takeaways: tuple[Takeaway, ...]
    readings: tuple[Reading, ...]
    guides: tuple[Guide, ...]
    practices: tuple[Practice, ...]
    books: tuple[Book, ...]
    nudges: tuple[Nudge, ...]
    push: PushWords
    regions: Mapping[str, HelpLines]
    international: HelpLines
    index: Index
    by_ref: Mapping[str, Item]

    def item(self, ref: str) -> Item | None:
        """The reading, guide or practice called `ref`, None when there is none."""
        return self.by_ref.get(ref)

    def helplines(self, region: str | None) -> HelpLines:
        """The help lines of `region`, the international ones where there is no file for it."""
        return self.regions.get((region or "").upper(), self.international)

    def nudge(self, identity: str) -> Nudge | None:
        """The nudge text with this id, None when it has been taken out since."""
        return next((nudge for nudge in self.nudges if nudge.id == identity), None)

    def nudges_for(self, kind: str, stage: str, tone: str) -> tuple[Nudge, ...]:
        """The texts of `kind` that fit `stage` and the `tone` of the last days, in the order of the files."""
        return tuple(
            nudge
            for nudge in self.nudges
            if nudge.kind == kind and stage in nudge.stages and nudge.mood in {"any", tone}
        )

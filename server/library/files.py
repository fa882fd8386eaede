"""The shape of every kind of content file. `content/en/fields.yml` says in words what each field is for."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from server.library.model import MOODS, STAGES
from server.library.shapes import Day, FileSchema, chapter, choice, line, pattern, reference, slug, some, told, whole

CERTAINTY = ("good", "mixed", "early")
RUNNERS = ("timer", "wave", "breathing", "list", "writing", "senses", "steps")
LANDS_IN = ("journal", "letter", "reason", "none")
PURPOSES = ("crisis", "partner_violence", "general")


class SourceFile(FileSchema):
    authors = line(200)
    title = line(250)
    where = line(200, data_key="in", required=False, load_default=None, allow_none=True)
    year = whole(1900, 2100)
    doi = pattern(
        r"^10\.\d{4,9}/\S+$",
        "must be a DOI, like 10.1037/xge0000360",
        required=False,
        load_default=None,
        allow_none=True,
    )
    says = line(250)
    certainty = choice(CERTAINTY)


def sources() -> fields.List[Any]:
    return some(fields.Nested(SourceFile), 0, 8)


class ReadingFile(FileSchema):
    title = line(60)
    chapter = chapter()
    summary = line(160)
    takeaway = line(140)
    practice = reference()
    question = line(160)
    related = some(reference(), 2, 3)
    sources = sources()


class GuideFile(FileSchema):
    title = line(60)
    summary = line(160)
    when = line(100)
    practice = reference()
    related = some(reference(), 1, 4)
    sources = sources()
    helplines = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class StepFile(FileSchema):
    say = line(200)
    seconds = whole(1, 900, required=False, load_default=None, allow_none=True)


class BreathingFile(FileSchema):
    inhale = whole(1, 15, data_key="in")
    hold = whole(0, 15, load_default=0, required=False)
    exhale = whole(1, 15, data_key="out")
    rounds = whole(1, 60)


class PracticeFile(FileSchema):
    title = line(60)
    summary = line(160)
    minutes = whole(1, 15)
    runner = choice(RUNNERS)
    lands_in = choice(LANDS_IN)
    by_day = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    steps = some(fields.Nested(StepFile), 3, 8)
    prompts = some(line(160), 0, 12, required=False, load_default=list)
    breathing = fields.Nested(BreathingFile, load_default=None, allow_none=True)
    why = line(300)
    certainty = choice((*CERTAINTY, "common_sense"))
    related = some(reference(), 0, 4)
    sources = sources()

    @ma.validates_schema
    def _fits_its_runner(self, data: dict[str, Any], **kwargs: Any) -> None:
        runner = data.get("runner")
        if (runner == "breathing") != (data.get("breathing") is not None):
            raise ma.ValidationError("belongs to runner: breathing, and only there", "breathing")
        if runner in {"list", "writing", "senses"} and not data.get("prompts"):
            raise ma.ValidationError(f"runner: {runner} needs prompts to ask", "prompts")


class WordsFile(FileSchema):
    title = line(40)
    body = line(120)


class NudgeFile(FileSchema):
    id = slug()
    stages = some(choice(STAGES), 1, 4)
    mood = choice(MOODS)
    title = line(40)
    body = line(120)
    neutral = fields.Nested(
        WordsFile,
        required=True,
        error_messages={"required": "is missing: what the lock screen shows when it is to give nothing away"},
    )
    opens = reference(required=False, load_default=None, allow_none=True)


class CheckedFile(FileSchema):
    on = Day(required=True, error_messages={"invalid": "must be a date like 2026-11-24"})
    source = pattern(r"^https?://\S+$", "must be a web address")


class HelpLineFile(FileSchema):
    name = line(120)
    purpose = choice(PURPOSES, data_key="for")
    phone = line(40, allow_none=True)
    text = line(60, allow_none=True)
    web = pattern(r"^https://\S+$", "must begin with https://", allow_none=True)
    hours = line(120, allow_none=True)
    languages = some(pattern(r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$", "must be a language code, like en"), 1, 40)
    note = line(200, allow_none=True)
    checked = fields.Nested(CheckedFile, required=True)

    @ma.validates_schema
    def _can_be_reached(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not (data.get("phone") or data.get("text") or data.get("web")):
            raise ma.ValidationError("needs a number, a text number or a web page", "phone")


class HelpLinesFile(FileSchema):
    country = line(60)
    emergency = line(40, allow_none=True)
    lines = some(fields.Nested(HelpLineFile), 1, 20)


class BookFile(FileSchema):
    slug = slug()
    title = line(120)
    authors = line(200)
    year = whole(1900, 2100)
    good_for = line(300)
    when = line(300)


class ChapterFile(FileSchema):
    id = chapter()
    title = line(60)
    summary = line(200)


class TakeawayFile(FileSchema):
    title = line(80)
    text = line(300)
    item = reference()


class PathFile(FileSchema):
    chapters = some(fields.Nested(ChapterFile), 1, 6)
    takeaways = some(fields.Nested(TakeawayFile), 1, 8)


class FindsFile(FileSchema):
    words = some(line(60), 1, 40)
    item = reference()


class SearchFile(FileSchema):
    stop = some(line(20), 0, 200)
    finds = some(fields.Nested(FindsFile), 0, 200)


class ButtonsFile(FileSchema):
    low = line(20)
    lighter = line(20)
    not_today = line(20)


class ReasonsFile(FileSchema):
    fits = told("reason", "stage", "tone")
    goodbye = told()
    hard_hour = told()
    special_day = told()
    welcome_back = told()
    heavy_days = told("days")
    kind_words_first = told()
    opened_before = told("opened", "sent")
    not_lately = told()
    keep = told()


class StagesFile(FileSchema):
    first_days = line(40)
    first_weeks = line(40)
    finding_your_feet = line(40)
    further_on = line(40)


class TonesFile(FileSchema):
    heavy = line(40)
    mixed = line(40)
    lighter = line(40)


class PushFile(FileSchema):
    buttons = fields.Nested(ButtonsFile, required=True)
    test = fields.Nested(WordsFile, required=True)
    keep = fields.Nested(WordsFile, required=True)
    reasons = fields.Nested(ReasonsFile, required=True)
    stages = fields.Nested(StagesFile, required=True)
    tones = fields.Nested(TonesFile, required=True)


#: Name of a kind of file → its schema; a list file has one entry of that schema for each element.
SCHEMAS: dict[str, FileSchema] = {
    "reading": ReadingFile(),
    "guide": GuideFile(),
    "practice": PracticeFile(),
    "nudges": NudgeFile(many=True),
    "helplines": HelpLinesFile(),
    "books": BookFile(many=True),
    "path": PathFile(),
    "search": SearchFile(),
    "push": PushFile(),
}

"""The library on the wire."""

from marshmallow import fields, validate

from server.library.model import KINDS
from server.schemas import Schema

LOCALE = validate.Regexp(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", error="Give a language tag, like en or en-GB.")


class LocaleArgs(Schema):
    """Whose language: the nearest locale there is, English where there is none."""

    locale = fields.String(load_default="en", validate=LOCALE, metadata={"description": "BCP 47 tag, like en-GB"})


class HelpLinesArgs(LocaleArgs):
    region = fields.String(
        load_default=None,
        validate=validate.Regexp(r"^[A-Za-z]{2}$", error="Give a country code of two letters, like GB."),
        metadata={"description": "ISO 3166-1 alpha-2"},
    )


class BundleArgs(LocaleArgs):
    v = fields.String(
        load_default=None,
        validate=validate.Length(max=64),
        metadata={
            "description": "The version that is wanted; when it is the current one, the answer may be kept for ever"
        },
    )


class SearchArgs(LocaleArgs):
    q = fields.String(required=True, validate=validate.Length(1, 200))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 200))


class LibrarySourceSchema(Schema):
    """A book or paper that a text leans on; `says` is what is taken from it, `certainty` how sure it is."""

    authors = fields.String(required=True)
    title = fields.String(required=True)
    where = fields.String(required=True, allow_none=True, data_key="in")
    year = fields.Integer(required=True)
    doi = fields.String(required=True, allow_none=True)
    says = fields.String(required=True)
    certainty = fields.String(required=True, validate=validate.OneOf(("good", "mixed", "early")))


class ItemSummarySchema(Schema):
    """What every reading, guide and practice shows in a list. `lang` is the language it is really in."""

    slug = fields.String(required=True)
    title = fields.String(required=True)
    lang = fields.String(required=True)
    minutes = fields.Integer(required=True)
    summary = fields.String(required=True)


class ReadingSummarySchema(ItemSummarySchema):
    order = fields.Integer(required=True)
    chapter = fields.String(required=True)
    takeaway = fields.String(required=True)


class GuideSummarySchema(ItemSummarySchema):
    order = fields.Integer(required=True)
    when = fields.String(required=True)


class PracticeSummarySchema(ItemSummarySchema):
    runner = fields.String(required=True)
    lands_in = fields.String(required=True)
    by_day = fields.Boolean(required=True)


class TextSchema(Schema):
    """The parts of an item that only its own page shows. `html` is clean and links only inside the app."""

    html = fields.String(required=True)
    question = fields.String(required=True, allow_none=True)
    practice = fields.String(required=True, allow_none=True)
    related = fields.List(fields.String(), required=True)
    sources = fields.List(fields.Nested(LibrarySourceSchema), required=True)


class ReadingSchema(ReadingSummarySchema, TextSchema):
    """A reading of the core path."""


class GuideSchema(GuideSummarySchema, TextSchema):
    """A guide for a certain moment; `helplines` says that the help lines belong at its end."""

    helplines = fields.Boolean(required=True)


class StepSchema(Schema):
    say = fields.String(required=True)
    seconds = fields.Integer(required=True, allow_none=True)


class BreathingSchema(Schema):
    """Seconds in, held and out, and the number of rounds."""

    inhale = fields.Integer(required=True, data_key="in")
    hold = fields.Integer(required=True)
    exhale = fields.Integer(required=True, data_key="out")
    rounds = fields.Integer(required=True)


class PracticeSchema(PracticeSummarySchema, TextSchema):
    """Something to do; the app's `runner` leads through the `steps`."""

    steps = fields.List(fields.Nested(StepSchema), required=True)
    prompts = fields.List(fields.String(), required=True)
    breathing = fields.Nested(BreathingSchema, required=True, allow_none=True)
    why = fields.String(required=True)
    certainty = fields.String(required=True)


class BookSchema(Schema):
    slug = fields.String(required=True)
    title = fields.String(required=True)
    lang = fields.String(required=True)
    authors = fields.String(required=True)
    year = fields.Integer(required=True)
    good_for = fields.String(required=True)
    when = fields.String(required=True)


class ChapterSchema(Schema):
    id = fields.String(required=True)
    title = fields.String(required=True)
    lang = fields.String(required=True)
    summary = fields.String(required=True)


class TakeawaySchema(Schema):
    title = fields.String(required=True)
    lang = fields.String(required=True)
    text = fields.String(required=True)
    item = fields.String(required=True)


class CheckedSchema(Schema):
    on = fields.Date(required=True)
    source = fields.String(required=True)


class HelpLineSchema(Schema):
    """A service. Any of `phone`, `text` and `web` may be null; `checked` says when and where it was last looked up."""

    name = fields.String(required=True)
    purpose = fields.String(required=True, data_key="for")
    phone = fields.String(required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)
    web = fields.String(required=True, allow_none=True)
    hours = fields.String(required=True, allow_none=True)
    languages = fields.List(fields.String(), required=True)
    note = fields.String(required=True, allow_none=True)
    checked = fields.Nested(CheckedSchema, required=True)


class HelpLinesSchema(Schema):
    """A region's help lines; `fallback` is true and `region` null for those that serve everywhere."""

    region = fields.String(required=True, allow_none=True)
    country = fields.String(required=True)
    lang = fields.String(required=True)
    emergency = fields.String(required=True, allow_none=True)
    fallback = fields.Boolean(required=True)
    lines = fields.List(fields.Nested(HelpLineSchema), required=True)


class LibrarySchema(Schema):
    """The whole library without the texts themselves."""

    version = fields.String(required=True)
    locale = fields.String(required=True)
    chapters = fields.List(fields.Nested(ChapterSchema), required=True)
    takeaways = fields.List(fields.Nested(TakeawaySchema), required=True)
    readings = fields.List(fields.Nested(ReadingSummarySchema), required=True)
    guides = fields.List(fields.Nested(GuideSummarySchema), required=True)
    practices = fields.List(fields.Nested(PracticeSummarySchema), required=True)
    books = fields.List(fields.Nested(BookSchema), required=True)


class IndexSchema(Schema):
    """The search index: `terms` maps a stem to flat pairs of a position in `refs` and a weight."""

    refs = fields.List(fields.String(), required=True)
    stop = fields.List(fields.String(), required=True)
    terms = fields.Dict(keys=fields.String(), values=fields.List(fields.Integer()), required=True)


class BundleSchema(LibrarySchema):
    """Everything the app needs to work offline."""

    readings = fields.List(fields.Nested(ReadingSchema), required=True)
    guides = fields.List(fields.Nested(GuideSchema), required=True)
    practices = fields.List(fields.Nested(PracticeSchema), required=True)
    helplines = fields.List(fields.Nested(HelpLinesSchema), required=True)
    search = fields.Nested(IndexSchema, required=True)


class HitSchema(Schema):
    ref = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    score = fields.Integer(required=True, metadata={"description": "Only compares within one answer"})


class HitsSchema(Schema):
    """What was found, best first."""

    items = fields.List(fields.Nested(HitSchema), required=True)
    after = fields.String(required=True, allow_none=True)


ITEM_SCHEMAS: dict[str, Schema] = dict(zip(KINDS, (ReadingSchema(), GuideSchema(), PracticeSchema()), strict=True))

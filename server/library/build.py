"""From checked files to a Library: one locale's content as immutable values, English where a translation is missing."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from server.library import markup, search
from server.library.loader import FALLBACK, Content, ContentFile
from server.library.model import (
    Book,
    Breathing,
    Chapter,
    Checked,
    Guide,
    HelpLine,
    HelpLines,
    Item,
    Library,
    Nudge,
    Practice,
    PushWords,
    Reading,
    Source,
    Step,
    Takeaway,
    Words,
)

ItemT = TypeVar("ItemT", bound=Item)

#: Fields besides the title that weigh more than the text in a search.
_SUMMARIES = ("summary", "takeaway", "question", "when", "why")
#: Values that are addresses rather than words.
_ADDRESSES = {"web", "doi", "source", "phone"}


def build(content: Content, locale: str) -> Library:
    """The Library of `locale`. The content must be sound: `loader.read` and `integrity.broken` found nothing.

    `version` is left empty; `documents.publish` fills it in from what is served.
    """
    files = content.of(locale)
    readings = _ordered(_reading(file) for file in files if file.kind == "reading")
    guides = _ordered(_guide(file) for file in files if file.kind == "guide")
    practices = _ordered(_practice(file) for file in files if file.kind == "practice")
    books = tuple(_book(entry, file) for file in files if file.kind == "books" for entry in file.data)
    path = next(file for file in files if file.kind == "path")
    lines = {file.slug: _helplines(file) for file in files if file.kind == "helplines"}
    items: list[Item] = [*readings, *guides, *practices]
    return Library(
        locale=locale,
        version="",
        chapters=tuple(Chapter(lang=path.locale, **_typographic(entry)) for entry in path.data["chapters"]),
        takeaways=tuple(Takeaway(lang=path.locale, **_typographic(entry)) for entry in path.data["takeaways"]),
        readings=readings,
        guides=guides,
        practices=practices,
        books=books,
        nudges=_nudges(content, locale),
        push=_push(next(file for file in files if file.kind == "push")),
        regions=MappingProxyType({region: found for region, found in lines.items() if found.region}),
        international=lines["international"],
        index=_index(files, items, books),
        by_ref=MappingProxyType({item.ref: item for item in items}),
    )


def _ordered(items: Iterable[ItemT]) -> tuple[ItemT, ...]:
    return tuple(sorted(items, key=lambda item: (item.order, item.slug)))


def _common(file: ContentFile, kind: str) -> dict[str, Any]:
    """The fields that all items share, ready for their class."""
    data = _typographic(file.data)
    data["sources"] = tuple(Source(**source) for source in data["sources"])
    data["related"] = tuple(data["related"])
    html = markup.render(file.parsed.body)
    return {**data, "kind": kind, "slug": file.slug, "order": file.order, "lang": file.locale, "html": html}


def _reading(file: ContentFile) -> Reading:
    return Reading(minutes=_minutes(file), **_common(file, "readings"))


def _guide(file: ContentFile) -> Guide:
    return Guide(minutes=_minutes(file), **_common(file, "guides"))


def _practice(file: ContentFile) -> Practice:
    data = _common(file, "practices")
    data["steps"] = tuple(Step(**step) for step in data["steps"])
    data["prompts"] = tuple(data["prompts"])
    data["breathing"] = Breathing(**data["breathing"]) if data["breathing"] else None
    return Practice(**data)


def _minutes(file: ContentFile) -> int:
    return markup.minutes(len(markup.plain(file.parsed.body).split()))


def _book(entry: Mapping[str, Any], file: ContentFile) -> Book:
    return Book(lang=file.locale, **_typographic(entry))


def _helplines(file: ContentFile) -> HelpLines:
    data = _typographic(file.data)
    lines = tuple(
        HelpLine(**{**line, "languages": tuple(line["languages"]), "checked": Checked(**line["checked"])})
        for line in data["lines"]
    )
    region = None if file.slug == "international" else file.slug
    return HelpLines(region=region, lang=file.locale, country=data["country"], emergency=data["emergency"], lines=lines)


def _nudges(content: Content, locale: str) -> tuple[Nudge, ...]:
    """Nudges fall back one by one: a translation may have fewer than English."""
    found: dict[str, Nudge] = {}
    for wanted in (FALLBACK, locale):
        for file in content.files:
            if file.kind == "nudges" and file.locale == wanted:
                found.update({entry["id"]: _nudge(entry, file) for entry in file.data})
    return tuple(found.values())


def _nudge(entry: Mapping[str, Any], file: ContentFile) -> Nudge:
    data = _typographic(entry)
    data["neutral"] = Words(**data["neutral"])
    data["stages"] = frozenset(data["stages"])
    return Nudge(kind=file.slug, lang=file.locale, **data)


def _push(file: ContentFile) -> PushWords:
    data = _typographic(file.data)
    return PushWords(
        lang=file.locale,
        test=Words(**data["test"]),
        keep=Words(**data["keep"]),
        buttons=MappingProxyType(data["buttons"]),
        reasons=MappingProxyType(data["reasons"]),
        stages=MappingProxyType(data["stages"]),
        tones=MappingProxyType(data["tones"]),
    )


def _typographic(value: Any) -> Any:
    """`value` with curly quotes and real dashes in all its texts."""
    if isinstance(value, str):
        return markup.typographic(value)
    if isinstance(value, Mapping):
        return {name: inside if name in _ADDRESSES else _typographic(inside) for name, inside in value.items()}
    return [_typographic(inside) for inside in value] if isinstance(value, list) else value


def _index(files: Iterable[ContentFile], items: Iterable[Item], books: Iterable[Book]) -> search.Index:
    settings = next(file.data for file in files if file.kind == "search")
    also: dict[str, str] = {}
    for entry in settings["finds"]:
        also[entry["item"]] = " ".join([also.get(entry["item"], ""), *entry["words"]])
    bodies = {(f"{file.kind}s", file.slug): markup.plain(file.parsed.body) for file in files}
    found = [_document(item, bodies[item.kind, item.slug], also.get(item.ref, "")) for item in items]
    found += [search.Document(f"books/{b.slug}", b.title, f"{b.authors} {b.when}", b.good_for) for b in books]
    return search.build(found, settings["stop"])


def _document(item: Item, body: str, also: str) -> search.Document:
    summary = " ".join(str(getattr(item, name, None) or "") for name in _SUMMARIES)
    if isinstance(item, Practice):
        body = " ".join([body, *(step.say for step in item.steps), *item.prompts])
    return search.Document(item.ref, item.title, summary, body, also)

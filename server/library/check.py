"""`flask content check`: every rule over every file."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from server.library import integrity, loader
from server.library.loader import Content, ContentFile
from server.library.rules import ease, items, nudges, voice
from server.library.rules.passages import Passage, passages
from server.library.source import Finding

PassageRule = Callable[[Passage], Iterator[Finding]]
FileRule = Callable[[ContentFile], Iterator[Finding]]

EVERY_LANGUAGE: tuple[PassageRule, ...] = (ease.long_sentences, voice.pressure, voice.long_quotes)
ENGLISH: tuple[PassageRule, ...] = (voice.guilt_words, voice.gendered_words, voice.american_spelling)
TEXTS: tuple[FileRule, ...] = (ease.word_count, ease.mean_sentence, items.unsafe_markup, items.too_many_headings)
TEXT_KINDS = ("reading", "guide", "practice")


def check(root: Path, today: date) -> list[Finding]:
    """Everything that is wrong under the content folder `root`, in the order of files and lines.

    Files out of shape are reported and left out of the other rules. `today` decides which help lines are stale.
    """
    content = loader.read(root)
    findings = [*content.findings, *integrity.broken(content)]
    for file in content.files:
        findings.extend(_one(file, today))
    for locale in content.locales:
        findings.extend(_together(content, locale))
    return sorted(set(findings))


def _one(file: ContentFile, today: date) -> Iterator[Finding]:
    english = file.locale.split("-")[0] == loader.FALLBACK
    for passage in passages(file):
        for rule in (*EVERY_LANGUAGE, *(ENGLISH if english else ())):
            yield from rule(passage)
    if file.kind in TEXT_KINDS:
        for check_text in (*TEXTS, *((ease.reading_grade,) if english else ())):
            yield from check_text(file)
    if file.kind == "practice":
        yield from items.claims_without_source(file)
    if file.kind == "helplines":
        yield from items.stale_helplines(file, today)
    if file.kind == "nudges":
        yield from nudges.large_payload(file)
        yield from nudges.telling_neutral(file) if english else ()


def _together(content: Content, locale: str) -> Iterator[Finding]:
    """Rules about how files stand beside each other, for the files that `locale` has itself."""
    own = [file for file in content.files if file.locale == locale]
    nudge_files = [file for file in own if file.kind == "nudges"]
    if locale == loader.FALLBACK:
        yield from nudges.too_few(nudge_files)
    yield from nudges.near_duplicates(nudge_files)
    yield from nudges.repeated_nudge_openings(nudge_files)
    for kind in TEXT_KINDS:
        yield from items.repeated_openings([file for file in own if file.kind == kind])

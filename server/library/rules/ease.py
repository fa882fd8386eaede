"""Whether a tired person can take a text in: length, sentences and reading grade.

The grade is Flesch-Kincaid (Kincaid et al. 1975), in years of American schooling, as textstat works it out.
"""

from collections.abc import Iterator, Sequence

from server.library.loader import ContentFile
from server.library.rules.passages import Passage, body, sentences, words
from server.library.source import Finding

HIGHEST_GRADE = 8.0
HIGHEST_MEAN = 16.0
LONGEST_SENTENCE = 30
#: Kind of file → fewest and most words of its body.
WORDS = {"reading": (300, 600), "guide": (250, 600), "practice": (60, 200)}


def long_sentences(passage: Passage) -> Iterator[Finding]:
    """Sentences of more than 30 words."""
    for sentence in sentences(passage.text):
        count = len(words(sentence))
        if count > LONGEST_SENTENCE:
            start = " ".join(words(sentence)[:5])
            yield passage.finding(
                "long-sentence", f"a sentence of {count} words (at most {LONGEST_SENTENCE}): {start}…"
            )


def word_count(file: ContentFile) -> Iterator[Finding]:
    """Bodies that are shorter or longer than their kind allows."""
    if file.kind in WORDS:
        low, high = WORDS[file.kind]
        count = sum(len(words(passage.text)) for passage in body(file))
        if not low <= count <= high:
            said = f"the text has {count} words; a {file.kind} has {low} to {high}"
            yield Finding(file.name, file.parsed.body_line, "word-count", said)


def mean_sentence(file: ContentFile) -> Iterator[Finding]:
    """Bodies whose sentences have more than 16 words on average."""
    found = [sentence for passage in _running(file) for sentence in sentences(passage.text)]
    mean = sum(len(words(sentence)) for sentence in found) / max(1, len(found))
    if mean > HIGHEST_MEAN:
        said = f"sentences have {mean:.1f} words on average; at most {HIGHEST_MEAN:.0f}"
        yield Finding(file.name, file.parsed.body_line, "mean-sentence", said)


def reading_grade(file: ContentFile) -> Iterator[Finding]:
    """Bodies that are harder to read than grade 8."""
    found = grade(_running(file))
    if found > HIGHEST_GRADE:
        said = f"reading grade {found:.1f}; at most {HIGHEST_GRADE:.0f}. Shorter words and sentences bring it down"
        yield Finding(file.name, file.parsed.body_line, "reading-grade", said)


def grade(found: Sequence[Passage]) -> float:
    """The Flesch-Kincaid grade of all of `found` together, 0 for no text."""
    # It reads a dictionary of 130,000 words at its first use, and only this rule needs it.
    import textstat

    text = "\n".join(part if part.endswith((".", "!", "?", "…")) else part + "." for part in (p.text for p in found))
    return float(textstat.flesch_kincaid_grade(text)) if text else 0.0


def _running(file: ContentFile) -> list[Passage]:
    return [passage for passage in body(file) if not passage.heading]

"""Full-text search whose index is built once on the server and read by the server and by the app offline.

The app mirrors `tokens`, `stem`, `near` and `search` in TypeScript; `tests/library/search_vectors.json` holds both to
the same answers. Only whole numbers are used after the build, so that both sides agree to the last digit. The rules
in prose, for whoever ports them, are in docs/content.md, section "Search".

Ranking is BM25 over weighted fields (Robertson, Zaragoza and Taylor 2004, "Simple BM25 extension to multiple weighted
fields"), with everything but the sum over the query's words worked out beforehand.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

K1 = 1.2
B = 0.5
TITLE, ALSO, SUMMARY, BODY = 5, 4, 3, 1

#: How much of a word's weight counts, in per cent, by the way it was matched.
EXACT, BEGINS, SHORTER, TYPO = 100, 60, 50, 40
MOST_WORDS = 12

_MARKS = re.compile("[\u0300-\u036f'\u2018\u2019\u02bc]")
_WORD = re.compile(r"[^\W_]+")
_VOWEL = re.compile("[aeiouy]")


class Index(TypedDict):
    """What the bundle carries under `search`.

    `refs`: the items; `stop`: words that are left out; `terms`: stem → flat pairs of a position in `refs` and a weight.
    """

    refs: list[str]
    stop: list[str]
    terms: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Document:
    """One item as the index sees it; `also` holds words that people type but the text does not use."""

    ref: str
    title: str
    summary: str
    body: str
    also: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found item; `score` is a whole number that only compares within one search."""

    ref: str
    score: int


def tokens(text: str, stop: Iterable[str]) -> list[str]:
    """The stems of `text` in order: folded to lower case without accents and apostrophes, split at all but letters
    and digits, without single characters and `stop` words."""
    folded = _MARKS.sub("", unicodedata.normalize("NFKD", text).lower())
    left_out = set(stop)
    return [stem(word) for word in _WORD.findall(folded) if len(word) > 1 and word not in left_out]


def stem(word: str) -> str:
    """`word` without its commonest English endings: feelings, feeling → feel; breathe, breathing → breath."""
    if len(word) > 4 and word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        left = word[: -len(ending)]
        if word.endswith(ending) and len(left) > 2 and _VOWEL.search(left):
            return left[:-1] if left[-1] == left[-2] and left[-1] not in "lsz" else left
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def build(documents: Sequence[Document], stop: Sequence[str]) -> Index:
    """The index of `documents`. Weights are BM25 times 100, rounded; pairs of zero weight are left out."""
    counts = [_counts(document, stop) for document in documents]
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / max(1, len(lengths))
    spread = Counter(term for count in counts for term in count)
    terms: dict[str, list[int]] = {}
    for position, count in enumerate(counts):
        norm = K1 * (1 - B + B * lengths[position] / mean) if mean else K1
        for term, frequency in count.items():
            rarity = math.log(1 + (len(counts) - spread[term] + 0.5) / (spread[term] + 0.5))
            weight = round(100 * rarity * frequency * (K1 + 1) / (frequency + norm))
            if weight:
                terms.setdefault(term, []).extend((position, weight))
    return {"refs": [d.ref for d in documents], "stop": list(stop), "terms": dict(sorted(terms.items()))}


def _counts(document: Document, stop: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, weight in (
        (document.title, TITLE),
        (document.also, ALSO),
        (document.summary, SUMMARY),
        (document.body, BODY),
    ):
        for token in tokens(text, stop):
            counts[token] += weight
    return counts


def search(index: Index, query: str, limit: int) -> list[Hit]:
    """The best `limit` items for `query`, best first; equal scores keep the order of the index.

    An item's score is the sum of its best match for each word of the query, cut down by the share of words that it
    does not match at all.
    """
    words = list(dict.fromkeys(tokens(query, index["stop"])))[:MOST_WORDS]
    total: Counter[int] = Counter()
    matched: Counter[int] = Counter()
    for word in words:
        best = _best(index, word)
        total.update(best)
        matched.update(best.keys())
    scored = [(total[at] * matched[at] // len(words), at) for at in total]
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    return [Hit(index["refs"][at], score) for score, at in scored[:limit]]


def _best(index: Index, word: str) -> dict[int, int]:
    """Position in `refs` → the best weight of `word` there; typing errors count only when nothing else matches."""
    factors = {term: factor for term in index["terms"] if (factor := _factor(term, word))}
    if not factors:
        factors = {term: TYPO for term in index["terms"] if near(term, word)}
    best: dict[int, int] = {}
    for term, factor in factors.items():
        pairs = index["terms"][term]
        for at, weight in zip(pairs[::2], pairs[1::2], strict=True):
            best[at] = max(best.get(at, 0), weight * factor)
    return best


def _factor(term: str, word: str) -> int:
    if term == word:
        return EXACT
    if len(word) > 2 and term.startswith(word):
        return BEGINS
    return SHORTER if len(term) > 3 and len(word) - len(term) <= 3 and word.startswith(term) else 0


def near(term: str, word: str) -> bool:
    """True when one slip of the thumb turns `word` into `term`: a letter too many, too few, another, or two swapped.

    Only for words of four letters and more whose first letter is right.
    """
    if len(word) < 4 or term[0] != word[0] or abs(len(term) - len(word)) > 1:
        return False
    at = 0
    while at < min(len(term), len(word)) and term[at] == word[at]:
        at += 1
    if len(term) != len(word):
        longer, shorter = (term, word) if len(term) > len(word) else (word, term)
        return longer[at + 1 :] == shorter[at:]
    swapped = term[at : at + 2] == word[at : at + 2][::-1] and term[at + 2 :] == word[at + 2 :]
    return swapped or term[at + 1 :] == word[at + 1 :]

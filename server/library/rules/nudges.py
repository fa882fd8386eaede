"""Nudges as a collection: enough of them for everybody, each its own, each safe on a lock screen."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from server.library.loader import ContentFile
from server.library.model import STAGES, TONES
from server.library.rules.passages import words
from server.library.source import Finding

FEWEST_A_CELL = 3
#: Web Push payloads are at most 4,096 bytes encrypted (RFC 8291, section 4); we keep to 3,000 in clear.
LARGEST_PAYLOAD = 3000
#: What surrounds the texts in a payload: ids, three long addresses, actions with their labels.
ENVELOPE = 1400
#: Share of letter triples in common above which two nudges read as one.
ALIKE = 0.6
OPENING = 4

_TELLING = re.compile(
    r"\b(ex|break-?up|broke up|relationships?|love[ds]?|loving|heart\w*|feel\w*|moods?|sad\w*|lonel\w*|hurt\w*|grie\w+"
    r"|urges?|no contact|(?:text|call|miss|about|from|over|without|think of) them|miss(?:ing|ed)|healing|cry\w*"
    r"|letting go|alone)\b",
    re.IGNORECASE,
)


def telling_neutral(file: ContentFile) -> Iterator[Finding]:
    """Neutral versions that give something away to whoever sees the lock screen."""
    for at, entry in enumerate(file.data):
        for name in ("title", "body"):
            for match in _TELLING.finditer(entry["neutral"][name]):
                said = f"'{match[0]}' gives something away on a lock screen"
                yield file.finding("telling-neutral", said, at, "neutral", name)


def too_few(files: Sequence[ContentFile]) -> Iterator[Finding]:
    """Stages of a kind with fewer than three nudges, or with none that fits how somebody feels."""
    for file in files:
        for stage in STAGES:
            fitting = [entry for entry in file.data if stage in entry["stages"]]
            if len(fitting) < FEWEST_A_CELL:
                said = f"{file.slug} has {len(fitting)} nudges for {stage}; at least {FEWEST_A_CELL}"
                yield Finding(file.name, 1, "too-few-nudges", said)
            for tone in TONES:
                if not any(entry["mood"] in {"any", tone} for entry in fitting):
                    said = f"{file.slug} has no nudge for {stage} when the last days were {tone}"
                    yield Finding(file.name, 1, "too-few-nudges", said)


def near_duplicates(files: Sequence[ContentFile]) -> Iterator[Finding]:
    """Pairs of nudges that say almost the same."""
    entries = [(file, at, entry, triples(f"{entry['title']} {entry['body']}")) for file, at, entry in _entries(files)]
    for (_, _, first, one), (file, at, second, other) in combinations(entries, 2):
        if one and len(one & other) / len(one | other) > ALIKE:
            yield file.finding("near-duplicate", f"{second['id']} is almost the same as {first['id']}", at)


def triples(text: str) -> frozenset[str]:
    """All runs of three letters of `text`, without case and punctuation."""
    plain = " ".join(words(text)).lower()
    return frozenset(plain[at : at + 3] for at in range(len(plain) - 2))


def repeated_nudge_openings(files: Sequence[ContentFile]) -> Iterator[Finding]:
    """Nudges whose body begins with the same four words as another's."""
    starts = [(file, at, " ".join(words(entry["body"])[:OPENING]).lower()) for file, at, entry in _entries(files)]
    count = Counter(start for _, _, start in starts)
    for file, at, start in starts:
        if count[start] > 1:
            yield file.finding("repeated-opening", f"{count[start]} nudges begin '{start}'", at, "body")


def payload_size(entry: Mapping[str, Any]) -> int:
    """Bytes of the largest push message that this nudge can become."""
    return ENVELOPE + max(
        len(json.dumps(part, ensure_ascii=False).encode()) for part in (_words(entry), _words(entry["neutral"]))
    )


def large_payload(file: ContentFile) -> Iterator[Finding]:
    """Nudges whose message would be larger than 3,000 bytes."""
    for at, entry in enumerate(file.data):
        if (size := payload_size(entry)) > LARGEST_PAYLOAD:
            said = f"the message would have {size} bytes; at most {LARGEST_PAYLOAD}"
            yield file.finding("payload", said, at)


def _words(entry: Mapping[str, Any]) -> list[str]:
    return [entry["title"], entry["body"]]


def _entries(files: Iterable[ContentFile]) -> Iterator[tuple[ContentFile, int, Mapping[str, Any]]]:
    for file in files:
        for at, entry in enumerate(file.data):
            yield file, at, entry

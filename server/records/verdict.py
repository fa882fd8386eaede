"""What becomes of one written document. Pure: no database, no clock."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from marshmallow import EXCLUDE, ValidationError

from server.records.collections import Collection, Stored


class Verdict(Enum):
    """TAKE: store it. SAME: it is stored already, a replay. CONFLICT: the writer did not know the stored state."""

    TAKE = "take"
    SAME = "same"
    CONFLICT = "conflict"


def judge(
    collection: Collection,
    stored: Stored | None,
    new: Stored,
    assumed: Mapping[str, Any] | None,
    *,
    overwrite: bool = False,
) -> Verdict:
    """Compare the stored state, the new one, and the one that the writer took for stored.

    An id that is not stored is always taken: a new document, or an edit of one whose tombstone has been
    collected; what somebody wrote is kept. A replay is told by its content, since the answer to the first try
    may have been lost. The assumption holds when it has the stored revision, or the stored content: an RxDB
    client that has pushed knows the content it pushed but not the revision that the server gave it.
    """
    if stored is None:
        return Verdict.TAKE
    if collection.same(stored, new):
        return Verdict.SAME
    if overwrite:
        return Verdict.TAKE
    if assumed is None:
        return Verdict.CONFLICT
    if _knows_revision(stored, assumed) or _knows_content(collection, stored, assumed):
        return Verdict.TAKE
    return Verdict.CONFLICT


def _knows_revision(stored: Stored, assumed: Mapping[str, Any]) -> bool:
    revision = assumed.get("rev")
    return type(revision) is int and revision == stored["rev"]


def _knows_content(collection: Collection, stored: Stored, assumed: Mapping[str, Any]) -> bool:
    try:
        state = collection.schema(unknown=EXCLUDE).load({"id": stored["id"], **assumed})
    except ValidationError:
        return False
    return collection.same(stored, state)

"""One good document of each collection, with every field said."""

from typing import Any

from server.database import uuid7

API = "/api/v1"
SEALED = {"v": 1, "iv": "AAECAwQFBgcICQoL", "ct": "A" * 64}

SAMPLES: dict[str, dict[str, Any]] = {
    "checkins": {
        "felt_at": "2024-11-20T20:14:00.000Z",
        "mood": 2,
        "feelings": ["sad", "relieved"],
        "contexts": ["slept-badly"],
        "sealed_note": SEALED,
    },
    "urges": {
        "started_at": "2024-11-20T23:40:00.000Z",
        "ended_at": "2024-11-20T23:52:00.000Z",
        "outcome": "passed",
        "strength": 4,
        "helped": ["wave", "called"],
    },
    "letters": {
        "kind": "answer",
        "written_at": "2024-11-20T21:00:00.000Z",
        "prompt": "readings/why-it-is-powerful",
        "sealed_title": SEALED,
        "sealed_text": SEALED,
        "opens_on": "2031-05-01",
    },
    "marks": {
        "item": "practices/slow-breathing",
        "progress": 0.35,
        "read_at": "2024-11-20T21:00:00.000Z",
        "done_at": "2024-11-20T21:10:00.000Z",
        "times_done": 3,
        "saved": True,
        "helped": "a_little",
        "place": 0.1,
    },
    "journey": {
        "ended_on": "2024-10-02",
        "contact": "needed",
        "stays_in_touch": ["children", "home"],
        "hard_hours": [23, 0, 1],
        "region": "IE",
        "space_since": "2024-10-05",
        "slips": ["2024-10-20"],
        "special_days": [{"id": "her-day", "date": "2024-12-05", "yearly": True, "kind": "birthday"}],
        "pace": 2,
        "hidden_feelings": ["numb"],
        "hidden_contexts": ["drank"],
        "sealed_words": SEALED,
    },
}


def document(collection: str = "checkins", **changes: Any) -> dict[str, Any]:
    """A fresh document, as a device would push it."""
    return {"id": uuid7(), "_deleted": False, **SAMPLES[collection], **changes}


def row(new: dict[str, Any], assumed: dict[str, Any] | None = None) -> dict[str, Any]:
    """A row of a push, as RxDB writes it: no `assumedMasterState` for a new document."""
    return {"newDocumentState": new} | ({"assumedMasterState": assumed} if assumed else {})

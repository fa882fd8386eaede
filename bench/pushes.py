"""One sync push of 200 check-ins on SQLite, from request to answer."""

import statistics
import time
from datetime import UTC, datetime
from typing import Any

import requests

from bench.harness import report, served
from server.database import uuid7

ROUNDS = 15


def main() -> None:
    """Print the median time of a push of new rows, and of its replay."""
    with served("wsgi:app") as base, requests.Session() as session:
        session.post(f"{base}/api/v1/accounts", json={"timezone": "UTC", "locale": "en"}, timeout=10).raise_for_status()
        batches = [[row() for _ in range(200)] for _ in range(ROUNDS)]
        new = [milliseconds(session, base, batch) for batch in batches]
        again = [milliseconds(session, base, batch) for batch in batches]
    report("push of 200 new rows, SQLite", f"{statistics.median(new):.1f} ms", "<= 25 ms")
    report("the same push replayed", f"{statistics.median(again):.1f} ms", "<= 25 ms")


def row() -> dict[str, Any]:
    """One row of a push: a new check-in with a sealed note."""
    sealed = {"v": 1, "iv": "A" * 16, "ct": "A" * 120}
    state = {"id": uuid7(), "felt_at": datetime.now(UTC).isoformat(), "mood": 3, "feelings": ["sad"], "contexts": [],
             "sealed_note": sealed, "_deleted": False}  # fmt: skip
    return {"newDocumentState": state}


def milliseconds(session: requests.Session, base: str, batch: list[dict[str, Any]]) -> float:
    """How long the push took; it must be taken whole."""
    started = time.perf_counter()
    answer = session.post(f"{base}/api/v1/sync/checkins/push", json=batch, timeout=30)
    elapsed = (time.perf_counter() - started) * 1000
    if answer.status_code != 200 or answer.json() != []:
        raise SystemExit(f"the push was not taken: {answer.status_code} {answer.text[:200]}")
    return elapsed

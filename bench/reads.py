"""`GET /checkins` with 30 rows, signed in, against a bare Flask endpoint on the same kind of web process."""

from datetime import UTC, datetime, timedelta

import requests

from bench.harness import median_ratio, report, requests_per_second, served
from server.database import uuid7

ROUNDS = 5


def main() -> None:
    """Print the ratio of requests a second."""
    with served("wsgi:app") as ours, served("bench.bare:app") as bare:
        cookies = person_with_thirty_checkins(ours)
        pairs = [
            (
                requests_per_second(f"{ours}/api/v1/checkins?limit=30", cookies),
                requests_per_second(f"{bare}/rows", {}),
            )
            for _ in range(ROUNDS)
        ]
    ours_rate, bare_rate = pairs[ROUNDS // 2]
    print(f"   GET /checkins {ours_rate:.0f}/s, bare Flask {bare_rate:.0f}/s")
    report("GET /checkins, 30 rows, to a bare Flask JSON endpoint", f"{median_ratio(pairs):.0%}", ">= 40 %")


def person_with_thirty_checkins(base: str) -> dict[str, str]:
    """Cookies of a fresh account that has checked in thirty times."""
    with requests.Session() as session:
        session.post(f"{base}/api/v1/accounts", json={"timezone": "UTC", "locale": "en"}, timeout=10).raise_for_status()
        moment = datetime.now(UTC) - timedelta(days=30)
        for day in range(30):
            body = {"felt_at": (moment + timedelta(days=day)).isoformat(), "mood": day % 5 + 1, "feelings": ["sad"]}
            session.put(f"{base}/api/v1/checkins/{uuid7()}", json=body, timeout=10).raise_for_status()
        return session.cookies.get_dict()

"""The baseline for reads: a bare Flask endpoint that answers the same JSON from memory."""

from flask import Flask

ROWS = [
    {
        "id": f"019373a5-2f3c-7c4b-8f3e-0a1b2c3d{n:04x}",
        "rev": n,
        "_deleted": False,
        "felt_at": "2026-11-24T20:14:00Z",
        "mood": 3,
        "feelings": ["sad", "lonely"],
        "contexts": ["alone_at_night"],
        "sealed_note": None,
    }
    for n in range(30)
]
app = Flask(__name__)


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "alive"}


@app.get("/rows")
def rows() -> dict[str, object]:
    return {"items": ROWS, "after": None}

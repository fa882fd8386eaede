"""An off-the-shelf RxDB client, two devices of it, against the sync calls as they are."""

import json
import subprocess
from pathlib import Path

import requests
from flask import Flask

from tests.conftest import ROOT
from tests.records.samples import API
from tests.support.services import free_port
from tests.support.serving import serving

NODE = ROOT / ".venv" / "node-bin" / "node"
CLIENT = Path(__file__).parent.parent / "rxdb" / "devices.mjs"


def test_two_rxdb_devices_and_the_server_end_with_the_same_records(any_database_app: Flask) -> None:
    port = free_port()
    with serving(any_database_app, port), requests.Session() as session:
        base = f"http://127.0.0.1:{port}"
        session.post(f"{base}{API}/accounts", json={"timezone": "UTC", "locale": "en"}, timeout=10).raise_for_status()
        cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.get_dict().items())
        done = subprocess.run([NODE, CLIENT, base, cookie], capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        held = json.loads(done.stdout)
        pulled = session.get(f"{base}{API}/sync/checkins/pull?since=0", timeout=10).json()["documents"]
    live = [document for document in pulled if not document.pop("_deleted")]
    for document in [*held["phone"], *held["tablet"], *live]:
        # A device that pulls while its push is under way may know what it pushed but not the revision it was given.
        document.pop("rev", None)
    assert held["phone"] == held["tablet"] == sorted(live, key=lambda document: document["id"])
    assert {document["id"][-1]: document["mood"] for document in live} == {"1": 4, "3": live_mood(live), "4": 2, "5": 2}


def live_mood(documents: list[dict[str, object]]) -> object:
    """Whichever of the two edits of the third record came first: one of them, on every device the same."""
    [mood] = [document["mood"] for document in documents if str(document["id"]).endswith("3")]
    assert mood in {1, 5}
    return mood

"""Eight writers and a polling reader of one person: a cursor never passes a change that it has not seen"""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from server.database import uuid7
from tests.conftest import person, same_device
from tests.records.samples import API, document, row

WRITERS, PUSHES, ROWS = 8, 12, 2


def write(client: FlaskClient) -> list[str]:
    """Push again and again; the ids whose push was acknowledged."""
    acknowledged = []
    for _ in range(PUSHES):
        documents = [document() for _ in range(ROWS)]
        answer = client.post(f"{API}/sync/checkins/push", json=[row(one) for one in documents])
        assert answer.status_code == 200, answer.text
        assert answer.get_json() == []
        acknowledged += [one["id"] for one in documents]
    return acknowledged


def read_until(client: FlaskClient, finished: threading.Event) -> list[dict[str, Any]]:
    """Poll with the checkpoint, in small pages, until the writers are done and nothing more comes."""
    seen: list[dict[str, Any]] = []
    since = 0
    while True:
        was_finished = finished.is_set()
        page = client.get(f"{API}/sync/checkins/pull?since={since}&limit=7").get_json()
        seen += page["documents"]
        since = page["checkpoint"]["rev"]
        if was_finished and not page["documents"]:
            return seen


def test_a_polling_reader_sees_every_record_once_and_in_order(any_database_app: Flask) -> None:
    client, finished = person(any_database_app), threading.Event()
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(read_until, same_device(any_database_app, client), finished)
        writers = [pool.submit(write, same_device(any_database_app, client)) for _ in range(WRITERS)]
        acknowledged = [record_id for writer in writers for record_id in writer.result()]
        finished.set()
        seen = reader.result()
    assert len(acknowledged) == WRITERS * PUSHES * ROWS
    assert sorted(one["id"] for one in seen) == sorted(acknowledged)
    assert [one["rev"] for one in seen] == list(range(1, len(acknowledged) + 1))


def test_of_eight_edits_of_the_same_state_one_is_taken(any_database_app: Flask) -> None:
    client, record_id = person(any_database_app), uuid7()
    url = f"{API}/checkins/{record_id}"
    first = client.put(url, json=document(id=record_id, mood=1, feelings=[])).get_json()
    edits = [{**first, "feelings": [f"writer-{number}"]} for number in range(WRITERS)]
    devices = [same_device(any_database_app, client) for _ in edits]
    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(lambda device, edit: device.put(url, json=edit), devices, edits))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (WRITERS - 1)
    current = client.get(url).get_json()
    assert current["rev"] == 2
    assert all(a.get_json()["current"] == current for a in answers if a.status_code == 409)


def test_the_same_new_record_from_eight_devices_is_stored_once(any_database_app: Flask) -> None:
    client, new = person(any_database_app), document()
    devices = [same_device(any_database_app, client) for _ in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(lambda device: device.post(f"{API}/sync/checkins/push", json=[row(new)]), devices))
    assert [answer.get_json() for answer in answers] == [[]] * WRITERS
    assert client.get(f"{API}/sync/checkins/pull").get_json()["documents"] == [{"rev": 1, **new}]

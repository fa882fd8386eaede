"""Three devices of one person and a network that loses, repeats and reorders: nothing written is ever missing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from werkzeug.test import TestResponse

from server.clock import now
from server.database import uuid7
from server.records import tombstones
from tests.conftest import person
from tests.records.device import COLLECTIONS, PAGE, Device, content, seal, unseal
from tests.records.samples import API

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = 86_400.0
#: Well-known ids, which every device gives to the same item of the library.
ITEMS = {
    "readings/why-it-is-powerful": "00000000-0000-7a11-8000-000000000001",
    "guides/the-first-night": "00000000-0000-7a11-8000-000000000002",
}
DEVICES = st.integers(0, 2)
FATES = st.sampled_from(["arrives", "arrives", "arrives", "request lost", "answer lost", "request late"])


class Devices(RuleBasedStateMachine):
    """`app` is set by the test."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.travel = time_machine.travel(START, tick=False)
        self.clock = self.travel.start()
        self.devices = [Device(person(self.app), 0)]
        for ahead_by in (-3650 * DAY, 3 * 365 * DAY):
            self.devices.append(Device(self.app.test_client(), ahead_by))
        self.share_the_session()
        self.late: list[Callable[[], TestResponse]] = []
        self.words: dict[str, str] = {}
        self.given_up: set[str] = set()
        self.progress: dict[str, float] = {}

    def teardown(self) -> None:
        try:
            self.everybody_agrees_and_nothing_is_missing()
        finally:
            self.travel.stop()

    @initialize()
    def letters_that_all_devices_know(self) -> None:
        for _ in range(2 * PAGE):
            self.write(0, "journal")
        for device in self.devices:
            device.sync(self.carry("arrives"))

    @rule(place=DEVICES, kind=st.sampled_from(["journal", "letter"]))
    def write(self, place: int, kind: str) -> None:
        device = self.devices[place]
        moment = (now() + timedelta(seconds=device.ahead_by)).isoformat()
        letter: dict[str, Any] = {"id": uuid7(), "_deleted": False, "kind": kind, "written_at": moment, "prompt": None}
        letter |= {"sealed_title": None, "opens_on": None}
        device.save("letters", {**letter, "sealed_text": seal(self.new_word(letter["id"]))})

    @rule(place=DEVICES, choice=st.randoms(use_true_random=False))
    def add_words(self, place: int, choice: Any) -> None:
        device = self.devices[place]
        if letter := self.some_letter(device, choice):
            text = f"{unseal(letter['sealed_text'])} {self.new_word(letter['id'])}"
            device.save("letters", {**letter, "sealed_text": seal(text)})

    @rule(place=DEVICES, choice=st.randoms(use_true_random=False))
    def choose_a_day(self, place: int, choice: Any) -> None:
        device = self.devices[place]
        if letter := self.some_letter(device, choice):
            day = START.date() + timedelta(days=choice.randrange(100))
            device.save("letters", {**letter, "opens_on": day.isoformat()})

    @rule(place=DEVICES, choice=st.randoms(use_true_random=False))
    def delete(self, place: int, choice: Any) -> None:
        device = self.devices[place]
        if letter := self.some_letter(device, choice):
            self.given_up |= set(unseal(letter["sealed_text"]).split())
            device.save("letters", {**letter, "_deleted": True})

    @rule(place=DEVICES, item=st.sampled_from(list(ITEMS)), step=st.integers(1, 4))
    def read_on(self, place: int, item: str, step: int) -> None:
        device = self.devices[place]
        mark = device.records["marks"].get(ITEMS[item])
        blank = {"id": ITEMS[item], "_deleted": False, "item": item, "saved": False, "progress": 0.0, "place": 0.0}
        nothing = {"read_at": None, "done_at": None, "times_done": 0, "helped": None}
        mark = mark or {**blank, **nothing}
        reached = min(1.0, mark["progress"] + step / 8)
        device.save("marks", {**mark, "progress": reached})
        self.progress[item] = max(self.progress.get(item, 0.0), reached)

    @rule(place=DEVICES, fate=FATES)
    def sync(self, place: int, fate: str) -> None:
        self.devices[place].sync(self.carry(fate))

    @rule(newest_first=st.booleans())
    def late_requests_arrive(self, newest_first: bool) -> None:
        for request in reversed(self.late) if newest_first else self.late:
            request()
        self.late = []

    @rule(days=st.sampled_from([0.5, 3, 30, 200]))
    def time_passes(self, days: float) -> None:
        """No network keeps a request for days; the session lives on, since one device looks in."""
        self.late = []
        self.clock.shift(timedelta(days=days))
        self.share_the_session()
        with self.app.app_context():
            tombstones.collect()

    @rule(place=DEVICES, choice=st.randoms(use_true_random=False))
    def one_device_is_away_while_another_deletes(self, place: int, choice: Any) -> None:
        """What this device may still hold, and may have changed, is forgotten by the server meanwhile."""
        self.sync((place + 1) % 3, "arrives")
        self.delete((place + 1) % 3, choice)
        self.sync((place + 1) % 3, "arrives")
        self.time_passes(200)

    @invariant()
    def what_a_person_wrote_is_on_their_device_until_it_is_given_up(self) -> None:
        for device in self.devices:
            for letter in device.live("letters").values():
                assert unseal(letter["sealed_text"])

    def everybody_agrees_and_nothing_is_missing(self) -> None:
        for request in self.late:
            request()
        for _ in range(6):
            for device in self.devices:
                assert device.sync(self.carry("arrives"))
        for collection in COLLECTIONS:
            assert not any(device.outbox[collection] for device in self.devices)
            held = self.on_the_server(collection)
            for device in self.devices:
                assert device.live(collection) == held, collection
        texts = {key: unseal(one["sealed_text"]).split() for key, one in self.on_the_server("letters").items()}
        for word, record_id in self.words.items():
            assert word in self.given_up or word in texts.get(record_id, []), f"{word} is missing"
        reached = {one["item"]: one["progress"] for one in self.on_the_server("marks").values()}
        assert reached == self.progress

    def share_the_session(self) -> None:
        first, *others = (device.client for device in self.devices)
        assert first.get(f"{API}/accounts/me").status_code == 200
        cookie = first.get_cookie("heartwood")
        assert cookie is not None
        for other in others:
            other.set_cookie("heartwood", cookie.value)

    def on_the_server(self, collection: str) -> dict[str, Any]:
        documents = self.devices[0].client.get(f"{API}/sync/{collection}/pull?limit=200").get_json()["documents"]
        assert len({document["id"] for document in documents}) == len(documents) < 200
        return {one["id"]: content(one) for one in documents if not one["_deleted"]}

    def carry(self, fate: str) -> Callable[[Callable[[], TestResponse]], TestResponse | None]:
        def carried(request: Callable[[], TestResponse]) -> TestResponse | None:
            if fate == "request late":
                self.late.append(request)
            if fate in {"request late", "request lost"}:
                return None
            answer = request()
            return None if fate == "answer lost" else answer

        return carried

    def new_word(self, record_id: str) -> str:
        word = f"word{len(self.words)}"
        self.words[word] = record_id
        return word

    @staticmethod
    def some_letter(device: Device, choice: Any) -> dict[str, Any] | None:
        letters = device.live("letters")
        if not letters:
            return None
        return {**device.records["letters"][choice.choice(sorted(letters))]}


def test_three_devices_and_a_bad_network_lose_nothing(any_database_app: Flask) -> None:
    machine = type("Run", (Devices,), {"app": any_database_app})
    calm = settings(
        max_examples=25,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=calm)

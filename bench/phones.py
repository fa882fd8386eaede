"""Phones for the load test: each is a person with a cookie and a connection of its own.

A visit is what the app does when a nudge is pressed: it asks for the library (304), pulls what is new (the first answer
tells that no other collection changed), pushes a check-in, pulls its revision, and says what became of the nudge.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp

from server.database import uuid7

API = "/api/v1"
#: Rows that a person already has, so that a pull is not of nothing.
HISTORY = 30
SETTING_UP = 16
TIMEOUT = aiohttp.ClientTimeout(total=120)


@dataclass(slots=True)
class Tally:
    """Seconds of each call by name, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    visits: list[float] = field(default_factory=list)

    def add(self, name: str, seconds: float) -> None:
        self.seconds.setdefault(name, []).append(seconds)


@dataclass(slots=True)
class Phone:
    """What a phone knows between visits."""

    account: str
    cookies: dict[str, str]
    etag: str
    checkpoint: int
    #: The nudge that is pressed at the next visit.
    delivery: str = ""


async def make_phone(base: str) -> Phone:
    """A new person with some weeks of check-ins."""
    async with aiohttp.ClientSession(base, cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=TIMEOUT) as session:
        async with session.post(f"{API}/accounts", json={"timezone": "Europe/Dublin", "locale": "en"}) as answer:
            answer.raise_for_status()
            account = (await answer.json())["id"]
        rows = [new_checkin(days) for days in range(HISTORY)]
        async with session.post(f"{API}/sync/checkins/push", json=rows) as answer:
            answer.raise_for_status()
        async with session.get(f"{API}/sync/checkins/pull?since=0") as answer:
            checkpoint = (await answer.json())["checkpoint"]["rev"]
        async with session.get(f"{API}/library/bundle") as answer:
            etag = answer.headers["ETag"]
        cookies = {cookie.key: cookie.value for cookie in session.cookie_jar}
    return Phone(account, cookies, etag, checkpoint)


def new_checkin(days_ago: int) -> dict[str, object]:
    """A row of a push."""
    felt_at = (datetime.now(UTC) - timedelta(days=days_ago)).isoformat()
    state = {"id": uuid7(), "felt_at": felt_at, "mood": 3, "feelings": ["sad"], "contexts": [], "_deleted": False}
    return {"newDocumentState": {**state, "sealed_note": {"v": 1, "iv": "A" * 16, "ct": "A" * 120}}}


async def visit(base: str, phone: Phone, tally: Tally, wait: float) -> None:
    """A nudge is pressed after `wait` seconds, the app opens."""
    await asyncio.sleep(wait)
    began = time.perf_counter()
    jar = aiohttp.CookieJar(unsafe=True)
    jar.update_cookies(phone.cookies)
    connector = aiohttp.TCPConnector(limit=2)
    async with aiohttp.ClientSession(base, cookie_jar=jar, connector=connector, timeout=TIMEOUT) as session:
        await call(session, tally, "library", "GET", "/library/bundle", {"If-None-Match": phone.etag}, 304)
        pull = f"/sync/checkins/pull?since={phone.checkpoint}"
        await call(session, tally, "pull", "GET", pull, None, 200)
        await call(session, tally, "push", "POST", "/sync/checkins/push", None, 200, [new_checkin(0)])
        await call(session, tally, "pull", "GET", pull, None, 200)
        phone.checkpoint += 1
        said = {"outcome": "checked_in"}
        await call(session, tally, "outcome", "POST", f"/nudges/{phone.delivery}/outcome", None, 204, said)
    tally.visits.append(time.perf_counter() - began)


async def call(
    session: aiohttp.ClientSession, tally: Tally, name: str, method: str, path: str,
    headers: dict[str, str] | None, wanted: int, body: object = None,
) -> None:  # fmt: skip
    """One request; anything but the wanted status is an error."""
    started = time.perf_counter()
    try:
        async with session.request(method, API + path, json=body, headers=headers) as answer:
            await answer.read()
            if answer.status != wanted:
                tally.errors[f"{name}: {answer.status}"] += 1
    except (aiohttp.ClientError, TimeoutError) as error:
        tally.errors[f"{name}: {type(error).__name__}"] += 1
    tally.add(name, time.perf_counter() - started)


async def make_phones(base: str, count: int) -> list[Phone]:
    """Some at a time: this part is not measured."""
    gate = asyncio.Semaphore(SETTING_UP)

    async def one() -> Phone:
        async with gate:
            return await make_phone(base)

    return list(await asyncio.gather(*(one() for _ in range(count))))


async def wave(base: str, phones: list[Phone], over: float) -> Tally:
    """All phones visit once, starting evenly over `over` seconds."""
    tally = Tally()
    await asyncio.gather(*(visit(base, phone, tally, over * n / len(phones)) for n, phone in enumerate(phones)))
    return tally

"""A person with years of entries signs in on a new phone: how long until all is there, and whether taps wait for it."""

import base64
import os
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from playwright.sync_api import Page, sync_playwright

from bench.harness import report, served
from server.accounts.recovery import to_secret
from server.database import uuid7
from tools.browser import system_browser

RECORDS = 10_000
PAGE = 200
#: Every third check-in has a note, sealed as the app seals it.
NOTE = "Rain again. I made soup and did not look at the phone until nine."

WATCH = """() => {
    window.longest = 0
    new PerformanceObserver((list) => {
        for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration)
    }).observe({ type: 'longtask' })
    window.copied = new Promise((done) => {
        new BroadcastChannel('heartwood').onmessage = ({ data }) => {
            if (data.type === 'sync' && data.state.status === 'idle') done(performance.now())
        }
    })
}"""
TAP = """async () => {
    const started = performance.now()
    document.querySelector('details[open] form button:not([type])').click()
    return { total: (await window.copied) - started, longest: window.longest }
}"""


def main() -> None:
    """Print the time of the first copy and the longest single block of the page's thread."""
    with served("wsgi:app") as base, sync_playwright() as playwright:
        code = person_with_entries(base, RECORDS)
        browser = playwright.chromium.launch(executable_path=system_browser(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        measured = first_copy(page, base, code)
        page.goto(f"{base}/rings/entries")
        page.get_by_text(re.compile(f"{RECORDS // 1000},?000 check-ins")).wait_for()
        browser.close()
    report(f"first copy of {RECORDS:,} records into the app", f"{measured['total'] / 1000:.2f} s", "<= 3 s")
    report("longest block of the page's thread meanwhile", f"{measured['longest']:.0f} ms", "<= 50 ms")


def first_copy(page: Page, base: str, code: str) -> dict[str, float]:
    """Milliseconds from the tap that joins this phone to the last record kept, and of the longest task in between."""
    page.goto(f"{base}/settings/account/sign-in")
    page.get_by_text("My recovery sheet").click()
    page.get_by_label("Recovery code").fill(code)
    page.evaluate(WATCH)
    measured: dict[str, float] = page.evaluate(TAP)
    return measured


def person_with_entries(base: str, records: int) -> str:
    """The recovery code of a fresh account with two check-ins a day and its vault key wrapped by that code."""
    key = os.urandom(32)
    with requests.Session() as session:
        made = session.post(f"{base}/api/v1/accounts", json={"timezone": "UTC", "locale": "en"}, timeout=10).json()
        code: str = made["recovery_code"]
        derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"heartwood/recovery/wrap")
        wrapped = sealed(derivation.derive(to_secret(code)), key, "account/wrapped_keys/recovery")
        session.put(f"{base}/api/v1/accounts/me/recovery", json={"wrapped_key": wrapped}, timeout=10).raise_for_status()
        for first in range(0, records, PAGE):
            rows = [{"newDocumentState": entry(key, number)} for number in range(first, min(first + PAGE, records))]
            session.post(f"{base}/api/v1/sync/checkins/push", json=rows, timeout=30).raise_for_status()
    return code


def entry(key: bytes, number: int) -> dict[str, Any]:
    """A check-in of `number` half days ago."""
    record_id = uuid7()
    note = sealed(key, NOTE.encode(), f"checkins/{record_id}/sealed_note") if number % 3 == 0 else None
    felt_at = datetime.now(UTC) - timedelta(hours=12 * number + 1)
    return {"id": record_id, "felt_at": felt_at.isoformat(), "mood": number % 5 + 1, "feelings": ["sad", "tired"],
            "contexts": ["work"], "sealed_note": note}  # fmt: skip


def sealed(key: bytes, clear: bytes, place: str) -> dict[str, Any]:
    """An envelope as the app makes it (docs/accounts.md)."""
    iv = os.urandom(12)
    ciphertext = AESGCM(key).encrypt(iv, clear, place.encode())
    return {"v": 1, "iv": _text(iv), "ct": _text(ciphertext)}


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

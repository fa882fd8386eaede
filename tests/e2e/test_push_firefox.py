"""A real Firefox: it subscribes in the app, reads what the server encrypts, shows it, and what is pressed counts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Site
from tests.e2e.pushing import neutral_titles, nudged
from tests.support.firefox import Firefox, firefox
from tests.support.push_service import PushService

PLAN = "(await (await fetch('/api/v1/nudges/plan')).json())"
HISTORY = "(await (await fetch('/api/v1/nudges')).json()).items"
CHECK_INS = "(await (await fetch('/api/v1/checkins')).json()).items"


@pytest.fixture
def browser_on_desk(push_service: PushService, tmp_path: Path) -> Iterator[Firefox]:
    """A Firefox that hangs on the emulated push service, and lets sites notify."""
    allowed = {"permissions.default.desktop-notification": 1}
    with firefox(tmp_path / "firefox", {**push_service.firefox_preferences(), **allowed}) as browser:
        yield browser


def switch_nudges_on(browser: Firefox, site: Site, kinds: list[str] | None = None) -> datetime:
    """Through the app's own screens, for `kinds` only where given; answers when the first nudge is due."""
    browser.open(site.url)
    browser.press("Begin")
    browser.wait_until("navigator.serviceWorker.controller !== null")
    browser.open(f"{site.url}/settings/nudges")
    browser.press("Turn nudges on")
    browser.wait_until("document.body.textContent.includes('Turn off on this phone')")
    if kinds:
        browser.run(
            "const body = JSON.stringify({ kinds: given[0] }), headers = { 'content-type': 'application/json' };"
            "await fetch('/api/v1/nudges/plan', { method: 'PUT', headers, body })",
            kinds,
        )
    plan: dict[str, Any] = browser.run(f"return {PLAN}")
    return datetime.fromisoformat(plan["next_due_at"])


def test_a_nudge_is_shown_in_neutral_words_and_opens_its_place(
    browser_on_desk: Firefox, site: Site, push_service: PushService
) -> None:
    due = switch_nudges_on(browser_on_desk, site)
    with nudged(site, due) as heard:
        assert push_service.received[0].host == "updates.push.services.mozilla.com"
        shown = browser_on_desk.notification()
        assert shown["title"] in neutral_titles(site)
        sent = browser_on_desk.run(f"return {HISTORY}")
        browser_on_desk.press_notification()
        # Sent by the worker or by the open page, whichever has its turn to sync first.
        heard.wait_for("POST", "/outcome")
    browser_on_desk.wait_until(f"location.pathname === {sent[0]['opens']!r}.split('?')[0]")
    browser_on_desk.wait_for_no_notification()
    assert browser_on_desk.run(f"return {HISTORY}")[0]["outcome"] == "opened"
    assert push_service.firefox_codes == [100]


def test_with_the_app_closed_a_button_checks_in(browser_on_desk: Firefox, site: Site) -> None:
    due = switch_nudges_on(browser_on_desk, site, kinds=["check_in"])
    browser_on_desk.open("about:blank")
    browser_on_desk.stop_service_workers()
    with nudged(site, due) as heard:
        browser_on_desk.notification()
        browser_on_desk.stop_service_workers()
        browser_on_desk.press_button("mood-2")
        heard.wait_for("POST", "/outcome")
        heard.wait_for("POST", "/sync/checkins/push")
    browser_on_desk.wait_for_no_notification()
    browser_on_desk.open(site.url)
    assert [item["mood"] for item in browser_on_desk.run(f"return {CHECK_INS}")] == [2]
    assert browser_on_desk.run(f"return {HISTORY}")[0]["outcome"] == "checked_in"


def test_a_nudge_put_away_is_gone_and_counts_as_dismissed(browser_on_desk: Firefox, site: Site) -> None:
    due = switch_nudges_on(browser_on_desk, site)
    with nudged(site, due) as heard:
        browser_on_desk.notification()
        browser_on_desk.put_notification_away()
        heard.wait_for("POST", "/outcome")
    browser_on_desk.wait_for_no_notification()
    assert browser_on_desk.run(f"return {HISTORY}")[0]["outcome"] == "dismissed"
    assert browser_on_desk.run("return (await (await navigator.serviceWorker.ready).getNotifications()).length") == 0
    assert site.tick_at(due + timedelta(seconds=2)) == 0

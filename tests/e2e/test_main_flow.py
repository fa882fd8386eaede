"""The main job, end to end: install, check in offline, get a nudge."""

import json
from datetime import timedelta
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Problems, Site, begin, ready_for_offline, wait_until
from tests.e2e.pushing import neutral_titles, nudged, shown_notification, switch_nudges_on
from tests.support.push_service import PushService


def test_a_person_installs_checks_in_offline_and_gets_a_nudge(
    phone: BrowserContext, site: Site, push_service: PushService, problems: Problems
) -> None:
    page = phone.pages[0]
    problems.watch(page, site)
    page.goto(site.url)
    expect_installable(phone, page)
    begin(page)
    check_in(page, "low")
    ready_for_offline(page)

    phone.set_offline(True)
    page.reload()
    read_something_never_opened(page)
    page.get_by_role("link", name="Today").click()
    check_in(page, "steady")
    phone.set_offline(False)

    due = switch_nudges_on(phone, page, site)
    expect_both_on_the_server_once(page)

    with nudged(site, due):
        assert len(push_service.received) == 1
        assert site.tick_at(due + timedelta(seconds=2)) == 0
        nudge = shown_notification(page)
    assert "breakup" not in (nudge["title"] + nudge["body"]).lower()
    assert nudge["title"] in neutral_titles(site)
    press(phone, nudge)
    expect_opened_right_place(page, site, nudge)


def expect_installable(phone: BrowserContext, page: Page) -> None:
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    devtools = phone.new_cdp_session(page)
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert devtools.send("Page.getAppManifest")["errors"] == []


def check_in(page: Page, mood: str) -> None:
    page.get_by_role("group", name="How is it").get_by_role("button", name=mood, exact=True).click()
    expect(page.get_by_text(f"{mood}, saved on this phone at").first).to_be_visible()


def read_something_never_opened(page: Page) -> None:
    page.get_by_role("link", name="Read", exact=True).click()
    page.get_by_role("link", name="Boundaries").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("oundaries")
    expect(page.get_by_role("main")).to_contain_text("A question to sit with")


def expect_both_on_the_server_once(page: Page) -> None:
    wait_until(
        page,
        "async () => (await (await fetch('/api/v1/checkins')).json()).items.length === 2",
    )
    items = page.evaluate("fetch('/api/v1/checkins').then((answer) => answer.json())")["items"]
    assert sorted(item["mood"] for item in items) == [2, 3]


def press(phone: BrowserContext, nudge: dict[str, Any]) -> None:
    """Press the notification. A click made by script may not open windows, so the open page is what must move."""
    worker = phone.service_workers[0]
    worker.evaluate(
        """async (tag) => {
            const [notification] = await registration.getNotifications({ tag })
            const event = new NotificationEvent('notificationclick', { notification, action: '' })
            const work = []
            Object.defineProperty(event, 'waitUntil', { value: (promise) => work.push(promise) })
            dispatchEvent(event)
            await Promise.allSettled(work)
        }""",
        nudge["tag"],
    )


def expect_opened_right_place(page: Page, site: Site, nudge: dict[str, Any]) -> None:
    opens = nudge["data"]["opens"]
    page.wait_for_url(lambda url: url.split("?")[0] == site.url + opens.split("?")[0], timeout=15_000)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wait_until(
        page,
        "async () => (await (await fetch('/api/v1/nudges')).json()).items[0]?.outcome === 'opened'",
    )
    sent = page.evaluate("fetch('/api/v1/nudges').then((answer) => answer.json())")["items"]
    assert len(sent) == 1, json.dumps(sent)

"""A real Chromium: pushes that come while the app or the browser is closed, and subscriptions that mend themselves."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from server.push import keys
from server.push import service as push
from tests.e2e.conftest import Problems, Site, begin, wait_until
from tests.e2e.pushing import SHOWN, nudged, shown_notification, switch_nudges_on
from tests.support.overhearing import overhearing
from tests.support.push_service import PushService

#: In a page: what the server calls the endpoint that this browser has now.
ENDPOINT = """async () => {
    const registration = await navigator.serviceWorker.ready
    return (await registration.pushManager.getSubscription())?.endpoint ?? null
}"""

LOSE_IT = """async () => {
    const registration = await navigator.serviceWorker.ready
    await (await registration.pushManager.getSubscription()).unsubscribe()
    return await registration.pushManager.getSubscription()
}"""


@pytest.fixture
def start_phone(
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    push_service: PushService,
    tmp_path: Path,
) -> Iterator[Callable[[], BrowserContext]]:
    """Starts the browser of the one phone; again, once it was closed."""
    started: list[BrowserContext] = []
    arguments = {
        **browser_type_launch_args,
        **browser_context_args,
        "args": [*browser_type_launch_args["args"], *push_service.chromium_arguments()],
        "ignore_default_args": ["--disable-background-networking"],
    }

    def start() -> BrowserContext:
        started.append(playwright.chromium.launch_persistent_context(tmp_path / "profile", **arguments))
        return started[-1]

    yield start
    for context in started:
        context.close()


def with_nudges(phone: BrowserContext, site: Site, problems: Problems) -> tuple[Page, datetime]:
    """The app on a phone with nudges on, and when the first one is due."""
    page = phone.pages[0]
    problems.watch(page, site)
    page.goto(site.url)
    begin(page)
    return page, switch_nudges_on(phone, page, site)


def stop_service_workers(phone: BrowserContext, page: Page) -> None:
    devtools = phone.new_cdp_session(page)
    devtools.send("ServiceWorker.enable")
    devtools.send("ServiceWorker.stopAllWorkers")
    devtools.detach()


def reopen(page: Page, site: Site) -> None:
    """Close the app and open it again."""
    page.goto("about:blank")
    page.goto(site.url)
    expect(page.get_by_role("link", name="Today")).to_be_visible()


def reopen_until_told(page: Page, site: Site) -> None:
    """Open the app again, and wait until the server knows the new subscription."""
    with overhearing(site.app) as heard:
        reopen(page, site)
        heard.wait_for("PUT", "/push/subscriptions")


def restart_with_new_keys(site: Site) -> None:
    with site.app.app_context():
        push.sender().close()
        keys.replace(site.app.config["SETTINGS"].instance_path)
        push.init_app(site.app)


def test_a_nudge_comes_while_the_app_is_closed(phone: BrowserContext, site: Site, problems: Problems) -> None:
    page, due = with_nudges(phone, site, problems)
    page.goto("about:blank")
    stop_service_workers(phone, page)
    with nudged(site, due):
        page.goto(f"{site.url}/settings")
        assert shown_notification(page)["data"]["nudge"]


def test_a_nudge_comes_to_a_browser_that_was_started_again_without_the_app(
    start_phone: Callable[[], BrowserContext], site: Site, problems: Problems, push_service: PushService
) -> None:
    phone = start_phone()
    _, due = with_nudges(phone, site, problems)
    phone.close()
    push_service.wait_for_chromium_to_go()
    phone = start_phone()
    phone.grant_permissions(["notifications"], origin=site.url)
    with nudged(site, due):
        page = phone.pages[0]
        page.goto(f"{site.url}/settings")
        assert shown_notification(page)["data"]["nudge"]


def test_a_nudge_opened_on_another_device_is_cleared_here(
    phone: BrowserContext, site: Site, problems: Problems
) -> None:
    page, due = with_nudges(phone, site, problems)
    with nudged(site, due):
        nudge = shown_notification(page)["data"]["nudge"]
    elsewhere = page.request.post(f"{site.url}/api/v1/nudges/{nudge}/outcome", data={"outcome": "opened"})
    assert elsewhere.status == 204
    reopen(page, site)
    wait_until(page, f"async () => (await ({SHOWN})()).length === 0")


def test_new_keys_of_the_server_reach_the_browser_at_its_next_opening(
    phone: BrowserContext, site: Site, problems: Problems
) -> None:
    page, due = with_nudges(phone, site, problems)
    before = page.evaluate(ENDPOINT)
    restart_with_new_keys(site)
    reopen_until_told(page, site)
    assert page.evaluate(ENDPOINT) not in (None, before)
    with nudged(site, due):
        assert shown_notification(page)["data"]["nudge"]


def test_a_lost_subscription_is_made_again_at_the_next_opening(
    phone: BrowserContext, site: Site, problems: Problems
) -> None:
    page, due = with_nudges(phone, site, problems)
    assert page.evaluate(LOSE_IT) is None
    reopen_until_told(page, site)
    with nudged(site, due):
        assert shown_notification(page)["data"]["nudge"]

"""What the tests of pushes share: nudges on through the app's own screens, and what is shown, looked at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Site
from tests.support.overhearing import Overheard, overhearing

#: In a page: the notifications of the app, as plain data.
SHOWN = """async () => {
    const registration = await navigator.serviceWorker.ready
    return (await registration.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, data }))
}"""


def switch_nudges_on(phone: BrowserContext, page: Page, site: Site) -> datetime:
    """Through the app's own dialogue; answers when the first nudge is due."""
    phone.grant_permissions(["notifications"], origin=site.url)
    page.goto(f"{site.url}/settings/nudges")
    page.get_by_role("button", name="Turn nudges on").click()
    expect(page.get_by_role("button", name="Turn off on this phone")).to_be_visible()
    plan: dict[str, Any] = page.evaluate("fetch('/api/v1/nudges/plan').then((answer) => answer.json())")
    assert plan["enabled"] is True
    assert plan["lock_screen"] == "neutral"
    return datetime.fromisoformat(plan["next_due_at"])


@contextmanager
def nudged(site: Site, due: datetime) -> Iterator[Overheard]:
    """Send the nudge that is due; inside, it is on the screen of the device."""
    with overhearing(site.app) as heard:
        assert site.tick_at(due + timedelta(seconds=1)) == 1
        heard.wait_for_worker()
        yield heard


def shown_notification(page: Page) -> dict[str, Any]:
    """The one notification that is shown.

    Only to be asked once the service worker has shown it: a Chromium that is asked while it is about to show one takes
    it for put away, and forgets it.
    """
    found: list[dict[str, Any]] = page.evaluate(SHOWN)
    assert len(found) == 1, found
    return found[0]


def neutral_titles(site: Site) -> set[str]:
    """Titles that give nothing away, from the content itself."""
    from server.library import service

    with site.app.app_context():
        return {nudge.neutral.title for nudge in service.library("en").nudges}

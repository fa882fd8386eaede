"""Every screen, in any state of account and lock, asks nobody but its own server and breaks no rule of its policy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.e2e.conftest import Site
from tests.e2e.screens import SCREENS
from tests.e2e.ways import add_authenticator, make_a_safe_copy, note_something

POLICY = """
    window.broken = []
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
        window.broken.push([violatedDirective, blockedURI, sourceFile].join(' ')))
"""


def nothing_yet(page: Page, site: Site) -> None:
    """The app as it is after the first screen."""
    page.goto(site.url)


def with_a_safe_copy(page: Page, site: Site) -> None:
    """An account with a check-in, a passkey, and the exit on every screen."""
    add_authenticator(page)
    note_something(page, site, "A note for the lists")
    make_a_safe_copy(page, site)
    page.goto(f"{site.url}/settings/account/passkeys")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("signs in and opens your words")).to_be_visible()
    page.goto(f"{site.url}/settings/lock")
    page.get_by_role("switch", name="Keep it at the top of every screen").check()


def locked(page: Page, site: Site) -> None:
    """Behind a PIN: each screen is then the lock."""
    page.goto(f"{site.url}/settings/lock")
    page.get_by_role("button", name="Lock with a PIN").click()
    page.get_by_label("A PIN of 4 to 8 digits").fill("4711")
    page.get_by_label("The same once more").fill("4711")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("A PIN opens it")).to_be_visible()


@pytest.mark.parametrize("state", [nothing_yet, with_a_safe_copy, locked])
def test_no_screen_breaks_the_policy_or_asks_another_origin(
    app_page: Page, context: BrowserContext, site: Site, state: Callable[[Page, Site], None]
) -> None:
    asked: list[str] = []

    def listen(request: Request) -> None:
        if not request.url.startswith((site.url, "blob:", "data:")):
            asked.append(request.url)

    context.on("request", listen)
    state(app_page, site)
    app_page.add_init_script(POLICY)
    broken = {}
    for name, path in SCREENS.items():
        app_page.goto(site.url + path)
        expect(app_page.get_by_role("heading", level=1).first).to_be_visible()
        app_page.evaluate("document.fonts.ready")
        if found := app_page.evaluate("window.broken"):
            broken[name] = found
    assert broken == {}
    assert asked == []

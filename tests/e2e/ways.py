"""Steps that several tests of the account walk: a virtual authenticator, the safe copy, and the ways back to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.e2e.conftest import Problems, Site, begin

ACCOUNT = "/settings/account"


def add_authenticator(page: Page, prf: bool = True) -> CDPSession:
    """Give a page an authenticator that says yes at once: a phone's own, with or without the PRF extension."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "hasPrf": prf,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


@contextmanager
def second_device(browser: Browser, site: Site, problems: Problems) -> Iterator[Page]:
    """A page on Today in a browser of its own."""
    with browser.new_context(locale="en-GB", reduced_motion="reduce") as context:
        page = context.new_page()
        problems.watch(page, site)
        page.goto(site.url)
        begin(page)
        yield page


def note_something(page: Page, site: Site, note: str, mood: str = "low") -> None:
    """Check in with a note."""
    page.goto(site.url)
    page.get_by_role("group", name="How is it").get_by_role("button", name=mood, exact=True).click()
    page.get_by_role("button", name="Add a feeling or a note").click()
    page.get_by_label("A note, only for you").fill(note)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Change what you added")).to_be_visible()


def make_a_safe_copy(page: Page, site: Site) -> None:
    page.goto(site.url + ACCOUNT)
    page.get_by_role("button", name="Make a safe copy").click()
    expect(page.get_by_text("Kept since")).to_be_visible()
    expect(page.get_by_text("Safe copy made").first).to_be_visible()


def code_on_the_sheet(page: Page, site: Site) -> str:
    page.goto(f"{site.url}{ACCOUNT}/sheet")
    groups = page.locator(".code span")
    expect(groups).to_have_count(7)
    return "-".join(groups.all_inner_texts())


def set_passphrase(page: Page, site: Site, name: str, passphrase: str) -> None:
    page.goto(f"{site.url}{ACCOUNT}/passphrase")
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_label("Passphrase").or_(page.get_by_label("New passphrase")).last.fill(passphrase)
    page.get_by_role("button", name="Set it").or_(page.get_by_role("button", name="Change it")).click()
    expect(page.get_by_role("status").filter(has_text="Set. Your other devices are signed out.")).to_be_visible()


def sign_in_with_the_sheet(page: Page, site: Site, code: str) -> None:
    """Type the code and send it; what follows is the test's to look at."""
    page.goto(f"{site.url}{ACCOUNT}/sign-in")
    page.get_by_text("My recovery sheet").click()
    page.get_by_label("Recovery code").fill(code)
    page.get_by_role("button", name="Bring it over").locator("visible=true").click()


def sign_in_with_the_passphrase(page: Page, site: Site, name: str, passphrase: str) -> None:
    page.goto(f"{site.url}{ACCOUNT}/sign-in")
    page.get_by_text("My name and passphrase").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_role("button", name="Bring it over").locator("visible=true").click()


def clear_this_phone(page: Page, site: Site) -> None:
    page.goto(site.url + ACCOUNT)
    page.get_by_role("button", name="Clear this phone").click()
    page.get_by_role("button", name="Yes, clear this phone").click()
    expect(page.get_by_role("button", name="Begin")).to_be_visible()


def entries(page: Page, site: Site) -> Page:
    """The list of check-ins, open."""
    page.goto(f"{site.url}/rings/entries")
    return page

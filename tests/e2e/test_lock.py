"""The lock of the app: at every start and after time away, with help still in reach."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Problems, Site, begin, wait_until
from tests.e2e.ways import (
    ACCOUNT,
    add_authenticator,
    code_on_the_sheet,
    entries,
    make_a_safe_copy,
    note_something,
)

SECRET = "The ring is in the drawer with the batteries"
PIN = "4711"


def locked(page: Page) -> None:
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()


def set_a_pin(page: Page, site: Site, after: str | None = None) -> None:
    page.goto(f"{site.url}/settings/lock")
    page.get_by_role("button", name="Lock with a PIN").click()
    page.get_by_label("A PIN of 4 to 8 digits").fill(PIN)
    page.get_by_label("The same once more").fill(PIN)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("A PIN opens it")).to_be_visible()
    if after:
        page.get_by_text(after).click()


def unlock(page: Page, pin: str = PIN) -> None:
    page.get_by_role("textbox", name="PIN").fill(pin)
    page.get_by_role("button", name="Unlock", exact=True).click()


def go_away(page: Page, minutes: float) -> None:
    """Leave the app for another one, and come back after so many minutes."""
    page.evaluate(
        """(milliseconds) => {
            const state = (value) => {
                Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => value })
                document.dispatchEvent(new Event('visibilitychange'))
            }
            const now = Date.now
            state('hidden')
            Date.now = () => now() + milliseconds
            state('visible')
            Date.now = now
        }""",
        minutes * 60_000,
    )


def test_the_app_starts_locked_shows_nothing_and_opens_with_the_pin(app_page: Page, site: Site) -> None:
    note_something(app_page, site, SECRET)
    set_a_pin(app_page, site)
    entries(app_page, site)
    locked(app_page)
    assert SECRET not in app_page.content()
    assert app_page.title() == "Heartwood"
    unlock(app_page)
    expect(app_page.get_by_text(SECRET)).to_be_visible()


def test_escape_does_not_open_the_lock(app_page: Page, site: Site) -> None:
    set_a_pin(app_page, site)
    app_page.goto(site.url)
    locked(app_page)
    for _ in range(3):
        app_page.keyboard.press("Escape")
    locked(app_page)
    expect(app_page.get_by_role("link", name="Write")).to_have_count(0)


def test_wrong_pins_lead_to_a_wait_that_outlives_a_restart(app_page: Page, site: Site) -> None:
    set_a_pin(app_page, site)
    app_page.reload()
    for left in (4, 3, 2, 1):
        unlock(app_page, "0000")
        expect(app_page.get_by_text(f"{left} more tr")).to_be_visible()
    unlock(app_page, "0000")
    expect(app_page.get_by_text(re.compile(r"A short wait: 0:(30|2\d)"))).to_be_visible()
    app_page.reload()
    expect(app_page.get_by_text(re.compile(r"A short wait: 0:(30|[12]\d)"))).to_be_visible()
    expect(app_page.get_by_role("textbox", name="PIN")).to_be_disabled()


@pytest.mark.parametrize(
    ("after", "minutes", "locks"),
    [
        ("at once when you leave", 0.01, True),
        ("after a minute away", 0.5, False),
        ("after a minute away", 1.1, True),
        ("after 15 minutes", 14, False),
        ("after 15 minutes", 15.1, True),
    ],
)
def test_it_locks_after_time_away(app_page: Page, site: Site, after: str, minutes: float, locks: bool) -> None:
    set_a_pin(app_page, site, after)
    expect(app_page.get_by_role("radio", name=after)).to_be_checked()
    go_away(app_page, minutes)
    if locks:
        locked(app_page)
    else:
        expect(app_page.get_by_text("A PIN opens it")).to_be_visible()


def test_words_half_written_are_still_there_after_unlocking(app_page: Page, site: Site) -> None:
    set_a_pin(app_page, site, "at once when you leave")
    app_page.get_by_role("link", name="Write").click()
    app_page.get_by_role("link", name="Write in the journal").or_(app_page.locator(".begin a").first).first.click()
    page = app_page.locator("textarea.page")
    page.fill(SECRET)
    go_away(app_page, 1)
    locked(app_page)
    expect(page).not_to_be_visible()
    unlock(app_page)
    expect(page).to_have_value(SECRET)


def test_the_page_is_covered_while_another_window_is_in_front(app_page: Page, site: Site) -> None:
    set_a_pin(app_page, site)
    app_page.evaluate("window.dispatchEvent(new Event('blur'))")
    expect(app_page.get_by_role("main")).not_to_be_visible()
    app_page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(app_page.get_by_role("main")).to_be_visible()


def test_help_is_reached_without_unlocking_and_shows_nothing_personal(app_page: Page, site: Site) -> None:
    note_something(app_page, site, SECRET)
    set_a_pin(app_page, site)
    app_page.goto(site.url)
    locked(app_page)
    app_page.get_by_role("button", name="Help now").click()
    expect(app_page.get_by_role("link", name="Call 999")).to_be_visible()
    expect(app_page.get_by_role("heading", name="Samaritans")).to_be_visible()
    assert SECRET not in app_page.content()
    app_page.get_by_role("button", name="Back to the lock").click()
    locked(app_page)


def test_the_devices_own_lock_opens_it(app_page: Page, site: Site) -> None:
    devtools = add_authenticator(app_page)
    app_page.goto(f"{site.url}/settings/lock")
    app_page.get_by_role("button", name="Lock with this device").click()
    expect(app_page.get_by_text("Fingerprint, face or screen lock opens it")).to_be_visible()
    app_page.reload()
    locked(app_page)
    app_page.get_by_role("button", name="Unlock with this device").click()
    expect(app_page.get_by_text("Fingerprint, face or screen lock opens it")).to_be_visible()
    devtools.detach()
    app_page.reload()
    locked(app_page)


def test_turning_it_off_asks_for_the_pin(app_page: Page, site: Site) -> None:
    set_a_pin(app_page, site)
    app_page.get_by_role("button", name="Turn the lock off").click()
    app_page.get_by_label("Your PIN now").fill("0000")
    app_page.get_by_role("button", name="Unlock").click()
    expect(app_page.get_by_role("alert")).to_contain_text("Not that one.")
    app_page.get_by_label("Your PIN now").fill(PIN)
    app_page.get_by_role("button", name="Unlock").click()
    expect(app_page.get_by_role("button", name="Lock with a PIN")).to_be_visible()
    app_page.reload()
    expect(app_page.get_by_role("button", name="Lock with a PIN")).to_be_visible()


def test_a_forgotten_pin_is_forgiven_to_who_has_the_sheet_and_uses_nothing_up(app_page: Page, site: Site) -> None:
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    code = code_on_the_sheet(app_page, site)
    set_a_pin(app_page, site)
    entries(app_page, site)
    app_page.get_by_role("button", name="I cannot unlock it").click()
    field = app_page.get_by_label("Recovery code")
    field.fill("000G-40R4-0M30-E209-185G-R38E-1YTF")
    app_page.get_by_role("button", name="Unlock", exact=True).click()
    expect(app_page.get_by_role("alert")).to_contain_text("That does not fit.")
    field.fill(code)
    app_page.get_by_role("button", name="Unlock", exact=True).click()
    expect(app_page.get_by_text(SECRET)).to_be_visible()
    assert code_on_the_sheet(app_page, site) == code


def test_without_a_safe_copy_clearing_says_what_it_costs_before_it_does(app_page: Page, site: Site) -> None:
    note_something(app_page, site, SECRET)
    set_a_pin(app_page, site)
    app_page.goto(site.url)
    app_page.get_by_role("button", name="I cannot unlock it").click()
    app_page.get_by_role("button", name="Or clear this phone").click()
    expect(app_page.get_by_text("clearing loses everything on this phone for good")).to_be_visible()
    app_page.get_by_role("button", name="Cancel").click()
    app_page.get_by_role("button", name="Or clear this phone").click()
    app_page.get_by_role("button", name="Yes, clear this phone").click()
    expect(app_page.get_by_role("button", name="Begin")).to_be_visible()


def test_a_button_on_a_notification_works_while_the_app_is_locked(
    phone: BrowserContext, site: Site, problems: Problems
) -> None:
    page = phone.pages[0]
    problems.watch(page, site)
    page.goto(site.url)
    begin(page)
    set_a_pin(page, site)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.goto(site.url)
    locked(page)
    phone.service_workers[0].evaluate(
        """async () => {
            const data = { nudge: null, kind: 'check_in', opens: '/' }
            const notification = { close() {}, data }
            const event = new Event('notificationclick')
            const work = []
            Object.assign(event, { notification, action: 'mood-4', waitUntil: (promise) => work.push(promise) })
            dispatchEvent(event)
            await Promise.allSettled(work)
        }"""
    )
    locked(page)
    unlock(page)
    wait_until(page, "async () => document.body.innerText.includes('lighter')")
    expect(entries(page, site).get_by_role("heading", name="Locked")).to_be_visible()
    unlock(page)
    expect(page.get_by_role("button", name=re.compile("^lighter"))).not_to_have_count(0)
    assert ACCOUNT not in page.url

"""What is being written outlives the app: it is kept when somebody looks away, before any pause has passed."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.ways import entries

#: As when another app comes to the front.
HIDE = """() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })
    document.dispatchEvent(new Event('visibilitychange'))
}"""


def hold_timers(page: Page) -> None:
    """No timer of the page runs from here on."""
    page.evaluate("() => void (window.setTimeout = () => 1)")


def test_a_page_is_kept_as_a_draft_when_the_app_is_left(app_page: Page, site: Site) -> None:
    app_page.goto(f"{site.url}/write/new?kind=journal")
    hold_timers(app_page)
    app_page.locator("textarea.page").fill("The bins again")
    app_page.evaluate(HIDE)
    expect(app_page.get_by_text("Draft kept on this phone")).to_be_visible()
    app_page.goto(f"{site.url}/write/new?kind=journal")
    expect(app_page.locator("textarea.page")).to_have_value("The bins again")


def test_a_note_is_kept_when_the_app_is_left(app_page: Page, site: Site) -> None:
    app_page.get_by_role("group", name="How is it").get_by_role("button", name="low", exact=True).click()
    app_page.get_by_role("button", name="Add a feeling or a note").click()
    hold_timers(app_page)
    app_page.get_by_label("A note, only for you").fill("It rains on the bins")
    app_page.evaluate(HIDE)
    expect(app_page.get_by_text("Change what you added")).to_be_visible()
    expect(entries(app_page, site).get_by_text("It rains on the bins")).to_be_visible()

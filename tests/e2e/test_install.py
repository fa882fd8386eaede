"""How to keep the app on the home screen is shown where each system has it."""

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Problems, Site

IPHONE = "Object.defineProperty(Navigator.prototype, 'standalone', { get: () => false, configurable: true })"


def test_on_an_iphone_it_is_shown_before_the_first_check_in(page: Page, site: Site, problems: Problems) -> None:
    problems.watch(page, site)
    page.add_init_script(IPHONE)
    page.goto(site.url)
    page.get_by_role("button", name="Begin").click()
    steps = page.get_by_role("main").get_by_role("listitem")
    expect(steps).to_have_text(
        ["Tap the Share button in Safari’s bar.", "Choose Add to Home Screen.", "Open Heartwood from there."]
    )
    page.get_by_role("button", name="Go on in the browser").click()
    expect(page.get_by_role("group", name="How is it right now?")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_on_android_the_settings_name_the_menu(app_page: Page, site: Site) -> None:
    app_page.goto(f"{site.url}/settings")
    expect(app_page.get_by_text("Choose Add to Home screen or Install app.")).to_be_visible()


def test_on_a_desktop_the_settings_name_the_address_bar(browser: Browser, site: Site) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{site.url}/settings")
        expect(page.get_by_text("Look for the install sign at the end of the address bar")).to_be_visible()

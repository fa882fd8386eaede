"""The quick exit: another page at once, in every window, and no way back by Back or Forward."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Site, begin

NEUTRAL = "https://www.wikipedia.org/"
WEATHER = "https://www.bbc.com/weather"


@pytest.fixture
def elsewhere(context: BrowserContext) -> BrowserContext:
    """A browser for which the neutral pages are served here, without a network."""
    page = "<title>Elsewhere</title><h1>Elsewhere</h1>"
    for address in (NEUTRAL, WEATHER):
        context.route(address, lambda route: route.fulfill(content_type="text/html", body=page))
    return context


def walk_to_the_exit(page: Page, site: Site) -> None:
    page.goto(site.url)
    begin(page)
    page.get_by_role("link", name="Write").click()
    page.get_by_role("link", name="Help now").click()
    page.get_by_role("link", name="I am not safe").click()
    expect(page.get_by_role("button", name="Leave this page at once")).to_be_visible()


def move(page: Page, way: str) -> None:
    """Press Back or Forward, and wait until the neutral page has taken the place of what was there."""
    with page.expect_event("framenavigated", lambda frame: frame.url == NEUTRAL):
        page.evaluate(f"() => void setTimeout(() => history.{way}())")


def test_back_and_forward_never_show_the_app_again(elsewhere: BrowserContext, page: Page, site: Site) -> None:
    walk_to_the_exit(page, site)
    page.get_by_role("button", name="Leave this page at once").click()
    page.wait_for_url(NEUTRAL)
    for _ in range(3):
        move(page, "back")
        page.wait_for_url(NEUTRAL)
        expect(page.get_by_role("heading", name="Elsewhere")).to_be_visible()
    move(page, "forward")
    page.wait_for_url(NEUTRAL)
    expect(page.get_by_role("heading", name="Elsewhere")).to_be_visible()


def test_every_other_window_leaves_too(elsewhere: BrowserContext, page: Page, site: Site) -> None:
    walk_to_the_exit(page, site)
    other = elsewhere.new_page()
    other.goto(f"{site.url}/write")
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="Leave this page at once").click()
    page.wait_for_url(NEUTRAL)
    other.wait_for_url(NEUTRAL)


def test_the_app_opens_as_ever_when_its_address_is_opened(elsewhere: BrowserContext, page: Page, site: Site) -> None:
    walk_to_the_exit(page, site)
    page.get_by_role("button", name="Leave this page at once").click()
    page.wait_for_url(NEUTRAL)
    page.goto(site.url)
    expect(page.get_by_role("group", name="How is it right now?")).to_be_visible()


def test_the_page_to_leave_for_is_chosen_and_the_button_can_be_on_every_screen(
    elsewhere: BrowserContext, page: Page, site: Site
) -> None:
    page.goto(site.url)
    begin(page)
    page.goto(f"{site.url}/settings/lock")
    page.get_by_label("Leave for").select_option(label="the weather")
    page.get_by_role("switch", name="Keep it at the top of every screen").check()
    page.get_by_role("link", name="Rings").click()
    page.get_by_role("button", name="Leave this page at once").click()
    page.wait_for_url(WEATHER)


def test_an_address_that_is_not_https_is_not_taken(elsewhere: BrowserContext, page: Page, site: Site) -> None:
    page.goto(site.url)
    begin(page)
    page.goto(f"{site.url}/settings/lock")
    page.get_by_label("Leave for").select_option(label="a page of your own")
    page.get_by_label("Its address").fill("javascript:alert(1)")
    page.get_by_label("Its address").blur()
    page.get_by_role("button", name="Try it").click()
    page.wait_for_url(NEUTRAL)

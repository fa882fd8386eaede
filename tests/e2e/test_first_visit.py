"""A first visit on a bad line: what it came for is there before the program and before the library."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.conftest import PHONE, Site, begin

PROGRAM = re.compile(r"/assets/first-[\w-]+\.js")
TABS = re.compile(r"/assets/tabs-[\w-]+\.js")
#: The time after which a page says that it is still waiting.
WAITED = "() => document.getAnimations().find((each) => each.animationName === 'late').finish()"
READING = "/read/readings/boundaries"
EVERYTHING = re.compile(r"/api/v1/library(\?|/bundle)")


def started(page: Page) -> Locator:
    """The mark of the running app."""
    return page.locator("html[data-theme]")


def never(route: Route) -> None:
    route.abort()


def test_a_text_can_be_read_without_any_script(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url + READING)
    expect(page.get_by_role("heading", level=1, name="Boundaries in a relationship")).to_be_visible()
    expect(page.get_by_text("The word sounds stern, like a notice from the council.")).to_be_visible()
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text("For the weeks after a breakup.")).to_be_visible()
    context.close()


def test_a_text_stays_where_it_is_when_the_app_starts_though_the_library_never_comes(page: Page, site: Site) -> None:
    page.route(EVERYTHING, never)
    page.goto(site.url + READING)
    expect(started(page)).to_be_attached()
    expect(page.get_by_text("The word sounds stern, like a notice from the council.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_have_attribute("aria-pressed", "true")


def test_the_library_leaves_the_text_that_is_being_read_untouched(page: Page, site: Site) -> None:
    held: list[Route] = []
    page.route(EVERYTHING, lambda route: held.append(route), times=1)
    page.goto(site.url + READING)
    expect(started(page)).to_be_attached()
    page.evaluate("() => document.querySelector('.prose p').setAttribute('data-here', '')")
    held[0].continue_()
    expect(page.get_by_role("heading", name="Goes well with this")).to_be_visible()
    expect(page.locator("[data-here]")).to_have_count(1)


@pytest.mark.parametrize("movement", ["no-preference", "reduce"])
def test_where_the_program_does_not_come_the_page_says_so_after_a_while(
    browser: Browser, site: Site, movement: Literal["no-preference", "reduce"]
) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion=movement)
    page = context.new_page()
    page.route(PROGRAM, never)
    page.goto(site.url)
    again = page.get_by_role("link", name="Try again")
    expect(again).to_be_hidden()
    page.evaluate(WAITED)
    expect(again).to_be_visible()
    page.unroute(PROGRAM)
    again.click()
    expect(page.get_by_role("button", name="Begin")).to_be_enabled()
    expect(again).to_have_count(0)
    context.close()


def test_a_text_stays_where_the_part_of_the_program_that_shows_it_does_not_come(page: Page, site: Site) -> None:
    page.route(TABS, never)
    with page.expect_event("requestfailed"):
        page.goto(site.url + READING)
    expect(page.get_by_text("The word sounds stern, like a notice from the council.")).to_be_visible()
    page.unroute(TABS)
    page.evaluate(WAITED)
    page.get_by_role("link", name="Try again").click()
    expect(started(page)).to_be_attached()
    expect(page.get_by_text("The word sounds stern, like a notice from the council.")).to_be_visible()


def test_a_screen_that_does_not_come_says_so_and_can_be_tried_again(browser: Browser, site: Site) -> None:
    # The service worker would have it.
    context = browser.new_context(viewport=PHONE, service_workers="block")
    page = context.new_page()
    page.route(TABS, never)
    page.goto(site.url)
    begin(page)
    page.get_by_role("link", name="Rings").click()
    expect(page.get_by_role("alert")).to_contain_text("part of the app is still missing")
    expect(page.get_by_role("link", name="Try again")).to_have_attribute("href", "/rings")
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_role("group", name="How is it right now?")).to_be_visible()
    page.unroute(TABS)
    page.get_by_role("link", name="Rings").click()
    expect(page.get_by_role("heading", level=1, name="Rings")).to_be_visible()
    context.close()


def test_the_page_kept_for_later_has_no_words_of_a_first_visit_in_it(app_page: Page) -> None:
    page = app_page.evaluate("async () => (await (await fetch('/')).text())")
    assert '<div id="app"></div>' in page

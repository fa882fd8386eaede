"""Addresses, the back button, what other apps share, and the manifest's shortcuts."""

import json
import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from server.config import ROOT
from tests.e2e.conftest import Site

MANIFEST = json.loads((ROOT / "pwa/public/manifest.webmanifest").read_text())


def heading(page: Page, name: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def test_a_deep_link_opens_its_place_and_back_leads_to_the_shelf_it_is_on(app_page: Page, site: Site) -> None:
    app_page.goto(f"{site.url}/read/guides/i-was-not-safe")
    heading(app_page, "I was not safe")
    app_page.get_by_role("button", name="Back").click()
    heading(app_page, "Read")
    expect(app_page.get_by_role("link", name="When you need it")).to_have_attribute("aria-current", "true")


def test_the_back_button_goes_through_the_places_and_finds_the_place_on_the_page(app_page: Page, site: Site) -> None:
    app_page.get_by_role("link", name="Read", exact=True).click()
    heading(app_page, "Read")
    app_page.get_by_role("link", name=re.compile("Choosing yourself")).first.click()
    heading(app_page, "Choosing yourself")
    assert app_page.evaluate("scrollY") == 0
    app_page.go_back()
    heading(app_page, "Read")
    app_page.wait_for_function("() => scrollY > 500")
    app_page.go_back()
    expect(app_page.get_by_role("group", name="How is it")).to_be_visible()
    app_page.go_forward()
    heading(app_page, "Read")


def test_back_closes_nothing_that_was_typed(app_page: Page, site: Site) -> None:
    app_page.get_by_role("link", name="Write").click()
    app_page.get_by_role("link", name="A page in the journal").click()
    app_page.get_by_role("textbox", name="The page").fill("Half a sen")
    app_page.go_back()
    expect(app_page.get_by_role("link", name=re.compile("Half a sen"))).to_be_visible()


def test_what_another_app_shares_becomes_a_page(app_page: Page, site: Site) -> None:
    target = MANIFEST["share_target"]
    shared = {"title": "A song", "text": "That one again", "url": "https://example.org/song"}
    query = urlencode({target["params"][name]: value for name, value in shared.items()})
    app_page.goto(f"{site.url}{target['action']}?{query}")
    expect(app_page.get_by_role("textbox", name="Title, if it wants one")).to_have_value("A song")
    expect(app_page.get_by_role("textbox", name="The page")).to_have_value("That one again\nhttps://example.org/song")
    app_page.get_by_role("button", name="Save").click()
    expect(app_page.get_by_role("link", name=re.compile("A song"))).to_be_visible()


@pytest.mark.parametrize("shortcut", MANIFEST["shortcuts"], ids=lambda shortcut: shortcut["name"])
def test_a_shortcut_opens_a_place(app_page: Page, site: Site, shortcut: dict[str, str]) -> None:
    app_page.goto(site.url + shortcut["url"])
    expect(app_page.get_by_role("heading", level=1)).to_be_visible()
    expect(app_page.get_by_text("There is nothing at this address")).to_have_count(0)


def test_an_unknown_address_says_so_and_leads_on(app_page: Page, site: Site) -> None:
    app_page.goto(f"{site.url}/settings/no-such-page")
    heading(app_page, "There is nothing at this address")
    app_page.get_by_role("link", name="Today", exact=True).click()
    expect(app_page.get_by_role("group", name="How is it")).to_be_visible()


def test_help_is_one_tap_from_every_place(app_page: Page, site: Site) -> None:
    for path in ("/", "/read", "/read/readings/boundaries", "/rings", "/write/new", "/settings/look"):
        app_page.goto(site.url + path)
        expect(app_page.get_by_role("heading", level=1)).to_be_visible()
        app_page.get_by_role("link", name="Help now").click()
        expect(app_page.get_by_role("link", name=re.compile("I am not safe"))).to_be_visible()

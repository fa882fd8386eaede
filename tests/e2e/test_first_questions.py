"""Today asks its questions of the first days once: not after an answer in the settings, nor on a second device."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Problems, Site
from tests.e2e.ways import code_on_the_sheet, make_a_safe_copy, note_something, second_device, sign_in_with_the_sheet

FIRST = "When did it end?"
SECOND = "Is there something that keeps you in touch?"


def see_today(page: Page) -> None:
    """Today of a later visit, with the offer of nudges out of the way."""
    page.get_by_role("link", name="Today").click()
    page.get_by_role("button", name="No, thank you").click()
    expect(page.get_by_role("button", name="No, thank you")).to_have_count(0)


def test_what_was_said_in_the_settings_is_not_asked_again_and_is_not_written_over(app_page: Page, site: Site) -> None:
    note_something(app_page, site, "It rains on the bins.")
    app_page.goto(site.url + "/settings/journey")
    app_page.get_by_label("Do not count").check()
    expect(app_page.get_by_role("heading", name="Counting from")).to_have_count(0)
    see_today(app_page)
    expect(app_page.get_by_role("heading", name=FIRST)).to_be_visible()
    app_page.get_by_role("button", name="Skip this").click()
    expect(app_page.get_by_role("heading", name="When are the hard hours?")).to_be_visible()
    expect(app_page.get_by_role("heading", name=SECOND)).to_have_count(0)


def test_a_second_device_does_not_ask_again(app_page: Page, browser: Browser, site: Site, problems: Problems) -> None:
    note_something(app_page, site, "It rains on the bins.")
    make_a_safe_copy(app_page, site)
    code = code_on_the_sheet(app_page, site)
    with second_device(browser, site, problems) as page:
        sign_in_with_the_sheet(page, site, code)
        expect(page.locator(".code span")).to_have_count(7)
        page.goto(site.url)
        expect(page.get_by_role("list", name="Earlier today")).to_be_visible()
        see_today(page)
        expect(page.get_by_role("heading", name=FIRST)).to_have_count(0)


def test_a_file_that_brings_the_journey_back_brings_its_answers(
    app_page: Page, browser: Browser, site: Site, problems: Problems, tmp_path: Path
) -> None:
    note_something(app_page, site, "It rains on the bins.")
    app_page.goto(site.url + "/settings/journey")
    app_page.get_by_label("The day it ended").fill("2026-11-11")
    expect(app_page.get_by_label("Counting from")).to_have_value("2026-11-11")
    app_page.goto(site.url + "/settings/export")
    with app_page.expect_download() as saving:
        app_page.get_by_role("button", name="Everything as one file").click()
    saving.value.save_as(tmp_path / "all.json")
    with second_device(browser, site, problems) as page:
        page.goto(site.url + "/settings/export")
        page.locator("input[type=file]").set_input_files(tmp_path / "all.json")
        page.get_by_role("button", name="Add them").click()
        expect(page.get_by_text("2 entries added.").first).to_be_visible()
        see_today(page)
        expect(page.get_by_role("heading", name=FIRST)).to_have_count(0)

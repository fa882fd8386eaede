"""The ten minutes: what is said of how they ended counts, and a press on the wrong button is taken back."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Site


def count_days(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/settings/journey")
    page.get_by_label("Counting from").fill("2026-01-01")
    page.get_by_role("link", name="Today").click()
    expect(unbroken(page)).to_be_visible()


def unbroken(page: Page) -> Locator:
    return page.get_by_text("Quiet ground, a day at a time.")


def say(page: Page, site: Site, how: str) -> None:
    page.goto(f"{site.url}/help/urge")
    page.get_by_role("button", name=how).click()
    expect(page.get_by_role("link", name="Back to Today")).to_be_visible()


def take_back(page: Page) -> None:
    page.get_by_role("button", name="I pressed the wrong one").click()
    expect(page.get_by_role("button", name="It passed")).to_be_visible()


def to_today(page: Page) -> None:
    page.get_by_role("link", name="Today", exact=True).click()


def test_having_texted_is_one_hard_day_among_the_others(app_page: Page, site: Site) -> None:
    count_days(app_page, site)
    say(app_page, site, "I did text")
    app_page.get_by_role("link", name="Back to Today").click()
    expect(app_page.get_by_text("One hard day among them. The others are still yours.")).to_be_visible()


def test_a_press_on_the_wrong_button_is_taken_back_and_the_wave_goes_on(app_page: Page, site: Site) -> None:
    count_days(app_page, site)
    say(app_page, site, "I did text")
    take_back(app_page)
    to_today(app_page)
    expect(unbroken(app_page)).to_be_visible()
    say(app_page, site, "It passed")
    take_back(app_page)
    app_page.goto(f"{site.url}/rings")
    expect(app_page.get_by_text("When an urge has passed in Help now, it is counted here.")).to_be_visible()


def test_taking_it_back_leaves_an_earlier_hard_day_where_it_is(app_page: Page, site: Site) -> None:
    count_days(app_page, site)
    say(app_page, site, "I did text")
    say(app_page, site, "I did text")
    take_back(app_page)
    to_today(app_page)
    expect(app_page.get_by_text("One hard day among them.")).to_be_visible()

"""The main flows by role and name, with the keyboard alone; the focus moves with the screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Problems, Site
from tests.e2e.lives import EVENING, live

#: More steps than the longest way through a screen.
FURTHEST = 90


@pytest.fixture
def app(page: Page, site: Site, problems: Problems) -> Page:
    """The phone of somebody with a year of entries."""
    problems.watch(page, site)
    live(page, site, "a-year")
    return page


def reach(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    """Press Tab until the focus is on what has this role and name."""
    dialogue = page.get_by_role("dialog")
    within = dialogue if dialogue.count() else page
    wanted = within.get_by_role(role, name=name, exact=isinstance(name, str)).first  # type: ignore[arg-type]
    wanted.wait_for()
    for _ in range(FURTHEST):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to the {role} {name!r}")


def press(page: Page, role: str, name: str | re.Pattern[str], key: str = "Enter") -> None:
    """Go to it with Tab and press it."""
    reach(page, role, name)
    page.keyboard.press(key)


def expect_focus_on_heading(page: Page, heading: str | re.Pattern[str]) -> None:
    """A new screen is announced: the focus is on its heading."""
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_focused()


def test_a_check_in_with_a_feeling_and_a_note(app: Page) -> None:
    press(app, "button", "low")
    expect(app.get_by_role("status").filter(has_text="saved on this phone at")).to_be_visible()
    press(app, "button", "Add a feeling or a note")
    expect(app.get_by_role("dialog", name="What is it like?")).to_be_visible()
    press(app, "button", "missing them", "Space")
    expect(app.get_by_role("button", name="missing them")).to_have_attribute("aria-pressed", "true")
    reach(app, "textbox", "A note, only for you")
    app.keyboard.type("The bus went past their stop.")
    app.keyboard.press("Escape")
    expect(app.get_by_role("dialog")).to_have_count(0)
    expect(app.get_by_role("button", name="Change what you added")).to_be_focused()


def test_the_first_tab_skips_to_the_page(app: Page) -> None:
    app.keyboard.press("Tab")
    expect(app.get_by_role("link", name="Skip to the page")).to_be_focused()
    app.keyboard.press("Enter")
    expect(app.get_by_role("main")).to_be_focused()


def test_help_now_from_the_wave_to_it_passed(app: Page) -> None:
    press(app, "link", "Help now")
    expect_focus_on_heading(app, "Help now")
    press(app, "link", re.compile("I want to text them"))
    expect_focus_on_heading(app, "This wave will pass")
    expect(app.get_by_role("timer")).to_have_text("10:00 left")
    press(app, "button", "Read my reasons")
    expect(app.get_by_role("dialog", name="My reasons")).to_contain_text("Because Maeve said I hum again.")
    app.keyboard.press("Escape")
    expect(app.get_by_role("button", name="Read my reasons")).to_be_focused()
    press(app, "button", "It passed")
    expect_focus_on_heading(app, "It passed")
    press(app, "button", "strong")
    press(app, "link", "Back to Today")
    expect(app.get_by_role("group", name="How is it right now?")).to_be_visible()
    app.get_by_role("link", name="Rings").click()
    expect(app.get_by_text("waves that you let pass")).to_be_visible()


def test_a_letter_is_written_burned_and_brought_back(app: Page) -> None:
    press(app, "link", "Write")
    press(app, "link", "A letter you will not send")
    expect_focus_on_heading(app, "Letter never sent")
    reach(app, "textbox", "The letter")
    app.keyboard.type("Dear you, the tap still drips.")
    press(app, "button", re.compile("^Burn it"))
    expect_focus_on_heading(app, "Write")
    expect(app.get_by_text("the tap still drips")).to_have_count(0)
    press(app, "button", "Undo")
    expect(app.get_by_role("link", name=re.compile("the tap still drips"))).to_be_visible()


def test_a_letter_is_sealed_away_and_cannot_be_read(app: Page) -> None:
    press(app, "link", "Write")
    press(app, "link", "A letter you will not send")
    reach(app, "textbox", "The letter")
    app.keyboard.type("For later.")
    press(app, "button", re.compile("^Seal it away"))
    reach(app, "textbox", "Open again on") if app.get_by_role("textbox", name="Open again on").count() else None
    app.get_by_role("button", name="Seal it away").last.press("Enter")
    expect_focus_on_heading(app, "Write")
    sealed = app.get_by_role("link", name=re.compile("Sealed until 22 February 2027"))
    expect(sealed).to_be_visible()
    expect(app.get_by_text("For later.")).to_have_count(0)


def test_a_reading_is_read_to_its_end_and_answered(app: Page, site: Site) -> None:
    press(app, "link", "Read")
    press(app, "link", re.compile("It puts things in perspective"))
    expect_focus_on_heading(app, re.compile("It puts things in perspective"))
    app.keyboard.press("End")
    press(app, "button", "A little")
    expect(app.get_by_text("Noted. Thank you.")).to_be_visible()
    press(app, "link", "Write about it")
    expect_focus_on_heading(app, "Answer")
    reach(app, "textbox", "Your answer")
    app.keyboard.type("The kitchen, mostly.")
    press(app, "button", "Save")
    expect(app.get_by_text("Answer · 20:14")).to_be_visible()
    app.get_by_role("link", name="Read", exact=True).click()
    expect(app.get_by_role("link", name=re.compile("It puts things in perspective.*read"))).to_be_visible()


def test_a_past_day_is_filled_in(app: Page) -> None:
    press(app, "link", "Rings")
    press(app, "link", "All check-ins")
    expect_focus_on_heading(app, "Check-ins")
    press(app, "button", "Calendar")
    press(app, "button", re.compile("^Wednesday 18 November, 0 check-ins"))
    press(app, "button", "Add an earlier one")
    press(app, "button", "heavy")
    press(app, "button", "Done")
    expect(app.get_by_role("button", name="Wednesday 18 November, 1 check-in")).to_be_visible()
    expect(app.get_by_role("button", name=re.compile("^heavy Wednesday 18 November, 12:00"))).to_be_visible()


# These days read the same whether the browser wants the day or the month first; A is for those that want am or pm.
def test_a_past_day_is_kept_as_the_form_shows_it(app: Page) -> None:
    press(app, "link", "Rings")
    press(app, "link", "All check-ins")
    press(app, "button", "Calendar")
    press(app, "button", re.compile("^Wednesday 18 November, 0 check-ins"))
    press(app, "button", "Add an earlier one")
    expect(app.get_by_role("dialog").get_by_role("button", name="steady")).to_have_attribute("aria-pressed", "true")
    press(app, "button", "Done")
    expect(app.get_by_role("button", name=re.compile("^steady Wednesday 18 November, 12:00"))).to_be_visible()


def test_a_moment_is_typed_in_one_go_and_one_of_last_year_shows_its_year(app: Page) -> None:
    press(app, "link", "Rings")
    press(app, "link", "All check-ins")
    press(app, "button", "Add an earlier one")
    when = app.get_by_role("dialog").get_by_label("When")
    when.focus()
    app.keyboard.type("111120250930A")
    expect(when).to_have_value("2025-11-11T09:30")
    press(app, "button", "Done")
    app.get_by_role("searchbox", name="Search notes and words").fill("")
    while app.get_by_role("button", name="Show more").count():
        app.get_by_role("button", name="Show more").click()
    expect(app.get_by_role("button", name=re.compile("^steady 11 November 2025, 09:30"))).to_be_visible()


def test_a_moment_that_has_not_come_is_not_dropped_in_silence(app: Page) -> None:
    press(app, "link", "Rings")
    press(app, "link", "All check-ins")
    press(app, "button", "Add an earlier one")
    app.get_by_role("dialog").get_by_label("When").focus()
    app.keyboard.type("121220260930A")
    press(app, "button", "Done")
    expect(app.get_by_role("dialog").get_by_role("alert")).to_have_text("That moment has not come yet.")


def test_a_hard_day_is_typed_and_counted(app: Page) -> None:
    press(app, "link", "Settings")
    press(app, "link", "Your journey")
    press(app, "button", "Add a hard day")
    app.get_by_label("Add a hard day").focus()
    app.keyboard.type("11112026")
    press(app, "button", "Add")
    expect(app.get_by_role("button", name="Remove 11 November 2026")).to_be_visible()


def test_the_day_it_ended_begins_the_days_of_space(app_page: Page, site: Site) -> None:
    app_page.clock.set_fixed_time(EVENING)
    app_page.goto(site.url + "/settings/journey")
    app_page.get_by_label("The day it ended").focus()
    app_page.keyboard.type("11112026")
    expect(app_page.get_by_label("Counting from")).to_have_value("2026-11-11")
    app_page.get_by_role("link", name="Today").click()
    expect(app_page.get_by_text("14 days of space")).to_be_visible()


def test_settings_are_reached_and_changed(app: Page) -> None:
    press(app, "link", "Settings")
    press(app, "link", re.compile("^Look and text"))
    expect_focus_on_heading(app, "Look and text")
    reach(app, "radio", "By the hour")
    app.keyboard.press("ArrowRight")
    app.keyboard.press("ArrowRight")
    expect(app.locator("html")).to_have_attribute("data-theme", "dark")
    press(app, "button", "Back")
    expect_focus_on_heading(app, "Settings")
    press(app, "link", "Your journey")
    reach(app, "radio", "Count days without contact")
    app.keyboard.press("ArrowDown")
    app.keyboard.press("ArrowDown")
    expect(app.get_by_role("radio", name="Do not count")).to_be_checked()
    app.get_by_role("link", name="Today").click()
    expect(app.get_by_text("days of space")).to_have_count(0)

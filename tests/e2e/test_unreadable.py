"""A sealed text that somebody moved in the database: said kindly where it would stand, and never written over."""

from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from server.database import transaction
from server.records.models import Letter
from tests.e2e.conftest import Problems, Site
from tests.e2e.ways import code_on_the_sheet, make_a_safe_copy, second_device, sign_in_with_the_sheet

FIRST = "I never told you about the ferry"
SECOND = "The second page, about something else"


def write(page: Page, site: Site, text: str) -> None:
    page.goto(f"{site.url}/write/new?kind=journal")
    page.locator("textarea.page").fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(text)).to_be_visible()


def put_the_second_in_the_place_of_the_first(site: Site) -> dict[str, Any] | None:
    """What somebody with the database might try. Answers the envelope that stands there now."""
    with site.app.app_context(), transaction() as database:
        first, second = database.scalars(sa.select(Letter).order_by(Letter.id)).all()
        first.sealed_text = second.sealed_text
        return first.sealed_text


def test_a_moved_text_is_told_of_kindly_and_stays_as_it_is(
    app_page: Page, browser: Browser, site: Site, problems: Problems
) -> None:
    make_a_safe_copy(app_page, site)
    code = code_on_the_sheet(app_page, site)
    write(app_page, site, FIRST)
    write(app_page, site, SECOND)
    app_page.goto(f"{site.url}/settings/account")
    expect(app_page.get_by_text("Safe copy made").first).to_be_visible()
    moved = put_the_second_in_the_place_of_the_first(site)

    with second_device(browser, site, problems) as other:
        sign_in_with_the_sheet(other, site, code)
        expect(other.locator(".code span")).to_have_count(7)
        other.goto(f"{site.url}/write")
        expect(other.get_by_text(SECOND)).to_be_visible()
        other.get_by_text("This text cannot be opened").click()
        expect(other.get_by_text("It stays as it is.")).to_be_visible()
        expect(other.get_by_role("textbox")).to_have_count(0)
        other.goto(f"{site.url}/settings/account")
        expect(other.get_by_text("Safe copy made").first).to_be_visible()
    app_page.goto(f"{site.url}/write")
    expect(app_page.get_by_text(FIRST)).to_be_visible()
    app_page.goto(site.url)
    expect(app_page.get_by_text("The safe copy is paused")).to_be_visible()
    problems.expect_refusal("401")
    with site.app.app_context(), transaction() as database:
        assert database.scalars(sa.select(Letter).order_by(Letter.id)).all()[0].sealed_text == moved

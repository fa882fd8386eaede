"""A new vault key after a phone was lost: everything sealed anew, the others kindly signed out, a crash survived."""

from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from server.database import db
from server.records.models import CheckIn, Letter
from tests.e2e.conftest import Problems, Site
from tests.e2e.ways import (
    ACCOUNT,
    add_authenticator,
    code_on_the_sheet,
    entries,
    make_a_safe_copy,
    note_something,
    second_device,
    set_passphrase,
    sign_in_with_the_passphrase,
    sign_in_with_the_sheet,
)

SECRET = "They still have my spare key"
ELSEWHERE = "Written on the tablet, signed out by then"
PASSPHRASE = "kettle sleeve harbour moth"


def key_versions(site: Site) -> set[int]:
    """The versions that the sealed texts on the server name."""
    with site.app.app_context():
        notes = db.session.scalars(sa.select(CheckIn.sealed_note)).all()
        texts = db.session.scalars(sa.select(Letter.sealed_text)).all()
    sealed: list[dict[str, Any]] = [each for each in [*notes, *texts] if each]
    return {each.get("k", 1) for each in sealed}


def make_a_new_key(page: Page, site: Site, passphrase: str | None = None) -> None:
    page.goto(f"{site.url}{ACCOUNT}/new-key")
    if passphrase is not None:
        page.get_by_label("Your passphrase").fill(passphrase)
    page.get_by_role("button", name="Make a new key").or_(page.get_by_role("button", name="Finish the change")).click()


def expect_done(page: Page) -> None:
    expect(page.get_by_text("The new key is in place.")).to_be_visible()


def test_a_new_key_seals_everything_anew_and_the_other_device_comes_back_with_what_it_wrote(
    app_page: Page, browser: Browser, site: Site, problems: Problems
) -> None:
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    set_passphrase(app_page, site, "quiet.heron", PASSPHRASE)
    with second_device(browser, site, problems) as tablet:
        sign_in_with_the_passphrase(tablet, site, "quiet.heron", PASSPHRASE)
        expect(tablet.get_by_text("Safe copy made").first).to_be_visible()
        make_a_new_key(app_page, site, PASSPHRASE)
        expect_done(app_page)
        assert key_versions(site) == {2}

        note_something(tablet, site, ELSEWHERE)
        tablet.goto(site.url + ACCOUNT)
        expect(tablet.get_by_text("This device was signed out")).to_be_visible()
        expect(entries(tablet, site).get_by_text(SECRET)).to_be_visible()
        sign_in_with_the_passphrase(tablet, site, "quiet.heron", PASSPHRASE)
        expect(tablet.get_by_text("Safe copy made").first).to_be_visible()
        expect(entries(tablet, site).get_by_text(ELSEWHERE)).to_be_visible()
        expect(tablet.get_by_text(SECRET)).to_be_visible()
    expect(entries(app_page, site).get_by_text(ELSEWHERE)).to_be_visible()
    assert key_versions(site) == {2}
    problems.expect_refusal("401")


def test_the_old_sheet_is_worthless_then_and_the_new_one_opens(
    app_page: Page, browser: Browser, site: Site, problems: Problems
) -> None:
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    old = code_on_the_sheet(app_page, site)
    make_a_new_key(app_page, site)
    expect_done(app_page)
    new = code_on_the_sheet(app_page, site)
    assert new != old
    with second_device(browser, site, problems) as tablet:
        sign_in_with_the_sheet(tablet, site, old)
        expect(tablet.get_by_role("alert")).to_contain_text("This code does not fit.")
        sign_in_with_the_sheet(tablet, site, new)
        expect(tablet.get_by_role("heading", name="Your recovery sheet")).to_be_visible()
        expect(entries(tablet, site).get_by_text(SECRET)).to_be_visible()
    problems.expect_refusal("401")


def test_a_change_that_was_cut_off_goes_on_where_it_stopped(app_page: Page, site: Site) -> None:
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    # The server does its work, and the answer is lost.
    app_page.route("**/api/v1/accounts/me/keys", lambda route: (route.fetch(), route.abort())[1])
    make_a_new_key(app_page, site)
    expect(app_page.get_by_role("alert")).to_contain_text("There is no connection just now.")
    app_page.unroute_all()
    app_page.goto(site.url + ACCOUNT)
    expect(app_page.get_by_text("A change was begun and waits to be finished")).to_be_visible()
    make_a_new_key(app_page, site)
    expect_done(app_page)
    assert key_versions(site) == {2}
    expect(entries(app_page, site).get_by_text(SECRET)).to_be_visible()


def test_the_wrong_passphrase_changes_nothing(app_page: Page, site: Site) -> None:
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    set_passphrase(app_page, site, "quiet.heron", PASSPHRASE)
    make_a_new_key(app_page, site, "not that one at all")
    expect(app_page.get_by_role("alert")).to_contain_text("This is not the passphrase.")
    assert key_versions(site) == {1}


def test_a_passkey_opens_the_words_again_after_one_touch(app_page: Page, site: Site) -> None:
    add_authenticator(app_page)
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    app_page.goto(f"{site.url}{ACCOUNT}/passkeys")
    app_page.get_by_role("button", name="Add a passkey").click()
    expect(app_page.get_by_text("signs in and opens your words")).to_be_visible()
    make_a_new_key(app_page, site)
    expect_done(app_page)
    app_page.get_by_role("link", name="Let my passkeys open my words again").click()
    expect(app_page.get_by_text("your words need another way")).to_be_visible()
    app_page.get_by_role("button", name="Let it open my words").click()
    expect(app_page.get_by_text("signs in and opens your words")).to_be_visible()
    app_page.goto(site.url + ACCOUNT)
    expect(app_page.get_by_text("Chrome on Linux")).to_have_count(1)


def test_somebody_with_no_way_left_goes_on_with_a_new_key(app_page: Page, site: Site) -> None:
    add_authenticator(app_page, prf=False)
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    app_page.goto(f"{site.url}{ACCOUNT}/passkeys")
    app_page.get_by_role("button", name="Add a passkey").click()
    expect(app_page.get_by_text("signs in; your words need another way")).to_be_visible()
    app_page.goto(site.url + ACCOUNT)
    app_page.get_by_role("button", name="Clear this phone").click()
    app_page.get_by_role("button", name="Yes, clear this phone").click()
    app_page.get_by_role("button", name="Begin").wait_for()
    app_page.goto(f"{site.url}{ACCOUNT}/sign-in")
    app_page.get_by_role("button", name="Use a passkey").click()
    app_page.get_by_text("I have none of these any more").click()
    app_page.get_by_role("button", name="Go on with a new key").click()
    expect(app_page.locator(".code span")).to_have_count(7)
    note_something(app_page, site, ELSEWHERE)
    entries(app_page, site)
    expect(app_page.get_by_text(ELSEWHERE)).to_be_visible()
    expect(app_page.get_by_text("This text cannot be opened")).to_be_visible()
    app_page.goto(site.url + ACCOUNT)
    expect(app_page.get_by_text("Safe copy made").first).to_be_visible()

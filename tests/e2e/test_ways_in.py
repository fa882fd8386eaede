"""The ways back to a safe copy in a real browser: passkey, passphrase, a code from another device, the sheet."""

import re
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import Problems, Site
from tests.e2e.ways import (
    ACCOUNT,
    add_authenticator,
    clear_this_phone,
    code_on_the_sheet,
    entries,
    make_a_safe_copy,
    note_something,
    second_device,
    set_passphrase,
    sign_in_with_the_passphrase,
    sign_in_with_the_sheet,
)

SECRET = "I kept the blue mug after all"
ELSEWHERE = "Written on the other one before it joined"
PASSPHRASE = "kettle sleeve harbour moth"


def add_passkey(page: Page, site: Site) -> None:
    page.goto(f"{site.url}{ACCOUNT}/passkeys")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("listitem").filter(has_text="signs in")).to_have_count(1)


def use_passkey(page: Page, site: Site) -> None:
    page.goto(f"{site.url}{ACCOUNT}/sign-in")
    page.get_by_role("button", name="Use a passkey").click()


def test_a_passkey_brings_everything_back_to_an_empty_phone(app_page: Page, site: Site) -> None:
    add_authenticator(app_page)
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    add_passkey(app_page, site)
    expect(app_page.get_by_text("signs in and opens your words")).to_be_visible()
    clear_this_phone(app_page, site)
    use_passkey(app_page, site)
    expect(app_page.get_by_text("Kept since")).to_be_visible()
    expect(entries(app_page, site).get_by_text(SECRET)).to_be_visible()


def test_a_passkey_without_prf_signs_in_and_the_sheet_then_opens_the_words(app_page: Page, site: Site) -> None:
    add_authenticator(app_page, prf=False)
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    code = code_on_the_sheet(app_page, site)
    add_passkey(app_page, site)
    expect(app_page.get_by_text("your words need another way")).to_be_visible()
    clear_this_phone(app_page, site)
    use_passkey(app_page, site)
    expect(app_page.get_by_text("Signed in, but not opened yet")).to_be_visible()
    expect(entries(app_page, site).get_by_text(SECRET)).to_have_count(0)
    sign_in_with_the_sheet(app_page, site, code)
    expect(app_page.get_by_role("heading", name="Your recovery sheet")).to_be_visible()
    expect(entries(app_page, site).get_by_text(SECRET)).to_be_visible()


def test_a_removed_passkey_opens_nothing(app_page: Page, site: Site, problems: Problems) -> None:
    add_authenticator(app_page)
    make_a_safe_copy(app_page, site)
    add_passkey(app_page, site)
    app_page.get_by_role("button", name="Remove").click()
    app_page.get_by_role("button", name="Yes, remove it").click()
    expect(app_page.get_by_role("listitem").filter(has_text="signs in")).to_have_count(0)
    use_passkey(app_page, site)
    expect(app_page.get_by_role("alert")).to_have_text("That passkey opens nothing here. Another way may.")
    problems.expect_refusal("401")


def test_a_name_and_passphrase_open_the_copy_on_another_device_and_merge_what_it_has(
    app_page: Page, browser: Browser, site: Site, problems: Problems
) -> None:
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    set_passphrase(app_page, site, "quiet.heron", PASSPHRASE)
    with second_device(browser, site, problems) as other:
        note_something(other, site, ELSEWHERE, "bright")
        sign_in_with_the_passphrase(other, site, "Quiet.Heron", PASSPHRASE)
        expect(other.get_by_text("Kept since")).to_be_visible()
        expect(other.get_by_text("Safe copy made").first).to_be_visible()
        entries(other, site)
        expect(other.get_by_text(SECRET)).to_be_visible()
        expect(other.get_by_text(ELSEWHERE)).to_be_visible()
    entries(app_page, site)
    expect(app_page.get_by_text(ELSEWHERE)).to_be_visible()


def test_changing_the_passphrase_signs_the_other_device_out_and_loses_nothing_there(
    app_page: Page, browser: Browser, site: Site, problems: Problems
) -> None:
    make_a_safe_copy(app_page, site)
    set_passphrase(app_page, site, "quiet.heron", PASSPHRASE)
    with second_device(browser, site, problems) as other:
        sign_in_with_the_passphrase(other, site, "quiet.heron", PASSPHRASE)
        expect(other.get_by_text("Kept since")).to_be_visible()
        set_passphrase(app_page, site, "quiet.heron", "another four strange words")
        note_something(other, site, ELSEWHERE)
        other.goto(site.url + ACCOUNT)
        expect(other.get_by_text("This device was signed out")).to_be_visible()
        sign_in_with_the_passphrase(other, site, "quiet.heron", PASSPHRASE)
        expect(other.get_by_role("alert")).to_contain_text("do not belong together")
        sign_in_with_the_passphrase(other, site, "quiet.heron", "another four strange words")
        expect(other.get_by_text("Safe copy made").first).to_be_visible()
        expect(entries(app_page, site).get_by_text(ELSEWHERE)).to_be_visible()
    problems.expect_refusal("401")


def show_a_code(page: Page, site: Site) -> str:
    page.goto(f"{site.url}{ACCOUNT}/add")
    page.get_by_role("button", name="Show a code").click()
    groups = page.locator(".code span")
    expect(groups).to_have_count(4)
    expect(page.get_by_role("img", name="A code to scan")).to_be_visible()
    expect(page.get_by_role("timer")).to_contain_text(re.compile(r"(10:00|9:\d\d) left"))
    return "-".join(groups.all_inner_texts())


def test_a_second_device_joins_by_the_address_in_the_qr_code(
    app_page: Page, browser: Browser, site: Site, problems: Problems
) -> None:
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    code = show_a_code(app_page, site)
    asked: list[str] = []
    with second_device(browser, site, problems) as other:
        other.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
        note_something(other, site, ELSEWHERE, "bright")
        other.goto(f"{site.url}/join#{code}")
        other.get_by_role("button", name="Join").wait_for()
        assert other.url == f"{site.url}/join"
        other.get_by_role("button", name="Join").click()
        expect(other.get_by_text("It is here now.")).to_be_visible()
        expect(app_page.get_by_role("heading", name=re.compile("^Joined: "))).to_be_visible()
        expect(entries(other, site).get_by_text(SECRET)).to_be_visible()
        expect(other.get_by_text(ELSEWHERE)).to_be_visible()
    assert not [each for each in asked if code.replace("-", "") in each.replace("-", "").split("#")[0]]


def test_a_code_can_be_typed_and_works_once(app_page: Page, browser: Browser, site: Site, problems: Problems) -> None:
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    code = show_a_code(app_page, site)
    for turn in range(2):
        with second_device(browser, site, problems) as other:
            other.goto(f"{site.url}/join")
            other.get_by_label("The code it shows").fill(code.lower().replace("-", " ").replace("0", "o"))
            other.get_by_role("button", name="Join").click()
            if turn == 0:
                expect(other.get_by_text("It is here now.")).to_be_visible()
                expect(entries(other, site).get_by_text(SECRET)).to_be_visible()
            else:
                expect(other.get_by_role("alert")).to_contain_text("This code does not work, or no longer.")
    problems.expect_refusal("401")


def test_a_code_that_is_hidden_again_is_worthless(
    app_page: Page, browser: Browser, site: Site, problems: Problems
) -> None:
    make_a_safe_copy(app_page, site)
    code = show_a_code(app_page, site)
    with app_page.expect_response(lambda answer: answer.request.method == "DELETE"):
        app_page.get_by_role("button", name="Hide it").click()
    with second_device(browser, site, problems) as other:
        other.goto(f"{site.url}/join#{code}")
        other.get_by_role("button", name="Join").click()
        expect(other.get_by_role("alert")).to_contain_text("This code does not work, or no longer.")
    problems.expect_refusal("401")


def test_a_lost_answer_does_not_use_the_recovery_code_up(
    app_page: Page, browser: Browser, site: Site, problems: Problems
) -> None:
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    code = code_on_the_sheet(app_page, site)
    turns = count()

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        assert answer.status == 200
        if next(turns) == 0:
            route.abort()
        else:
            route.fulfill(response=answer)

    with second_device(browser, site, problems) as other:
        other.route("**/api/v1/sessions", lose_the_first)
        sign_in_with_the_sheet(other, site, code)
        expect(other.get_by_role("alert")).to_contain_text("There is no connection just now.")
        sign_in_with_the_sheet(other, site, code)
        expect(other.get_by_role("heading", name="Your recovery sheet")).to_be_visible()
        other.unroute_all()
        expect(entries(other, site).get_by_text(SECRET)).to_be_visible()


def test_the_sheet_is_confirmed_by_two_groups_and_then_forgotten(app_page: Page, site: Site) -> None:
    make_a_safe_copy(app_page, site)
    code = code_on_the_sheet(app_page, site).split("-")
    asked = app_page.locator("label").filter(has_text="Group")
    expect(asked).to_have_count(2)
    for label in asked.all():
        label.locator("input").fill("0000")
    app_page.get_by_role("button", name="I have kept it").click()
    expect(app_page.get_by_role("alert")).to_contain_text("there is no hurry")
    for label in asked.all():
        number = int(label.inner_text().split()[-1])
        label.locator("input").fill(code[number - 1].lower())
    app_page.get_by_role("button", name="I have kept it").click()
    expect(app_page.get_by_text("This phone does not hold the code any more.")).to_be_visible()
    app_page.reload()
    expect(app_page.get_by_text("You have it on paper.")).to_be_visible()
    app_page.get_by_role("button", name="Make a new sheet").click()
    app_page.get_by_role("button", name="Yes, make a new one").click()
    expect(app_page.locator(".code span")).to_have_count(7)
    assert app_page.locator(".code span").all_inner_texts() != code


@pytest.mark.parametrize("media", ["screen", "print"])
def test_the_sheet_prints_without_the_rest_of_the_app(app_page: Page, site: Site, media: str) -> None:
    make_a_safe_copy(app_page, site)
    code_on_the_sheet(app_page, site)
    app_page.emulate_media(media=media)  # type: ignore[arg-type]  # one of two literals
    expect(app_page.locator(".code")).to_be_visible()
    shown = app_page.get_by_role("navigation", name="Places").is_visible()
    assert shown == (media == "screen")


def test_what_is_not_copied_yet_is_named_before_a_phone_is_cleared(app_page: Page, site: Site) -> None:
    make_a_safe_copy(app_page, site)
    app_page.route("**/api/v1/sync/**", lambda route: route.abort())
    note_something(app_page, site, SECRET)
    app_page.goto(site.url + ACCOUNT)
    app_page.get_by_role("button", name="Clear this phone").click()
    expect(app_page.get_by_text("Not yet in the safe copy, and lost with it: 1 check-in.")).to_be_visible()
    app_page.unroute_all()
    app_page.get_by_role("button", name="Copy it first").click()
    expect(app_page.get_by_text("Not yet in the safe copy")).to_have_count(0)


def test_another_device_is_signed_out_from_the_list(
    app_page: Page, browser: Browser, site: Site, problems: Problems
) -> None:
    make_a_safe_copy(app_page, site)
    code = show_a_code(app_page, site)
    with second_device(browser, site, problems) as other:
        other.goto(f"{site.url}/join#{code}")
        other.get_by_role("button", name="Join").click()
        expect(other.get_by_text("It is here now.")).to_be_visible()
        app_page.goto(site.url + ACCOUNT)
        app_page.get_by_role("button", name="Sign out", exact=True).click()
        expect(app_page.get_by_text("If it was lost, make a new key as well.")).to_be_visible()
        other.goto(site.url + ACCOUNT)
        expect(other.get_by_text("This device was signed out")).to_be_visible()
    problems.expect_refusal("401")

"""What a phone can get into: no room, no network, years of entries, forced colours, stillness."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Problems, Site, ready_for_offline
from tests.e2e.lives import live

NO_ROOM = """() => {
    IDBObjectStore.prototype.put = () => { throw new DOMException('no room', 'QuotaExceededError') }
}"""


def test_what_cannot_be_saved_stays_on_the_screen_and_nothing_is_claimed(app_page: Page) -> None:
    app_page.get_by_role("button", name="low", exact=True).click()
    app_page.get_by_role("button", name="Add a feeling or a note").click()
    app_page.evaluate(NO_ROOM)
    app_page.get_by_role("button", name="close to tears").click()
    expect(app_page.get_by_text("That did not save. It is still here on the screen")).to_be_attached()
    expect(app_page.get_by_role("button", name="close to tears")).to_have_attribute("aria-pressed", "true")


def test_a_notice_never_lies_over_what_is_being_touched(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    live(page, site, "a-year")
    page.goto(f"{site.url}/settings/journey")
    page.evaluate(NO_ROOM)
    notice = page.get_by_text("That did not save.")
    for name in ("Count days of only what is needed", "Do not count"):
        choice = page.get_by_text(name)
        for block in ("start", "end"):
            choice.evaluate("(element, block) => element.scrollIntoView({ block })", block)
            choice.click()
            expect(notice).to_be_visible()
            touched, over = choice.bounding_box(), notice.bounding_box()
            assert touched
            assert over
            assert over["y"] + over["height"] <= touched["y"] or over["y"] >= touched["y"] + touched["height"]


@pytest.mark.parametrize("name", ["a-year", "long-text", "months-without"])
def test_every_place_of_a_life_opens_without_a_network(page: Page, site: Site, problems: Problems, name: str) -> None:
    problems.watch(page, site)
    live(page, site, name)
    ready_for_offline(page)
    page.context.set_offline(True)
    for path in ("/", "/read", "/rings", "/rings/entries", "/rings/summary", "/write", "/help/lines", "/settings"):
        page.goto(site.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.context.set_offline(False)


def test_years_of_entries_come_in_parts(page: Page, site: Site, problems: Problems) -> None:
    problems.watch(page, site)
    live(page, site, "many")
    page.get_by_role("link", name="Rings").click()
    expect(page.get_by_role("img", name=re.compile("1826 days as rings"))).to_be_visible()
    page.get_by_role("link", name="All check-ins").click()
    entries = page.get_by_role("main").get_by_role("listitem")
    expect(entries).to_have_count(60)
    page.get_by_role("button", name="Show more").click()
    expect(entries).to_have_count(120)
    page.get_by_role("searchbox").fill("Maeve")
    expect(entries.first).to_contain_text("Maeve")


def test_chosen_things_stand_out_in_forced_colours(page: Page, site: Site) -> None:
    live(page, site, "a-year")
    page.emulate_media(forced_colors="active")
    page.get_by_role("button", name="steady", exact=True).click()
    page.get_by_role("button", name="Add a feeling or a note").click()
    page.get_by_role("button", name="calm", exact=True).click()
    same = page.evaluate(
        """() => {
            const look = (element, pseudo) => {
                const { color, backgroundColor, borderWidth, borderColor, textDecorationLine, fontWeight } =
                    getComputedStyle(element, pseudo)
                return [color, backgroundColor, borderWidth, borderColor, textDecorationLine, fontWeight].join()
            }
            const whole = (element) =>
                [element, ...element.children].map((part) => look(part)).join() + look(element, '::before')
            const alike = []
            for (const chosen of document.querySelectorAll('[aria-pressed=true], [aria-current]')) {
                const among = chosen.closest('div, ul')
                const other = among?.querySelector('[aria-pressed=false], a:not([aria-current], .help)')
                if (other && whole(other) === whole(chosen)) alike.push(chosen.textContent)
            }
            return alike
        }"""
    )
    assert same == []


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_rings_grow_once_unless_motion_is_reduced(page: Page, site: Site, motion: str) -> None:
    live(page, site, "a-year")
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    page.get_by_role("link", name="Rings").click()
    page.get_by_role("img", name=re.compile("days as rings")).wait_for()
    longest = page.evaluate(
        """() => Math.max(
            0, ...document.getAnimations().map(({ effect }) => effect.getComputedTiming().activeDuration)
        )"""
    )
    assert (longest > 1) == (motion == "no-preference")

"""Whatever a person writes or imports is shown as it is: nothing of it runs, loads, or becomes part of the page."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.e2e.conftest import Site

PAYLOADS = (Path(__file__).parent / "payloads.txt").read_text(encoding="utf-8").splitlines()
WATCH = """
    window.ran = []
    for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => window.ran.push(name)
    addEventListener('securitypolicyviolation', (event) => window.ran.push(event.violatedDirective))
"""
PARTS = 8


def identifier(number: int) -> str:
    return f"019ab1c2-3d4e-7f50-8a6b-{number:012d}"


def hostile_export() -> dict[str, Any]:
    """A file of the app's own with every payload in every text that a person can give."""
    moment = "2026-11-01T20:14:00.000Z"
    names = {f"own-{number}": payload for number, payload in enumerate(PAYLOADS)}
    kinds = ("journal", "letter", "reason", "answer")
    days = [
        {"id": f"day-{number}", "date": "2026-12-24", "yearly": True, "kind": "other"}
        for number in range(min(40, len(PAYLOADS)))
    ]
    return {
        "format": "heartwood",
        "version": 1,
        "checkins": [
            {
                "id": identifier(number), "felt_at": moment, "mood": 1 + number % 5, "note": payload,
                "feelings": [f"own-{number}"], "contexts": [f"own-{number}"],
            }
            for number, payload in enumerate(PAYLOADS)
        ],
        "letters": [
            {
                "id": identifier(1000 + number), "kind": kinds[number % 4], "written_at": moment,
                "title": payload, "text": "\n".join(PAYLOADS[number % PARTS :: PARTS]),
            }
            for number, payload in enumerate(PAYLOADS)
        ],
        "journey": [
            {
                "id": identifier(1), "special_days": days,
                "words": {
                    "feelings": names, "contexts": names,
                    "special_days": {day["id"]: PAYLOADS[number] for number, day in enumerate(days)},
                    "people": [
                        {"id": f"p{number}", "name": payload, "phone": payload}
                        for number, payload in enumerate(PAYLOADS)
                    ],
                },
            }
        ],
    }  # fmt: skip


@pytest.fixture
def watched(app_page: Page) -> Iterator[Page]:
    """A page that fails the test when any script but the app's ran, or its policy had to step in."""
    app_page.add_init_script(WATCH)
    yield app_page
    assert app_page.evaluate("window.ran") == []


def import_file(page: Page, site: Site, name: str, content: str) -> None:
    page.goto(f"{site.url}/settings/export")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content.encode()}
    )


#: The payloads that stand nowhere on the page, in no text and in no field.
MISSING = """(payloads) => {
    const fields = [...document.querySelectorAll('input, textarea')].map(({ value }) => value)
    const shown = [document.body.textContent, ...fields].join('\\n')
    return payloads.filter((payload) => !shown.includes(payload))
}"""


def expect_literally(page: Page, payloads: list[str]) -> None:
    """Every payload stands on the page, letter by letter, and none of them ran."""
    with suppress(PlaywrightTimeout):
        page.wait_for_function(f"(payloads) => ({MISSING})(payloads).length === 0", arg=payloads, timeout=20_000)
    assert page.evaluate(MISSING, payloads) == []
    assert page.evaluate("window.ran") == []


def test_an_imported_file_full_of_markup_is_shown_letter_by_letter_on_every_screen(watched: Page, site: Site) -> None:
    import_file(watched, site, "heartwood.json", json.dumps(hostile_export()))
    watched.get_by_role("button", name="Add them").click()
    expect(watched.get_by_text("entries added.").first).to_be_visible()

    watched.goto(f"{site.url}/rings/entries")
    expect(watched.get_by_text(f"{len(PAYLOADS)} check-ins")).to_be_visible()
    while watched.get_by_role("button", name="Show more").is_visible():
        watched.get_by_role("button", name="Show more").click()
    expect_literally(watched, PAYLOADS)

    watched.goto(f"{site.url}/write")
    expect(watched.get_by_text(PAYLOADS[-1], exact=True).first).to_be_visible()
    while watched.get_by_role("button", name="Show more").is_visible():
        watched.get_by_role("button", name="Show more").click()
    expect_literally(watched, PAYLOADS)
    for number in range(PARTS):
        watched.goto(f"{site.url}/write/{identifier(1000 + number)}")
        expect(watched.locator("textarea.page")).to_have_value("\n".join(PAYLOADS[number::PARTS]))
        assert watched.evaluate("window.ran") == []

    for path in ("/", "/help/urge", "/rings", "/rings/summary"):
        watched.goto(site.url + path)
        expect(watched.get_by_role("heading", level=1)).to_be_visible()
        assert watched.evaluate("window.ran") == []
    for path in ("/settings/words", "/settings/journey"):
        watched.goto(site.url + path)
        expect_literally(watched, PAYLOADS)


def test_a_table_of_another_app_full_of_markup_is_shown_letter_by_letter(watched: Page, site: Site) -> None:
    rows = ["full_date,date,weekday,time,mood,activities,note_title,note"]
    for number, payload in enumerate(PAYLOADS):
        cell = '"' + payload.replace('"', '""') + '"'
        rows.append(
            f"2026-11-{1 + number % 20:02d},x,x,{number // 20:02d}:{number % 20:02d},{cell},{cell},{cell},{cell}"
        )
    import_file(watched, site, "daylio.csv", "\n".join(rows))
    expect(watched.get_by_text("Which mood is which?")).to_be_visible()
    expect_literally(watched, [payload for payload in PAYLOADS if "|" not in payload])


@pytest.mark.parametrize(
    "address",
    ["/write/new?kind=journal&title={}&text={}&url={}", "/read?q={}", "/write?show={}", "/?nudge={}", "/join#{}",
     "/help/lines?for={}", "/settings/account/sign-in?before={}"],
)  # fmt: skip
def test_nothing_in_an_address_runs(watched: Page, site: Site, address: str) -> None:
    for payload in PAYLOADS[::6]:
        watched.goto(site.url + address.replace("{}", quote(payload, safe="")))
        expect(watched.get_by_role("heading", level=1).first).to_be_visible()
        assert watched.evaluate("window.ran") == []


def test_what_is_typed_is_shown_letter_by_letter_at_once(watched: Page, site: Site) -> None:
    payload = PAYLOADS[9]
    watched.goto(f"{site.url}/settings/words")
    watched.get_by_label("A feeling of your own").fill(payload)
    watched.keyboard.press("Enter")
    watched.get_by_role("link", name="Today").click()
    watched.get_by_role("group", name="How is it").get_by_role("button", name="low", exact=True).click()
    watched.get_by_role("button", name="Add a feeling or a note").click()
    watched.get_by_role("button", name=payload, exact=True).click()
    watched.get_by_label("A note, only for you").fill(payload)
    watched.keyboard.press("Escape")
    watched.get_by_role("link", name="Rings", exact=True).click()
    watched.locator("a[href='/rings/entries']").first.click()
    expect(watched.locator(".note")).to_have_text(payload)
    expect_literally(watched, [payload])

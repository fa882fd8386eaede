"""Two devices of one person: joined by the recovery sheet, in step, and sealed from the server."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.conftest import count_rows
from tests.e2e.conftest import Problems, Site, begin
from tests.e2e.ways import code_on_the_sheet, make_a_safe_copy, note_something, sign_in_with_the_sheet

SECRET = "I nearly rang from the ferry terminal"


def test_what_is_written_on_one_device_is_read_on_the_other_and_by_nobody_else(
    app_page: Page, browser: Browser, site: Site, problems: Problems, tmp_path: Path
) -> None:
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    code = code_on_the_sheet(app_page, site)
    with browser.new_context(locale="en-GB") as second_device:
        page = second_device.new_page()
        problems.watch(page, site)
        page.goto(site.url)
        begin(page)
        page.get_by_role("group", name="How is it").get_by_role("button", name="bright", exact=True).click()
        expect(page.get_by_text("bright, saved on this phone").first).to_be_visible()
        sign_in_with_the_sheet(page, site, code)
        expect(page.locator(".code span")).to_have_count(7)
        page.goto(f"{site.url}/rings/entries")
        expect(page.get_by_text(SECRET)).to_be_visible()
        expect(page.get_by_text("2 check-ins")).to_be_visible()
    everything = b"".join(file.read_bytes() for file in (tmp_path / "instance").iterdir() if file.is_file())
    assert SECRET.encode() not in everything
    assert b"ferry" not in everything


def test_a_recovery_code_works_once(app_page: Page, browser: Browser, site: Site) -> None:
    make_a_safe_copy(app_page, site)
    code = code_on_the_sheet(app_page, site)
    for expected in ("It is here now.", "This code does not fit."):
        with browser.new_context(locale="en-GB") as device:
            page = device.new_page()
            sign_in_with_the_sheet(page, site, code)
            expect(page.get_by_text(expected).first).to_be_visible()


def test_deleting_everything_leaves_no_row_on_the_server_and_nothing_on_the_phone(app_page: Page, site: Site) -> None:
    note_something(app_page, site, SECRET)
    make_a_safe_copy(app_page, site)
    expect(app_page.get_by_text("Safe copy made").first).to_be_visible()
    app_page.goto(f"{site.url}/settings/export")
    app_page.get_by_role("button", name="Delete everything").click()
    app_page.get_by_role("button", name="Yes, delete everything").click()
    expect(app_page.get_by_role("button", name="Begin")).to_be_visible()
    left = {name: rows for name, rows in count_rows(site.app).items() if rows}
    assert left == {}
    kept = app_page.evaluate(
        """async () => {
            const rows = []
            for (const { name } of await indexedDB.databases()) {
                const database = await new Promise((done) => {
                    const opening = indexedDB.open(name)
                    opening.onsuccess = () => done(opening.result)
                })
                for (const store of database.objectStoreNames) {
                    const all = await new Promise((done) => {
                        const asking = database.transaction(store).objectStore(store).getAll()
                        asking.onsuccess = () => done(asking.result)
                    })
                    rows.push(...all)
                }
                database.close()
            }
            return JSON.stringify(rows)
        }"""
    )
    assert "ferry" not in kept
    assert '"mood"' not in kept

"""`/api/docs` shows the whole API with nothing from other origins."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Problems, Site


def test_the_page_lists_the_calls_and_asks_no_other_origin(page: Page, site: Site, problems: Problems) -> None:
    problems.watch(page, site)
    page.goto(f"{site.url}/api/docs")
    expect(page.get_by_role("heading", name="Heartwood")).to_be_visible()
    expect(page.get_by_text("/api/v1/sync/checkins/push").first).to_be_visible()
    expect(page.get_by_text("/api/v1/library/bundle").first).to_be_visible()

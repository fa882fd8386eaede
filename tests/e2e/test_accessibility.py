"""Every screen passes axe with nothing found, by day and by night, and stays whole on small screens and large text."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.screens import SCREENS


def settled(page: Page) -> None:
    """Wait for the screen's heading and for text and fonts to be there."""
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_passes_axe(app_page: Page, site: Site, scheme: str) -> None:
    app_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = {}
    for name, path in SCREENS.items():
        app_page.goto(site.url + path)
        settled(app_page)
        result = Axe().run(app_page)
        if result.violations_count:
            found[name] = result.generate_report()
    assert found == {}


@pytest.mark.parametrize(("width", "height"), [(320, 568), (844, 390)])
def test_no_screen_scrolls_sideways_on_small_or_turned_phones(
    app_page: Page, site: Site, width: int, height: int
) -> None:
    app_page.set_viewport_size({"width": width, "height": height})
    assert sideways(app_page, site) == {}


def test_no_screen_scrolls_sideways_at_twice_the_text_size(app_page: Page, site: Site) -> None:
    app_page.add_init_script("document.documentElement?.style.setProperty('font-size', '200%')")
    assert sideways(app_page, site) == {}


def sideways(page: Page, site: Site) -> dict[str, int]:
    """Screens that are wider than the window, with by how many pixels."""
    found = {}
    for name, path in SCREENS.items():
        page.goto(site.url + path)
        settled(page)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            found[name] = over
    return found

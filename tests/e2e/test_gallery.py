"""Every screen and part in every state of the gallery: looks as accepted, passes axe, fits on small screens.

Each state is opened once and looked at in light and dark on two phones. `make gallery-accept` accepts what is seen now;
docs/gallery.md says when to.
"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, ViewportSize

from server.config import ROOT
from tests.e2e.conftest import PHONE
from tests.e2e.gallery import CASES, SMALL, THEMES, open_case, picture_of, too_large, wear
from tests.support.pictures import PICTURES, STRAY, count_of, differences, packed

#: What a dark page can fail in that a light one with the same elements passed.
OF_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"]}


def compare(page: Page, name: str, size: ViewportSize, theme: str, seen_in: Path) -> str | None:
    """None when the screen looks as accepted; else how it does not, with both pictures kept in `seen_in`."""
    file = PICTURES / f"{theme}-{size['width']}" / f"{name}.png"
    seen = picture_of(page)
    if not file.exists():
        return f"{file.relative_to(ROOT)} is not there"
    accepted = Image.open(file)
    marked = differences(accepted, packed(seen))
    if count_of(marked) <= STRAY:
        return None
    kept = seen_in / f"{name}-{theme}-{size['width']}.png"
    beside = Image.new("RGB", (accepted.width * 3, accepted.height))
    for column, picture in enumerate((accepted, packed(seen), marked)):
        beside.paste(picture.convert("RGB"), (column * accepted.width, 0))
    beside.save(kept)
    return f"{count_of(marked)} pixels differ, see {kept}"


@pytest.mark.parametrize("name", CASES)
def test_a_state_looks_as_accepted_passes_axe_and_fits(window: Page, gallery: str, name: str, tmp_path: Path) -> None:
    open_case(window, gallery, name)
    found: list[str] = []
    for theme in THEMES:
        wear(window, theme)
        result = Axe().run(window, options=OF_COLOUR if theme == "dark" else None)
        if result.violations_count:
            found.append(f"axe, {theme}: {result.generate_report()}")
    for size in (SMALL, PHONE):
        window.set_viewport_size(size)
        for theme in THEMES:
            wear(window, theme)
            found.append(compare(window, name, size, theme, tmp_path) or "")
    found = [line for line in [*found, *too_large(window)] if line]
    assert not found, "\n".join(found)

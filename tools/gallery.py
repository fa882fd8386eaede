"""Accepts the gallery as it looks now: writes the pictures that tests/e2e/test_gallery.py compares with.

Usage: python -m tools.gallery [NAME ...]
"""

import sys

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CONTEXT, LAUNCH, PHONE
from tests.e2e.gallery import CASES, SMALL, THEMES, open_case, picture_of, wear
from tests.support.gallery import BUILT, served_folder
from tests.support.pictures import PICTURES, keep, packed
from tools.browser import system_browser


def main(names: list[str]) -> None:
    """Write the pictures of the named states, or of all; those of states that are gone are removed."""
    with served_folder(BUILT) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser(), args=LAUNCH)
        page = browser.new_context(viewport=PHONE, **CONTEXT).new_page()  # type: ignore[arg-type]
        for name in names or CASES:
            open_case(page, address, name)
            for size in (SMALL, PHONE):
                page.set_viewport_size(size)
                for theme in THEMES:
                    wear(page, theme)
                    keep(packed(picture_of(page)), PICTURES / f"{theme}-{size['width']}" / f"{name}.png")
        (PICTURES / "made-with.txt").write_text(f"Chromium {browser.version}\n")
        browser.close()
    for file in PICTURES.rglob("*.png"):
        if file.stem not in CASES:
            file.unlink()


if __name__ == "__main__":
    main(sys.argv[1:])

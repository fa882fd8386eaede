"""Takes the pictures of the README and of the install dialogue anew, from the gallery.

Usage: python -m tools.screenshots
"""

import io
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from server.config import ROOT
from tests.e2e.conftest import LAUNCH, PHONE
from tests.e2e.gallery import open_case, wear
from tests.support.gallery import BUILT, served_folder
from tools.browser import system_browser

README = ROOT / "docs/images"
#: The manifest names these, with their sizes.
INSTALL = ROOT / "pwa/public/icons"
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


@dataclass(frozen=True)
class Shot:
    """A state of the gallery as one picture; `scale` is pixels of the picture to pixels of the page."""

    file: str
    state: str
    theme: str
    size: ViewportSize
    scale: float


README_SHOTS = (
    Shot("today-dark.png", "today-a-year", "dark", PHONE, 1.5),
    Shot("rings-light.png", "rings-a-year", "light", PHONE, 1.5),
    Shot("reading-dark.png", "read-reading", "dark", PHONE, 1.5),
)
INSTALL_SHOTS = (
    Shot("screenshot-narrow.png", "today-a-year", "light", PHONE, 2),
    Shot("screenshot-rings.png", "rings-a-year", "light", PHONE, 2),
    Shot("screenshot-wide.png", "rings-a-year", "light", DESKTOP, 1),
)


def main() -> None:
    """Write all of them."""
    with served_folder(BUILT) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser(), args=LAUNCH)
        for folder, shots in ((README, README_SHOTS), (INSTALL, INSTALL_SHOTS)):
            for shot in shots:
                taken(browser, address, shot).save(folder / shot.file, optimize=True)
        browser.close()


def taken(browser: Browser, address: str, shot: Shot) -> Image.Image:
    """The picture in 256 colours, which nobody misses and which a phone loads three times as fast."""
    with browser.new_context(device_scale_factor=shot.scale, locale="en-GB", reduced_motion="reduce") as context:
        page = context.new_page()
        open_case(page, address, shot.state)
        page.set_viewport_size(shot.size)
        wear(page, shot.theme)
        return Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(256)


if __name__ == "__main__":
    main()

"""Draw what iOS shows while the app starts: the icon's rings on the ground of the first screen, by day and by night.

Usage: python -m tools.icons.splash [CHROMIUM]

Writes pwa/public/icons/splash-*.png, a few hundred bytes to some kB each, and the links between the two marks of
pwa/index.html. iOS wants one picture for each size of screen and shows none when its size is not exactly met.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tools.icons.draw import HEART, RINGS, TARGET, ring

PAGE = Path(__file__).resolve().parents[2] / "pwa" / "index.html"
#: Width and height in points, and pixels a point, of the iPhones since 2017 and the iPads since 2018 (Apple, Human
#: Interface Guidelines, Layout), held upright.
SCREENS = [
    (375, 667, 2), (375, 812, 3), (390, 844, 3), (393, 852, 3), (402, 874, 3), (414, 896, 2), (414, 896, 3),
    (420, 912, 3), (428, 926, 3), (430, 932, 3), (440, 956, 3), (744, 1133, 2), (820, 1180, 2), (834, 1194, 2),
    (1024, 1366, 2),
]  # fmt: skip
#: Ground and heart of the two designs (pwa/src/style/tokens.css).
THEMES = {"light": ("#faf6f0", "#8a5a3c"), "dark": ("#1c1714", HEART)}
SIDE = 128
COLOURS = 8


def rings(heart: str) -> str:
    """The icon's rings, without its square."""
    lines = "".join(
        f'<path d="{ring(radius, share)}" stroke="{colour}" stroke-width="{width}"/>'
        for radius, width, colour, share in RINGS
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-50 -50 100 100" width="{SIDE}" height="{SIDE}" '
        f'fill="none" stroke-linecap="round">{lines}<circle r="5.6" fill="{heart}"/></svg>'
    )


def link(width: int, height: int, ratio: int, theme: str) -> str:
    """The line of the page that names one picture."""
    fits = f"(device-width: {width}px) and (device-height: {height}px) and (-webkit-device-pixel-ratio: {ratio})"
    media = f"(prefers-color-scheme: {theme}) and {fits} and (orientation: portrait)"
    href = f"/icons/{name(width, height, ratio, theme)}"
    return f'    <link\n      rel="apple-touch-startup-image"\n      media="{media}"\n      href="{href}"\n    />'


def name(width: int, height: int, ratio: int, theme: str) -> str:
    """The file of one picture."""
    return f"splash-{width * ratio}x{height * ratio}-{theme}.png"


def main(chromium: str) -> None:
    """Draw the rings once for each density and design, and put them on grounds of all sizes."""
    drawn = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for ratio in (2, 3):
            page = browser.new_page(viewport={"width": SIDE, "height": SIDE}, device_scale_factor=ratio)
            for theme, (ground, heart) in THEMES.items():
                plain = f"<style>*{{margin:0;background:{ground}}}svg{{display:block}}</style>"
                page.set_content(plain + rings(heart))
                drawn[ratio, theme] = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        browser.close()
    PAGE.write_text(with_links(PAGE.read_text(), list(pictures(drawn))))


def pictures(drawn: dict[tuple[int, str], Image.Image]) -> Iterator[str]:
    """Write each picture; its line of the page."""
    for width, height, ratio in SCREENS:
        for theme, (ground, _heart) in THEMES.items():
            picture = Image.new("RGB", (width * ratio, height * ratio), ground)
            mark = drawn[ratio, theme]
            picture.paste(mark, ((picture.width - mark.width) // 2, (picture.height - mark.height) * 2 // 5))
            few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            few.save(TARGET / name(width, height, ratio, theme), optimize=True)
            yield link(width, height, ratio, theme)


def with_links(page: str, links: list[str]) -> str:
    """The page with these lines between its two marks."""
    before, rest = page.split("<!-- splash -->\n")
    after = rest[rest.index("    <!-- /splash -->") :]
    return before + "<!-- splash -->\n" + "".join(f"{line}\n" for line in links) + after


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium")

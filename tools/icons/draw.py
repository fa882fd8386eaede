"""Draw the app's icons: three rings of wood around a lit heart, the last one still growing.

Usage: python tools/icons/draw.py [CHROMIUM]

Writes pwa/public/icons: PNG files drawn by Chromium through Playwright and packed
to 64 colours by Pillow. The files are committed, so that a build needs none of these.
"""

from __future__ import annotations

import io
import math
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

TARGET = Path(__file__).resolve().parents[2] / "pwa" / "public" / "icons"
GROUND, HEART = "#33231b", "#fdf1de"
#: Middle radius, width, colour, and the share of the round that has grown, from the inside out.
RINGS = [(17.0, 8.4, "#f2c99a", 1.0), (30.5, 7.4, "#d9a66b", 1.0), (43.0, 6.2, "#a9714a", 0.74)]


@dataclass(frozen=True)
class Icon:
    """One file. `scale` is the share of the square that the rings may take."""

    name: str
    size: int
    scale: float
    ground: str | None = GROUND
    corner: float = 0.0
    ink: str | None = None


ICONS = [
    Icon("icon-192", 192, 0.88, corner=22),
    Icon("icon-512", 512, 0.88, corner=22),
    Icon("icon-maskable-512", 512, 0.7),
    Icon("icon-monochrome-512", 512, 0.8, ground=None, ink="#ffffff"),
    Icon("badge-96", 96, 0.96, ground=None, ink="#ffffff"),
    Icon("apple-touch-icon", 180, 0.84),
]


def wave(angle: float) -> float:
    """Real rings are not drawn with compasses: about 2 % of the radius, as in the ring picture."""
    return 1 + 0.015 * math.sin(2 * angle + 0.7) + 0.011 * math.sin(3 * angle + 2.2)


def ring(radius: float, share: float) -> str:
    """An open or closed line around the heart, clockwise from a little past twelve."""
    steps = round(90 * share)
    angles = [0.35 + share * math.tau * step / steps for step in range(steps + (share < 1))]
    points = [
        f"{radius * wave(angle) * math.sin(angle):.2f} {-radius * wave(angle) * math.cos(angle):.2f}"
        for angle in angles
    ]
    return "M" + "L".join(points) + ("" if share < 1 else "Z")


def draw(icon: Icon) -> str:
    """The icon as SVG on a square of 100 units."""
    square = f'<rect x="-50" y="-50" width="100" height="100" rx="{icon.corner}" fill="{icon.ground}"/>'
    lines = "".join(
        f'<path d="{ring(radius, share)}" stroke="{icon.ink or colour}" stroke-width="{width}"/>'
        for radius, width, colour, share in RINGS
    )
    heart = f'<circle r="5.6" fill="{icon.ink or HEART}"/>'
    shapes = f'<g transform="scale({icon.scale})" fill="none" stroke-linecap="round">{lines}{heart}</g>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-50 -50 100 100" '
        f'width="{icon.size}" height="{icon.size}">{square if icon.ground else ""}{shapes}</svg>'
    )


def pack(png: bytes, target: Path) -> None:
    """Few flat colours need few bytes; the edges stay smooth."""
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(target, optimize=True)


def main(chromium: str) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for icon in ICONS:
            page.set_viewport_size({"width": icon.size, "height": icon.size})
            page.set_content(f"<style>*{{margin:0}}svg{{display:block}}</style>{draw(icon)}")
            pack(page.screenshot(omit_background=True), TARGET / f"{icon.name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium")

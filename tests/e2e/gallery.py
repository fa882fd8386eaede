"""How the tests look at the gallery: one state at a time, as it will stay."""

import io
import re

from PIL import Image
from playwright.sync_api import Page, ViewportSize

from server.config import ROOT
from tests.e2e.conftest import PHONE

SMALL: ViewportSize = {"width": 320, "height": 568}
TURNED: ViewportSize = {"width": 844, "height": 390}
THEMES = ("light", "dark")
#: Every state of the gallery, and the place it shows.
CASES: dict[str, str] = dict(
    re.findall(r"^  '?([\w-]+)'?: \{\s+path: '([^']*)'", (ROOT / "pwa/gallery/cases.ts").read_text(), re.MULTILINE)
)
#: Elements whose words are wider or higher than they are themselves and cannot be scrolled to.
CUT_OFF = """() => {
    const found = []
    for (const element of document.querySelectorAll('main *, nav *, dialog *')) {
        if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue
        if (!element.checkVisibility() || element.closest('.unseen, svg, [inert], .wide-table')) continue
        const style = getComputedStyle(element)
        if (style.webkitLineClamp !== 'none') continue
        const range = document.createRange()
        range.selectNodeContents(element)
        const words = range.getBoundingClientRect()
        const holder = element.closest('button, a, label, td, th, p, h1, h2, h3, li') ?? element
        const box = holder.getBoundingClientRect()
        const over = Math.max(words.right - box.right, box.left - words.left)
        const outside = words.right > innerWidth + 1 || words.left < -1
        if (outside || over > 2) found.push(element.textContent.trim().slice(0, 60))
    }
    return found
}"""


def open_case(page: Page, gallery: str, name: str, more: str = "") -> None:
    """Show one state and wait until it stays as it is."""
    page.set_viewport_size(PHONE)
    page.goto(f"{gallery}/?case={name}{more}")
    page.locator("html[data-ready]").wait_for()


def wear(page: Page, theme: str) -> None:
    """Change between the two designs, as the app does it.

    A colour that is passed on goes over in turn: a part's own begins when that of what holds it has ended.
    """
    page.evaluate(
        """async (theme) => {
            document.documentElement.dataset.theme = theme
            const running = () => document.getAnimations().filter(({ playState }) => playState === 'running')
            for (let left = running(); left.length; left = running())
                await Promise.allSettled(left.map((animation) => animation.finished))
        }""",
        theme,
    )


def picture_of(page: Page) -> Image.Image:
    """What is on the screen: the top of a page or a dialogue, or its end or a part where the state says so."""
    page.evaluate(
        """async () => {
            const box = document.querySelector('dialog') ?? document.scrollingElement
            const { end, from } = document.documentElement.dataset
            box.scrollTo(0, end === undefined ? 0 : 1e6)
            if (from) document.querySelector(from).scrollIntoView()
            // A page that has just changed its size is drawn anew first.
            for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame)
        }"""
    )
    return Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")


def too_large(page: Page, *, doubled: bool = True) -> list[str]:
    """What does not fit: on a small phone, on a turned one, and (`doubled`) with text of twice the size."""
    found = []
    for size, text in ((SMALL, "100%"), (TURNED, "100%"), (PHONE, "200%"))[: 3 if doubled else 2]:
        page.set_viewport_size(size)
        page.evaluate("(text) => document.documentElement.style.setProperty('font-size', text)", text)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        cut = page.evaluate(CUT_OFF)
        if over > 0 or cut:
            found.append(f"{size['width']} px, text {text}: {over} px too wide, cut off: {cut}")
    return found

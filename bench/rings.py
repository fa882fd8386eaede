"""Rings with five years of check-ins in it: from the tap to the picture on the screen."""

import statistics

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.first_sync import first_copy, person_with_entries
from bench.harness import report, served
from tools.browser import system_browser

FIVE_YEARS = 5 * 365 * 2
ROUNDS = 7
#: How much slower a cheap phone is than the machine that measures, as Lighthouse takes it.
SLOWER = 4

TAP = """(place) => new Promise((done) => {
    const started = performance.now()
    document.querySelector(`nav a[href="${place}"]`).click()
    const look = () => {
        if (location.pathname !== place || !document.querySelector('main svg')) return requestAnimationFrame(look)
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)))
    }
    look()
})"""


def main() -> None:
    """Print the first opening and the median of later ones, at the speed of this machine and of a cheap phone."""
    with served("wsgi:app") as base, sync_playwright() as playwright:
        code = person_with_entries(base, FIVE_YEARS)
        browser = playwright.chromium.launch(executable_path=system_browser(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        first_copy(page, base, code)
        speed = page.context.new_cdp_session(page)
        for slower in (1, SLOWER):
            first, later = openings(page, speed, base, slower)
            note = "" if slower == 1 else f", {slower} times slower"
            report(f"Rings over five years, first opening{note}", f"{first:.0f} ms", "< 100 ms")
            report(f"Rings over five years, opened again{note}", f"{later:.0f} ms", "< 100 ms")
        browser.close()


def openings(page: Page, speed: CDPSession, base: str, slower: int) -> tuple[float, float]:
    """Milliseconds of the first opening after a start of the app, and the median of the ones after it."""
    page.goto(f"{base}/write")
    page.locator("nav a[href='/rings']").wait_for()
    page.wait_for_load_state("networkidle")
    speed.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    times = []
    for _ in range(ROUNDS):
        times.append(page.evaluate(TAP, "/rings"))
        page.evaluate(TAP, "/write")
    speed.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return times[0], statistics.median(times[1:])

"""The app on a phone four times slower than this machine: tap to durable, warm offline start, answers, Help now."""

import statistics

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

from bench.harness import report, served
from tools.browser import system_browser

#: As Lighthouse takes a cheap phone.
SLOWER = 4
ROUNDS = 9

#: From the tap on a mood until its transaction in IndexedDB has completed, and until the screen shows it.
CHECK_IN = """(index) => new Promise((done) => {
    const started = performance.now()
    let durable = 0
    const open = IDBDatabase.prototype.transaction
    IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
        const tx = open.call(this, stores, mode, ...rest)
        if (mode === 'readwrite' && [...tx.objectStoreNames].includes('outbox'))
            tx.addEventListener('complete', () => (durable ||= performance.now() - started))
        return tx
    }
    const button = document.querySelectorAll('.moods button')[index]
    button.click()
    const look = () => {
        if (!durable || button.getAttribute('aria-pressed') !== 'true') return requestAnimationFrame(look)
        IDBDatabase.prototype.transaction = open
        requestAnimationFrame(() => setTimeout(() => done({ durable, shown: performance.now() - started })))
    }
    look()
})"""
#: From a tap on a place until its heading is painted.
GO = """([place, heading]) => new Promise((done) => {
    const started = performance.now()
    document.querySelector(`nav a[href="${place}"]`).click()
    const look = () => {
        if (document.querySelector('main h1')?.textContent !== heading) return requestAnimationFrame(look)
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)))
    }
    look()
})"""
FIRST_PAINT = """() => new Promise((done) => {
    const look = () => {
        if (!document.querySelector('main h1')) return requestAnimationFrame(look)
        requestAnimationFrame(() => setTimeout(() => done(performance.now())))
    }
    look()
})"""


def main() -> None:
    """Print medians at a fourth of this machine's speed."""
    with served("wsgi:app") as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        page = ready_page(context, base)
        speed = context.new_cdp_session(page)
        note = f", {SLOWER} times slower"
        speed.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        durable, shown = check_ins(page)
        report(f"a tap on a mood is durable{note}", f"{durable:.0f} ms", "<= 50 ms")
        report(f"and shown{note}", f"{shown:.0f} ms", "<= 100 ms")
        report(f"Help now opens{note}", f"{opening(page, '/help', 'Help now'):.0f} ms", "< 200 ms")
        for place, heading in (("/read", "Read"), ("/rings", "Rings"), ("/write", "Write")):
            report(f"{heading} opens{note}", f"{opening(page, place, heading):.0f} ms", "<= 200 ms")
        report(f"warm start without a network{note}", f"{warm_start(context, page, speed, base):.0f} ms", "<= 300 ms")
        browser.close()


def ready_page(context: BrowserContext, base: str) -> Page:
    """A phone past the first screen, whose service worker holds the app."""
    page = context.new_page()
    page.goto(base)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.wait_for_load_state("networkidle")
    return page


def check_ins(page: Page) -> tuple[float, float]:
    """Median milliseconds until durable and until shown; the first, which makes the vault's key, is left out."""
    taps = [page.evaluate(CHECK_IN, index % 5) for index in range(ROUNDS + 1)][1:]
    return statistics.median(tap["durable"] for tap in taps), statistics.median(tap["shown"] for tap in taps)


def opening(page: Page, place: str, heading: str) -> float:
    """Median milliseconds from the tap in the bar to the painted screen."""
    times: list[float] = []
    for _ in range(ROUNDS):
        page.locator("nav a[href='/']").click()
        page.locator(".moods").wait_for()
        times.append(page.evaluate(GO, [place, heading]))
    page.locator("nav a[href='/']").click()
    return statistics.median(times)


def warm_start(context: BrowserContext, page: Page, speed: CDPSession, base: str) -> float:
    """Median milliseconds from the start of the navigation to the painted Today, all of it from the phone."""
    context.set_offline(True)
    times: list[float] = []
    for _ in range(ROUNDS):
        page.goto("about:blank")
        speed.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(base, wait_until="commit")
        times.append(page.evaluate(FIRST_PAINT))
    return statistics.median(times)

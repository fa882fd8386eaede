"""A real Chromium on a phone's screen, a server in this process (so that its clock can be moved), a push service."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, ViewportSize, expect

from server.nudges import engine
from server.push import service as push
from tests.conftest import dispose, make_app, settings_for
from tests.support.gallery import BUILT, served_folder
from tests.support.push_service import PushService, running
from tests.support.services import free_port
from tests.support.serving import serving
from tools.browser import system_browser

#: A bound, not a pause: a busy machine may need it.
expect.set_options(timeout=20_000)

PHONE: ViewportSize = {"width": 390, "height": 844}
#: What every page of these tests is told about its place and its reader.
CONTEXT = {
    "has_touch": True, "locale": "en-GB", "timezone_id": "Europe/Dublin", "reduced_motion": "reduce",
}  # fmt: skip
#: Letters are drawn the same on every machine.
LAUNCH = [
    "--no-sandbox", "--disable-quic", "--disable-component-update",
    "--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb", "--lang=en-GB",
]  # fmt: skip
#: Chromium logs these whenever the network is away on purpose.
EXPECTED_OFFLINE = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED", "Failed to fetch")
#: And this where a busy machine takes seconds to draw the page.
EXPECTED_BUSY = ("was preloaded using link preload but not used",)
#: Whether the phone has kept that the first screens were seen.
WELCOMED = """async () => new Promise((answered, failed) => {
    const opening = indexedDB.open('heartwood')
    opening.onerror = failed
    opening.onsuccess = () => {
        const asking = opening.result.transaction('meta').objectStore('meta').get('settings')
        asking.onerror = failed
        asking.onsuccess = () => { opening.result.close(); answered(asking.result?.welcomed === true) }
    }
})"""


@dataclass(frozen=True, slots=True)
class Site:
    """A running server: its application and its address."""

    app: Flask
    url: str

    def tick_at(self, moment: datetime) -> int:
        """Run the nudge ticker and its senders once as if it were `moment`; how many deliveries were handed out."""
        with time_machine.travel(moment, tick=True), self.app.app_context():
            senders = engine.LocalSenders(self.app)
            handed = engine.tick(senders)
            senders.close()
            return handed


@pytest.fixture
def push_service() -> Iterator[PushService]:
    with running() as service:
        yield service


@pytest.fixture
def site(tmp_path: Path, push_service: PushService) -> Iterator[Site]:
    """The app, the API and the means to tick, on a fresh SQLite file."""
    port = free_port()
    url = f"http://localhost:{port}"
    app = make_app(settings_for(tmp_path, public_url=url, push_loopback=push_service.loopback))
    with serving(app, port):
        yield Site(app, url)
    with app.app_context():
        push.sender().close()
    dispose(app)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium when there is one, else Playwright's own."""
    found = system_browser()
    return {**browser_type_launch_args, **({"executable_path": found} if found else {}), "args": LAUNCH}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, **CONTEXT, "viewport": PHONE}


@pytest.fixture
def phone(
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    push_service: PushService,
    tmp_path: Path,
) -> Iterator[BrowserContext]:
    """A browser with a profile of its own, as on a phone: only there are apps installable and pushes received."""
    arguments = {
        **browser_type_launch_args,
        "args": [*browser_type_launch_args["args"], *push_service.chromium_arguments()],
        "ignore_default_args": ["--disable-background-networking"],
    }
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", **{**arguments, **browser_context_args}
    )
    yield context
    context.close()


class Problems:
    """What a page complained of; a test fails on any of it."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def watch(self, page: Page, site: Site) -> None:
        """Listen for console errors, exceptions, CSP reports and requests to other origins."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((site.url, "blob:", "data:"))
                else self.found.append(f"request to another origin: {request.url}")
            ),
        )

    def expect_refusal(self, status: str) -> None:
        """Forget what Chromium logged of answers with this status, where the test means the server to refuse."""
        self.found = [text for text in self.found if f"status of {status}" not in text]

    def _console(self, message: ConsoleMessage) -> None:
        expected = any(text in message.text for text in EXPECTED_OFFLINE + EXPECTED_BUSY)
        if message.type in {"error", "warning"} and not expected:
            self.found.append(f"{message.text} at {message.location['url']}")


@pytest.fixture
def problems() -> Iterator[Problems]:
    """Fails the test in the end when a watched page complained."""
    watcher = Problems()
    yield watcher
    assert watcher.found == []


@pytest.fixture
def app_page(page: Page, site: Site, problems: Problems) -> Page:
    """A page on Today, past the first screen's explanation."""
    problems.watch(page, site)
    page.goto(site.url)
    begin(page)
    return page


def begin(page: Page) -> None:
    """Leave the first screen; the app then keeps itself for offline use."""
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("group", name="How is it right now?").wait_for()
    # Whoever leaves at once would be welcomed again.
    wait_until(page, WELCOMED)


def ready_for_offline(page: Page) -> None:
    """Wait until the service worker rules the page and holds the library."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    wait_until(
        page,
        """async () => {
            for (const name of await caches.keys())
                for (const request of await (await caches.open(name)).keys())
                    if (request.url.includes('/library/bundle')) return true
            return false
        }""",
    )


def wait_until(page: Page, condition: str, seconds: float = 60.0) -> None:
    """Poll an async condition in the page.

    `wait_for_function` takes a promise for true; and given an expression instead of a function it evaluates it anew at
    each turn, which the app's content security policy forbids.
    """
    page.evaluate(
        """async ([condition, milliseconds]) => {
            const check = new Function('return (' + condition + ')()')
            const end = performance.now() + milliseconds
            while (!(await check())) {
                if (performance.now() > end) throw new Error('still false: ' + condition)
                await new Promise((next) => setTimeout(next, 50))
            }
        }""",
        [condition, seconds * 1000],
    )


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """The address of the built gallery."""
    with served_folder(BUILT) as address:
        yield address


@pytest.fixture(scope="module")
def window(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """One window for all states: each is a page load of its own."""
    with browser.new_context(**browser_context_args) as context:
        yield context.new_page()

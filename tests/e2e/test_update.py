"""A fresh version is offered, never forced, and never in the middle of writing."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.config import ROOT
from tests.conftest import dispose, make_app, settings_for
from tests.e2e.conftest import Problems, Site, begin, ready_for_offline, wait_until
from tests.support.services import free_port
from tests.support.serving import serving

OFFER = "A fresh version is ready."


def build(folder: Path, number: int) -> Path:
    """The built app as its `number`th version: another page, so another list of files in the service worker."""
    shutil.copytree(ROOT / "pwa/dist", folder, ignore=shutil.ignore_patterns("*.br", "*.gz", "api-viewer"))
    for page in (folder / "index.html", *folder.glob("first/*.html")):
        page.write_text(page.read_text().replace("<head>", f'<head><meta name="version" content="{number}">'))
    worker = folder / "sw.js"
    old = re.search(r"[\"'`]/\?(\w+)[\"'`]", worker.read_text())
    assert old is not None
    worker.write_text(worker.read_text().replace(old[1], f"version{number}"))
    return folder


def site_of(folder: Path, version: Path, port: int) -> Site:
    """A server of one version on a fresh database."""
    url = f"http://localhost:{port}"
    return Site(make_app(settings_for(folder, public_url=url, pwa_path=version)), url)


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Site, Site]:
    """The same address before and after an update."""
    port = free_port()
    first, second = (site_of(tmp_path, build(tmp_path / f"version-{n}", n), port) for n in (1, 2))
    return first, second


def test_an_update_waits_while_somebody_writes_and_is_taken_when_they_say_so(
    page: Page, versions: tuple[Site, Site], problems: Problems
) -> None:
    first, second = versions
    port = int(first.url.rsplit(":", 1)[1])
    with serving(first.app, port):
        page.goto(first.url)
        begin(page)
        ready_for_offline(page)
        page.get_by_role("link", name="Write").click()
        page.get_by_role("link", name="A page in the journal").click()
        page.get_by_role("textbox", name="The page").fill("In the middle of a")
    with serving(second.app, port):
        come_to_the_front(page)
        expect(page.get_by_text(OFFER)).to_have_count(0)
        expect(page.get_by_role("textbox", name="The page")).to_have_value("In the middle of a")

        page.get_by_role("link", name="Today").click()
        expect(page.get_by_text(OFFER)).to_be_visible()
        page.get_by_role("button", name="Later").click()
        expect(page.get_by_text(OFFER)).to_have_count(0)
        assert version_of(page) == "1"

        page.reload()
        page.get_by_role("button", name="Use it").click()
        expect(page.locator("meta[name=version]")).to_have_attribute("content", "2")
        page.get_by_role("link", name="Write").click()
        expect(page.get_by_role("link", name=re.compile("In the middle of a"))).to_be_visible()
    for site in versions:
        dispose(site.app)


def test_a_page_loaded_past_the_service_worker_is_taken_over_by_it(app_page: Page) -> None:
    ready_for_offline(app_page)
    devtools = app_page.context.new_cdp_session(app_page)
    with app_page.expect_navigation():
        devtools.send("Page.reload", {"ignoreCache": True})
    ready_for_offline(app_page)


def come_to_the_front(page: Page) -> None:
    """The app is shown again after a while: it looks for a fresh version, which is then downloaded and waits."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_until(page, "async () => (await navigator.serviceWorker.getRegistration()).waiting !== null")


def version_of(page: Page) -> str | None:
    """Which version the open page is of."""
    return page.locator("meta[name=version]").get_attribute("content")

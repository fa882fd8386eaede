"""A real Firefox without a window, in a profile of its own, that reaches nothing but this machine."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.marionette import Marionette, ScriptFailed
from tools.browser import system_firefox

#: Seconds that anything may take on a busy machine.
PATIENCE = 60.0
#: A proxy that is not there, for everything but this machine: nothing leaves it.
_DEAD = {"network.proxy.http": "127.0.0.1", "network.proxy.ssl": "127.0.0.1"}
_QUIET = {
    "network.proxy.type": 1, **_DEAD, "network.proxy.http_port": 1, "network.proxy.ssl_port": 1,
    "network.proxy.no_proxies_on": "127.0.0.1,localhost",
    "app.normandy.enabled": False, "app.update.auto": False, "browser.aboutwelcome.enabled": False,
    "browser.region.network.url": "", "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False, "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False, "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False, "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:1/v1", "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "http://127.0.0.1:1/", "intl.accept_languages": "en-GB",
    "marionette.port": 0, "alerts.useSystemBackend": False, "ui.prefersReducedMotion": 1,
}  # fmt: skip


class Firefox:
    """A browser with one tab. Everything waits as long as a busy machine needs."""

    def __init__(self, profile: Path, preferences: Mapping[str, Any]) -> None:
        profile.mkdir(exist_ok=True)
        settings = {**_QUIET, **preferences}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
        (profile / "user.js").write_text("".join(lines))
        port = profile / "MarionetteActivePort"
        port.unlink(missing_ok=True)
        self._process = _started(profile)
        _wait(lambda: port.exists() and port.read_text().strip().isdigit(), "Firefox has not started")
        self._remote = Marionette(int(port.read_text()), PATIENCE)
        self._remote.call("WebDriver:NewSession")

    def open(self, url: str) -> None:
        """Go there, and wait until it has loaded."""
        self._remote.call("WebDriver:Navigate", url=url)

    def run(self, body: str, *arguments: Any) -> Any:
        """What the body of an async function returns in the page; its arguments are in `given`."""
        return self._remote.run(body, *arguments)

    def wait_until(self, condition: str) -> None:
        """Wait until the expression is true in the page. Raises TimeoutError."""
        _wait(lambda: bool(self._tried(f"return {condition}")), f"still false: {condition}")

    def press(self, name: str) -> None:
        """Press the button of that name, as soon as it is there and does something, as a person does."""
        found = f"[...document.querySelectorAll('button:enabled')].find((each) => {_NAMED} === {json.dumps(name)})"
        self.wait_until(f"{found} !== undefined")
        script = f"return {found}"
        element = self._remote.call("WebDriver:ExecuteScript", script=script, args=[])["value"]
        self._remote.call("WebDriver:ElementClick", id=next(iter(element.values())))

    def notification(self) -> dict[str, str]:
        """Title and body of the one notification on the screen, once it is there."""
        _wait(lambda: bool(self._chrome(f"return {_ALERT} !== null && {_ALERT}.gIsActive")), "no notification")
        return dict(self._chrome(f"const [, title, body] = {_ALERT}.arguments; return {{ title, body }}"))

    def press_notification(self) -> None:
        """Press the notification itself."""
        self._chrome(f"{_ALERT}.document.getElementById('alertBox').click()")

    def press_button(self, action: str) -> None:
        """Press a button of the notification: what a desktop's own notification would tell Firefox."""
        self._chrome(
            f"const shown = {_ALERT};"
            "const button = { QueryInterface: ChromeUtils.generateQI(['nsIAlertAction']), action: given[0] };"
            "shown.gAlertListener.observe(button, 'alertclickcallback', shown.gAlertCookie)",
            action,
        )

    def put_notification_away(self) -> None:
        """Press its cross."""
        self._chrome(f"{_ALERT}.document.getElementById('alert-close').click()")

    def wait_for_no_notification(self) -> None:
        """Wait until none is on the screen."""
        _wait(lambda: bool(self._chrome(f"return {_ALERT} === null")), "a notification is still there")

    def stop_service_workers(self) -> None:
        """End them all, as Firefox does with idle ones."""
        self._chrome(
            "const all = Cc['@mozilla.org/serviceworkers/manager;1'].getService(Ci.nsIServiceWorkerManager)"
            ".getAllRegistrations();"
            "for (let at = 0; at < all.length; at++)"
            " await all.queryElementAt(at, Ci.nsIServiceWorkerRegistrationInfo).activeWorker?.terminateWorker()"
        )

    def close(self) -> None:
        """End it, kindly first."""
        try:
            self._remote.call("Marionette:Quit", flags=["eForceQuit"])
            self._process.wait(15)
        except (ScriptFailed, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._remote.close()

    def _tried(self, body: str) -> Any:
        """Like `run`; None while a page is being left."""
        try:
            return self.run(body)
        except ScriptFailed:
            return None

    def _chrome(self, body: str, *arguments: Any) -> Any:
        """Run in Firefox itself rather than in the page."""
        self._remote.call("Marionette:SetContext", value="chrome")
        try:
            return self._remote.run(body, *arguments)
        finally:
            self._remote.call("Marionette:SetContext", value="content")


_NAMED = "(each.ariaLabel ?? each.textContent).trim()"
_ALERT = "Services.wm.getMostRecentWindow('alert:alert')"


def _started(profile: Path) -> subprocess.Popen[bytes]:
    command = [
        system_firefox() or "firefox", "--profile", str(profile), "--no-remote", "--headless", "--marionette",
        "--remote-allow-system-access", "about:blank",
    ]  # fmt: skip
    environment = {**os.environ, "HOME": str(profile), "MOZ_CRASHREPORTER_DISABLE": "1"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait(condition: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(0.05)


@contextmanager
def firefox(profile: Path, preferences: Mapping[str, Any]) -> Iterator[Firefox]:
    """A Firefox with these settings for the length of a `with`."""
    browser = Firefox(profile, preferences)
    try:
        yield browser
    finally:
        browser.close()

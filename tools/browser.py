"""Makes sure that the end-to-end tests have a real Chromium and a real Firefox, and says where they come from."""

import os
import shutil
import subprocess
import sys

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FIREFOX = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")


def main() -> None:
    """Find the browsers, else install them: Debian's as root, otherwise Playwright's own download of Chromium.

    Exits with a message where Firefox is missing and cannot be installed: Playwright's is a changed one without push.
    """
    missing = [
        package for package, found in (("chromium", system_browser()), ("firefox-esr", system_firefox())) if not found
    ]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"installing Debian's {' and '.join(missing)}")
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", *missing], check=True)
    elif "chromium" in missing:
        print("no Chromium found: downloading Playwright's")
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    if not system_firefox():
        sys.exit("The browser tests need Firefox: install it, or say in the variable FIREFOX where it is.")
    print(f"browser tests use {system_browser() or 'the Chromium of Playwright'} and {system_firefox()}")


def system_browser() -> str | None:
    """The path of an installed Chromium; the variable CHROMIUM comes first. None when there is none."""
    return _found("CHROMIUM", CHROMIUM)


def system_firefox() -> str | None:
    """The path of an installed Firefox; the variable FIREFOX comes first. None when there is none."""
    return _found("FIREFOX", FIREFOX)


def _found(variable: str, names: tuple[str, ...]) -> str | None:
    return os.environ.get(variable) or next((path for name in names if (path := shutil.which(name))), None)


if __name__ == "__main__":
    main()

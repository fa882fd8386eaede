"""Makes sure that the end-to-end tests have a real Chromium, and says where it comes from."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Find a browser, else install one: Debian's as root, Playwright's own download otherwise."""
    if found := system_browser():
        print(f"browser tests use {found}")
    elif os.geteuid() == 0 and shutil.which("apt-get"):
        print("no browser found: installing Debian's chromium")
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True)
    else:
        print("no browser found: downloading Playwright's Chromium")
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def system_browser() -> str | None:
    """The path of an installed Chromium; the variable CHROMIUM comes first. None when there is none."""
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


if __name__ == "__main__":
    main()

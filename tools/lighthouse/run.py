"""Lighthouse's mobile scores of the built app, served as in production by this machine. Not a part of the tests.

Usage: python -m tools.lighthouse.run [PATH ...]

Lighthouse simulates a cheap phone on a slow network from one fast load, and counts all that had come before the paint
as needed for it. The largest paint is given once more as seen with that phone and network applied. All of it moves
with whatever else the machine does.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.harness import served
from tools.browser import system_browser

HERE = Path(__file__).resolve().parent
COMMAND = [str(HERE.parents[1] / ".venv/node-bin/node"), str(HERE / "node_modules/lighthouse/cli/index.js")]
PLACES = ("/", "/read", "/read/readings/boundaries", "/rings")
WORTH_NAMING = 0.9
#: Lighthouse sometimes misses the beginning of a load (NO_NAVSTART), and asks to be run again.
TRIES = 3


def main(places: list[str]) -> None:
    """Print the scores of each place, the paint of its largest part, and what cost points."""
    with served("wsgi:app", LOG_LEVEL="ERROR") as base:
        for place in places or PLACES:
            report = measure(base + place)
            applied = measure(base + place, "devtools")["audits"]["largest-contentful-paint"]["displayValue"]
            scores = "  ".join(f"{name} {round(part['score'] * 100)}" for name, part in report["categories"].items())
            largest = report["audits"]["largest-contentful-paint"]["displayValue"]
            blocked = report["audits"]["total-blocking-time"]["displayValue"]
            print(f"{place:<28} {scores}  LCP {largest}, applied {applied}  blocked {blocked}", flush=True)
            for line in complaints(report):
                print(f"    {line}", flush=True)


def measure(url: str, throttling: str = "simulate") -> dict[str, Any]:
    """Lighthouse's report of one address, its slow phone simulated from a fast load or applied while it loads."""
    flags = "--headless=new --no-sandbox --disable-dev-shm-usage"
    command = [
        *COMMAND,
        url,
        "--output=json",
        "--quiet",
        f"--throttling-method={throttling}",
        f"--chrome-flags={flags}",
    ]
    environment = {**os.environ, **({"CHROME_PATH": found} if (found := system_browser()) else {})}
    for _ in range(TRIES):
        answer = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
        if answer.returncode == 0:
            report: dict[str, Any] = json.loads(answer.stdout)
            return report
    raise SystemExit(answer.stderr)


def complaints(report: dict[str, Any]) -> list[str]:
    """What a category lost points for."""
    weighty = {ref["id"] for part in report["categories"].values() for ref in part["auditRefs"] if ref["weight"] > 0}
    audits = (report["audits"][name] for name in sorted(weighty))
    return [
        f"{audit['score']:.2f} {audit['title']} {audit.get('displayValue', '')}"
        for audit in audits
        if audit["score"] is not None and audit["score"] < WORTH_NAMING
    ]


if __name__ == "__main__":
    main(sys.argv[1:])

"""Asks the advisory services about every pinned dependency: OSV for Python (by pip-audit), npm's for the app.

Exit code 0: nothing is known. 1: something is; each line names it. 2: a service could not be asked, so nobody knows.
OSV_URL and npm_config_registry name mirrors of the two services.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-scale.txt", "requirements-otel.txt", "requirements-dev.txt")
OSV_URL = "https://api.osv.dev/v1/query"
CLEAN, FOUND, UNKNOWN = 0, 1, 2
#: Seconds that one question may take.
PATIENCE = "20"


class NotAnswered(Exception):
    """The service could not be asked; the message says what it said."""


def main() -> int:
    """Ask both, say what is known, and answer the exit code."""
    answers = [_ask("Python", python_findings), _ask("the app", npm_findings)]
    return FOUND if FOUND in answers else max(answers)


def _ask(what: str, findings: Callable[[], list[str]]) -> int:
    try:
        found = findings()
    except NotAnswered as error:
        print(f"{what}: the advisory service could not be asked, so nothing is known. Try again later.\n  {error}")
        return UNKNOWN
    if not found:
        print(f"{what}: no known vulnerability")
        return CLEAN
    print(f"{what}: {len(found)} known", *(f"  {each}" for each in found), sep="\n")
    return FOUND


def python_findings(locks: tuple[str, ...] = LOCKS) -> list[str]:
    """What is known of the pinned Python packages. Raises NotAnswered."""
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--format", "json", "--progress-spinner", "off",
                   "--timeout", PATIENCE, "--cache-dir", cache, "--vulnerability-service", "osv",
                   "--osv-url", os.environ.get("OSV_URL", OSV_URL)]  # fmt: skip
        for lock in locks:
            command += ["--requirement", str(ROOT / lock)]
        report = _report(command, ROOT)
    return sorted({line for each in report.get("dependencies", []) for line in _python_lines(each)})


def npm_findings(folder: Path = ROOT / "pwa") -> list[str]:
    """What is known of the app's pinned packages. Raises NotAnswered."""
    report = _report(["npm", "audit", "--json"], folder)
    if "vulnerabilities" not in report:
        said = report.get("message") or report.get("error") or report
        raise NotAnswered(" ".join(str(said).split())[:300])
    return sorted(_npm_line(name, known) for name, known in report["vulnerabilities"].items())


def _report(command: list[str], folder: Path) -> dict[str, Any]:
    path = f"{ROOT / '.venv' / 'node-bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "PATH": path})
    try:
        report: dict[str, Any] = json.loads(ended.stdout)
    except json.JSONDecodeError as error:
        raise NotAnswered((ended.stderr.strip().splitlines() or ["no answer"])[-1][:300]) from error
    return report


def _python_lines(dependency: dict[str, Any]) -> Iterator[str]:
    for known in dependency.get("vulns", []):
        fixed = ", ".join(known["fix_versions"]) or "no version yet"
        yield f"{dependency['name']} {dependency['version']}: {known['id']}, put right in {fixed}"


def _npm_line(name: str, known: dict[str, Any]) -> str:
    causes = [cause["title"] if isinstance(cause, dict) else f"by way of {cause}" for cause in known["via"]]
    return f"{name} {known['range']} ({known['severity']}): {'; '.join(causes)}"


if __name__ == "__main__":
    sys.exit(main())

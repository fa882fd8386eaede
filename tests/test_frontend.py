"""The built app as the server hands it out: caching, compression, one page for all places, and its size."""

import io
import json
import os
import re
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient
from PIL import Image

from server.config import ROOT
from tests.conftest import dispose, make_app, settings_for

DIST = ROOT / "pwa" / "dist"


def compressed(path: Path) -> int:
    """Bytes of a file as sent."""
    return len(brotli.compress(path.read_bytes()))


def first_files(kind: str) -> list[Path]:
    """Scripts or styles that the page itself names: what a first visit waits for."""
    page = (DIST / "index.html").read_text()
    return [DIST / name for name in re.findall(rf'/?(assets/[\w.-]+\.{kind})"', page)]


@pytest.mark.parametrize(
    "path", ["/", "/join", "/read", "/read/readings/boundaries", "/rings", "/help/urge", "/settings/nudges"]
)
def test_every_place_of_the_app_is_answered_with_its_one_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<title>Heartwood" in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/nowhere", "/readings", "/assets/none.js", "/api/nowhere"])
def test_what_is_no_place_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_files_named_by_their_content_are_kept_for_ever_and_come_compressed(client: FlaskClient) -> None:
    script = first_files("js")[0]
    answer = client.get(f"/assets/{script.name}", headers={"Accept-Encoding": "br"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"


def test_the_service_worker_and_the_manifest_are_asked_for_anew(client: FlaskClient) -> None:
    assert client.get("/sw.js").headers["Cache-Control"] == "no-cache"
    manifest = client.get("/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    assert manifest.headers["Cache-Control"] == "no-cache"


def test_a_new_version_is_told_from_the_old_one_by_its_content_alone(tmp_path: Path) -> None:
    tags = []
    for version in ("1", "2"):
        built = tmp_path / f"version-{version}"
        built.mkdir()
        for name in ("index.html", "sw.js"):
            (built / name).write_text(f"version {version}")
            os.utime(built / name, (0, 1_700_000_000))
        app = make_app(settings_for(tmp_path, pwa_path=built))
        tags.append([app.test_client().get(path).headers["ETag"] for path in ("/", "/sw.js")])
        dispose(app)
    assert tags[0][0] != tags[1][0]
    assert tags[0][1] != tags[1][1]


def test_every_picture_of_the_manifest_is_there(client: FlaskClient) -> None:
    manifest = json.loads(client.get("/manifest.webmanifest").text)
    for picture in manifest["icons"] + manifest.get("screenshots", []):
        answer = client.get(picture["src"])
        assert answer.status_code == 200, picture["src"]
        assert "x".join(map(str, Image.open(io.BytesIO(answer.data)).size)) == picture["sizes"], picture["src"]


def test_every_start_picture_of_ios_is_there_by_day_and_by_night_in_the_size_it_says(client: FlaskClient) -> None:
    page = client.get("/").text
    links = re.findall(r'startup-image"\s+media="([^"]*)"\s+href="/icons/(splash-(\d+)x(\d+)-(\w+)\.png)"', page)
    assert len(links) == 30
    for media, name, width, height, theme in links:
        size = Image.open(DIST / "icons" / name).size
        assert size == (int(width), int(height))
        assert f"prefers-color-scheme: {theme}" in media


def test_a_first_visit_stays_small() -> None:
    assert sum(map(compressed, first_files("js"))) <= 60_000
    assert sum(map(compressed, DIST.glob("assets/*.css"))) <= 10_000
    assert compressed(DIST / "sw.js") <= 10_000


def test_all_scripts_together_stay_small() -> None:
    assert sum(map(compressed, DIST.glob("assets/*.js"))) <= 100_000


def test_the_whole_app_with_all_texts_stays_small(client: FlaskClient) -> None:
    worker = (DIST / "sw.js").read_text()
    named = set(re.findall(r"[\"'`]/([\w./-]+\.\w+)[?\"'`]", worker))
    kept = [DIST / name for name in named if (DIST / name).is_file()]
    assert len(kept) > 10
    fonts_and_icons = sum(path.stat().st_size for path in kept if path.suffix in {".woff2", ".png"})
    rest = sum(compressed(path) for path in kept if path.suffix not in {".woff2", ".png"})
    texts = len(client.get("/api/v1/library/bundle", headers={"Accept-Encoding": "br"}).data)
    assert fonts_and_icons + rest + texts <= 500_000

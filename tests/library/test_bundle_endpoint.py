"""GET /api/v1/library/bundle"""

import gzip
import json

import brotli
import pytest
from flask.testing import FlaskClient

from server.library.schemas import BundleSchema

URL = "/api/v1/library/bundle"


def test_the_bundle_has_everything_and_the_search_index(client: FlaskClient, version: str) -> None:
    bundle = client.get(URL).get_json()
    assert BundleSchema().validate(bundle) == {}
    assert bundle["version"] == version
    assert [lines["region"] for lines in bundle["helplines"]] == [None, "GB"]
    assert {"readings/boundaries", "guides/the-first-night", "books/daring-greatly"} <= set(bundle["search"]["refs"])
    assert bundle["readings"][0] == client.get("/api/v1/library/readings/boundaries").get_json()
    assert bundle["practices"][1] == client.get("/api/v1/library/practices/slow-breathing").get_json()


def test_under_its_own_version_it_may_be_kept_for_ever(client: FlaskClient, version: str) -> None:
    answer = client.get(URL, query_string={"v": version})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("query", [{}, {"v": "of-yesterday"}])
def test_under_no_or_another_version_the_current_one_is_given_and_not_kept(
    client: FlaskClient, version: str, query: dict[str, str]
) -> None:
    answer = client.get(URL, query_string=query)
    assert answer.get_json()["version"] == version
    assert answer.headers["Cache-Control"] == "public, no-cache"


def test_another_language_has_another_version(client: FlaskClient, version: str) -> None:
    german = client.get(URL, query_string={"locale": "de", "v": version})
    assert german.get_json()["version"] != version
    assert german.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    ("accepts", "given"),
    [("br, gzip", "br"), ("gzip, deflate", "gzip"), ("gzip;q=1, br;q=0.5", "gzip"), ("identity", None), ("zstd", None)],
)
def test_it_is_compressed_as_the_client_understands(client: FlaskClient, accepts: str, given: str | None) -> None:
    answer = client.get(URL, headers={"Accept-Encoding": accepts})
    assert answer.headers.get("Content-Encoding") == given
    assert "Accept-Encoding" in answer.headers["Vary"]
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[given]
    assert json.loads(unpack(answer.data))["locale"] == "en"


def test_small_answers_are_not_compressed(client: FlaskClient) -> None:
    answer = client.get("/api/v1/library/helplines", headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in answer.headers


def test_all_encodings_share_one_weak_etag(client: FlaskClient) -> None:
    etags = {client.get(URL, headers={"Accept-Encoding": name}).headers["ETag"] for name in ("br", "gzip", "identity")}
    [etag] = etags
    assert client.get(URL, headers={"If-None-Match": etag, "Accept-Encoding": "br"}).status_code == 304

"""After a whole life on the server, no word that was written and no secret is in its files, answers or log."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.accounts.cast import API
from tests.conftest import dispose, make_app, settings_for
from tests.records.samples import document, row
from tests.support.whole_life import WORDS, Life, live

URLSAFE = bytes.maketrans(b"+/", b"-_")


class Finishing(FlaskClient):
    """Reads each answer to its end, so that the server finishes the request and logs it."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **kwargs)


@pytest.fixture
def loud(tmp_path: Path) -> Iterator[Flask]:
    """A server that logs all it can."""
    app = make_app(settings_for(tmp_path, log_level="DEBUG"))
    app.test_client_class = Finishing
    yield app
    dispose(app)


def in_base64(held: bytes) -> set[bytes]:
    """What is sure to be in the base64 of anything that holds these bytes, whichever of three ways they fall."""
    shifted = [base64.b64encode(b"x" * skip + held)[4 if skip else 0 : -4] for skip in range(3)]
    return {*shifted, *(each.translate(URLSAFE) for each in shifted)}


def disguises(word: str) -> set[bytes]:
    """A text as it may lie in a file."""
    plain = word.encode()
    return {plain, word.encode("utf-16-le"), plain.hex().encode(), *in_base64(plain)}


def looked_for(life: Life) -> set[bytes]:
    found = {each for word in WORDS for each in disguises(word)}
    return found.union(*({secret, secret.hex().encode(), *in_base64(secret)} for secret in life.secrets()))


@pytest.mark.parametrize("word", WORDS)
def test_the_search_finds_what_is_there(word: str) -> None:
    for skip in range(3):
        held = base64.urlsafe_b64encode(b"-" * skip + word.encode() + b"-")
        assert any(each in held for each in disguises(word))


def test_no_word_and_no_secret_is_in_the_database_its_journal_or_the_log(
    loud: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    life = live(loud)
    files = {path.name: path.read_bytes() for path in (tmp_path / "instance").iterdir()}
    assert {"heartwood.sqlite3", "heartwood.sqlite3-wal"} <= files.keys()
    assert life.account_id.encode() in b"".join(files.values())
    files["log"] = capsys.readouterr().err.encode()
    assert files["log"].count(b"\n") > 20
    hits = [(name, text[:40]) for name, held in files.items() for text in looked_for(life) if text in held]
    assert hits == []


def test_the_log_holds_no_id_either(loud: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    life = live(loud)
    said = capsys.readouterr().err
    for mine in (life.account_id, life.name, *life.ids.values(), "127.0.0.1"):
        assert mine not in said


def test_requests_that_fail_do_not_put_words_into_the_log_either(
    loud: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    device, word = live(loud).device, "like a Sunday"
    made = document("letters", sealed_text={"v": 1, "iv": word, "ct": word}, kind=word)
    assert device.post(f"{API}/sync/letters/push", json=[row(made)]).status_code == 422
    assert device.get(f"{API}/library/search?q={word}").status_code == 200
    assert device.put(f"{API}/accounts/me/login", data=word, content_type="text/plain").status_code == 415
    assert device.put(f"{API}/accounts/me/login", data=word, content_type="application/json").status_code == 400
    assert device.get(f"/{word}").status_code in {200, 404, 503}
    assert word not in capsys.readouterr().err


def test_an_exported_file_holds_words_only_as_sealed(loud: Flask) -> None:
    life = live(loud)
    exported = life.device.get(f"{API}/accounts/me/export").get_data()
    assert life.account_id.encode() in exported
    assert not any(text in exported for text in looked_for(life))

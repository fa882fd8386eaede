"""`flask content check`, `preview` and `schema`, as somebody who writes uses them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.conftest import ROOT
from tests.library import sample

READING = "en/readings/01-boundaries.md"


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["content", *args])


def test_sound_content_passes_and_says_so(app: Flask) -> None:
    result = run(app, "check")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "All texts are in order.\n")


def test_a_finding_is_printed_as_file_line_message_and_the_exit_is_not_zero(app: Flask, content: Path) -> None:
    line = sample.edit(content, READING, "enough for tonight", "what you should do")
    result = run(app, "check")
    assert result.exit_code == 1
    assert result.stdout == (
        f"content/{READING}:{line}: 'should' puts the reader in the wrong; say what they can do instead [guilt-word]\n"
    )


def test_json_is_for_editors(app: Flask, content: Path) -> None:
    line = sample.edit(content, READING, "enough for tonight", "enough for him")
    [finding] = json.loads(run(app, "check", "--format", "json").stdout)
    assert finding["message"].startswith("'him' guesses")
    assert (finding["file"], finding["line"], finding["rule"]) == (f"content/{READING}", line, "gendered-word")


def test_sound_content_is_an_empty_list_in_json(app: Flask) -> None:
    assert json.loads(run(app, "check", "--format", "json").stdout) == []


def test_a_file_out_of_shape_does_not_hide_what_is_wrong_with_the_others(app: Flask, content: Path) -> None:
    sample.edit(content, "en/books.yaml", "year: 2012", "year: 12")
    sample.edit(content, READING, "enough for tonight", "what you should do")
    assert {line.split(":")[0] for line in run(app, "check").stdout.splitlines()} == {
        "content/en/books.yaml",
        f"content/{READING}",
    }


def test_rules_about_english_leave_other_languages_alone(app: Flask, content: Path) -> None:
    sample.edit(content, "de/readings/01-boundaries.md", "enough for tonight", "was her man should")
    assert run(app, "check").exit_code == 0


def test_the_command_runs_even_where_the_server_would_not_start(tmp_path: Path) -> None:
    root = sample.folder(tmp_path)
    (root / READING).write_text("nothing", encoding="utf-8")
    env = {**os.environ, "CONTENT_PATH": str(root), "INSTANCE_PATH": str(tmp_path / "instance")}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "content", "check"]
    result = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 1
    assert result.stdout.startswith(f"content/{READING}:1: begin with a line ---")


@pytest.mark.parametrize(
    ("ref", "shown"),
    [
        ("readings/boundaries", "A question to sit with"),
        ("guides/the-first-night", "Help lines are shown here"),
        ("practices/slow-breathing", "In 4, out 6, 10 rounds"),
        ("practices/one-small-thing", "What is one small thing?"),
        ("nudges/read-04", "On a lock screen that gives nothing away"),
        ("helplines/GB", "Samaritans"),
        ("helplines/international", "Find A Helpline"),
    ],
)
def test_one_item_is_rendered_as_the_app_shows_it(app: Flask, ref: str, shown: str) -> None:
    result = run(app, "preview", ref)
    assert result.exit_code == 0
    assert result.stdout.startswith("<!doctype html>")
    assert shown in result.stdout


def test_a_translation_is_shown_in_its_own_language(app: Flask) -> None:
    page = run(app, "preview", "readings/boundaries", "--locale", "de").stdout
    assert '<html lang="de">' in page
    assert "<h1>Grenzen</h1>" in page


@pytest.mark.parametrize("ref", ["readings/gone", "nudges/gone", "helplines/XX", "boundaries", ""])
def test_a_preview_of_nothing_says_how_to_write_it(app: Flask, ref: str) -> None:
    result = run(app, "preview", ref)
    assert result.exit_code == 1
    assert "write it like readings/boundaries" in result.stderr


def test_a_preview_in_an_unknown_locale_says_so(app: Flask) -> None:
    assert "there is no locale xx" in run(app, "preview", "readings/boundaries", "--locale", "xx").stderr


def test_a_preview_of_broken_content_says_where(app: Flask, content: Path) -> None:
    (content / READING).write_text("nothing", encoding="utf-8")
    result = run(app, "preview", "readings/boundaries")
    assert result.exit_code == 1
    assert f"content/{READING}:1: " in result.stderr


def test_a_preview_can_be_opened_in_the_browser(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    result = run(app, "preview", "readings/boundaries", "--open")
    [uri] = opened
    path = Path(result.stdout.strip())
    assert uri == path.as_uri()
    assert "<h1>Boundaries</h1>" in path.read_text(encoding="utf-8")


def test_schema_files_are_written_beside_the_locales(app: Flask, content: Path) -> None:
    (content / "en" / "fields.yml").write_text((ROOT / "content/en/fields.yml").read_text(encoding="utf-8"))
    result = run(app, "schema")
    assert "schema/reading.json" in result.stdout.splitlines()
    assert json.loads((content / "schema" / "nudges.json").read_text(encoding="utf-8"))["type"] == "array"

"""Every command in the documents works: those marked `run` are run, in order, the others exist as they are written."""

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from flask import Flask

from tests.conftest import ROOT
from tests.docs.commands import Block, blocks, documents, mentioned
from tests.operations.test_deploy import command_exists
from tests.support import services

MARKS = {"run", "served", "postgresql", "elsewhere"}
RUNNABLE = [document for document in documents() if any("run" in block.marks for block in blocks(document))]
LOCAL = "http://localhost:8000"


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """The address of a server on the instance of the document."""
    port = services.free_port()
    command = [str(ROOT / ".venv/bin/flask"), "--app", "wsgi", "run-server"]
    process = subprocess.Popen(command, cwd=ROOT, env={**environment, "PORT": str(port), "METRICS": "on"})
    try:
        services.wait_for(lambda: urlopen(f"http://127.0.0.1:{port}/readyz").close(), OSError, seconds=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def execute(block: Block, environment: dict[str, str], scratch: Path) -> None:
    """Run one block; what it exports holds for the blocks after it, and /tmp is a folder of the test."""
    kept = scratch / "exports"
    text = block.text.replace("/tmp/", f"{scratch}/")
    script = f"set -euo pipefail; [ -f {kept} ] && . {kept}\n{text}\nexport -p > {kept}"
    if "served" in block.marks:
        with served(environment) as address:
            _run(script.replace(LOCAL, address), environment, block)
    else:
        _run(script, environment, block)


def _run(script: str, environment: dict[str, str], block: Block) -> None:
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{name(block.document)}:\n{block.text}\n{done.stdout}\n{done.stderr}"


@pytest.fixture
def environment(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """A shell of somebody who follows the document on a fresh machine."""
    programs = services.client_programs()
    path = os.pathsep.join(filter(None, [programs, os.environ["PATH"]]))
    instance = str(tmp_path / "instance")
    return {"PATH": path, "HOME": str(tmp_path), "INSTANCE_PATH": instance, "LOG_LEVEL": "ERROR", "LANG": "C.UTF-8"}


@pytest.mark.parametrize("document", RUNNABLE, ids=name)
def test_the_commands_of_a_document_work_one_after_the_other(
    document: Path, environment: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for block in blocks(document):
        if "postgresql" in block.marks:
            server = request.getfixturevalue("postgresql_url")
            environment["POSTGRESQL_URL"] = services.fresh_database(server)
        if "run" in block.marks:
            execute(block, environment, tmp_path)


def test_the_operations_guide_is_run() -> None:
    assert ROOT / "docs" / "operations.md" in RUNNABLE


@pytest.mark.parametrize("document", documents(), ids=name)
def test_every_shell_block_says_what_may_be_done_with_it(document: Path) -> None:
    unmarked = [block.text for block in blocks(document) if not block.marks or not block.marks <= MARKS]
    assert unmarked == []


@pytest.mark.parametrize("document", documents(), ids=name)
def test_every_flask_command_that_is_mentioned_exists(app: Flask, document: Path) -> None:
    wrong = [line for line in mentioned(document) for words in _flask(line) if not command_exists(app, words)]
    assert wrong == []


@pytest.mark.parametrize("document", documents(), ids=name)
def test_every_make_target_that_is_mentioned_exists(document: Path) -> None:
    rules = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([\w./$()-]+):", rules, re.MULTILINE))
    for line in mentioned(document):
        if line.startswith("make "):
            asked = [word for word in shlex.split(line, comments=True)[1:] if "=" not in word]
            assert set(asked) <= targets, line


@pytest.mark.parametrize("document", documents(), ids=name)
def test_every_file_that_a_document_points_to_exists(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8"))
    if document.parent.name == "content":
        links = []  # its links are examples of links between texts
    assert [link for link in links if not (document.parent / link).exists()] == []


def _flask(line: str) -> Iterator[list[str]]:
    """The words after `flask` in a line, without what is only told: `…`, `<id>`."""
    found = re.search(r"(?:^|[\s/=])flask\s+(.*)", line.split(" #")[0].split("|")[0])
    if found and "…" not in found[1]:
        plain = re.sub(r"<[^>]*>|REF|\"\$\w+\"", "x", found[1])
        yield [word for word in shlex.split(plain) if word not in {"||", "true"}]

"""`flask content …`: for the people who write."""

import json
import os
import sys
import tempfile
import webbrowser
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from server import clock
from server.library import jsonschema, preview
from server.library.check import check
from server.library.service import load
from server.library.source import ContentError, Finding

group = AppGroup("content", help="Check, preview and describe the texts.")


def is_running() -> bool:
    """True in a process that looks at the content (`flask content …`, `flask doctor`): it must start even when, and
    just when, the content is broken."""
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true" and not {group.name, "doctor"}.isdisjoint(sys.argv[1:])


def _root() -> Path:
    path: Path = current_app.config["SETTINGS"].content_path
    return path


@group.command("check")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="json is for editors.")
def check_command(form: str) -> None:
    """Report everything that is wrong with the content as `file:line: message`; exit with 1 when there is anything."""
    findings = check(_root(), clock.now().date())
    if form == "json":
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        _report(findings)
    sys.exit(1 if findings else 0)


def _report(findings: list[Finding]) -> None:
    for finding in findings:
        click.echo(f"{finding} [{finding.rule}]")
    click.echo(f"To look at: {len(findings)}" if findings else "All texts are in order.", err=True)


@group.command("preview")
@click.argument("ref")
@click.option("--locale", default="en", help="The locale to look in.")
@click.option("--open", "show", is_flag=True, help="Open it in the browser instead of printing it.")
def preview_command(ref: str, locale: str, show: bool) -> None:
    """Render REF as the app shows it: readings/boundaries, nudges/<id>, helplines/GB."""
    try:
        library = load(_root())[locale].library
    except ContentError as error:
        raise click.ClickException(f"the content is broken:\n{error}") from error
    except KeyError as error:
        raise click.ClickException(f"there is no locale {locale}") from error
    page = preview.render(library, ref)
    if page is None:
        raise click.ClickException(f"there is no {ref}; write it like readings/boundaries, nudges/<id> or helplines/GB")
    if show:
        _open(page)
    else:
        click.echo(page)


def _open(page: str) -> None:
    """Browsers read the file after we are gone, so it is left in the folder for temporary files."""
    with tempfile.NamedTemporaryFile("w", suffix=".html", delete=False, encoding="utf-8") as file:
        file.write(page)
    webbrowser.open(Path(file.name).as_uri())
    click.echo(file.name)


@group.command("schema")
def schema_command() -> None:
    """Write content/schema/*.json, from which editors complete and check the files."""
    folder = _root() / "schema"
    folder.mkdir(exist_ok=True)
    for name, text in jsonschema.files(_root()).items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(f"{folder.name}/{name}")

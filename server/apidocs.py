"""The OpenAPI document and a page that shows it, with nothing from other origins."""

import json
from pathlib import Path
from typing import Any

import click
from flask import Blueprint, Flask, Response
from flask.cli import AppGroup

from server.extensions import api
from server.schemas import Instant, LocalTime
from server.security import CONTENT_SECURITY_POLICY, public

blueprint = Blueprint("apidocs", __name__, url_prefix="/api")
group = AppGroup("openapi", help="The API's description.")

#: The viewer builds its page by script and styles elements itself; this page alone is given that.
VIEWER_POLICY = (
    CONTENT_SECURITY_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    .replace("require-trusted-types-for 'script'; ", "")
    .replace("; trusted-types svelte-trusted-html heartwood", "")
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Heartwood API</title>
<link rel="icon" href="/icons/icon-192.png">
<link rel="stylesheet" href="/api-viewer/swagger-ui.css">
</head>
<body>
<main id="viewer"></main>
<script src="/api-viewer/swagger-ui-bundle.js"></script>
<script src="/api-viewer/start.js"></script>
</body>
</html>
"""


@blueprint.get("/v1/openapi.json")
@public
def document() -> Response:
    """The OpenAPI 3.1 document of this API."""
    return Response(rendered(), content_type="application/json", headers={"Cache-Control": "no-cache"})


@blueprint.get("/docs")
@public
def page() -> Response:
    """A page for reading and trying the API."""
    return Response(PAGE, content_type="text/html", headers={"Content-Security-Policy": VIEWER_POLICY})


def rendered() -> str:
    """The OpenAPI document as stable, readable JSON."""
    spec: dict[str, Any] = api.spec.to_dict()
    return json.dumps(spec, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


@group.command("write")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), default="docs/openapi.json")
def write(path: Path) -> None:
    """Write the document to PATH, for review and for the app's generated types."""
    path.write_text(rendered(), encoding="utf-8")
    click.echo(f"wrote {path}")


@group.command("check")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), default="docs/openapi.json")
def check(path: Path) -> None:
    """Fail when the committed document is not what the code says."""
    if path.read_text(encoding="utf-8") != rendered():
        raise click.ClickException(f"{path} is out of step with the code: run `make openapi` and commit it")
    click.echo(f"{path} is in step")


def init_app(app: Flask) -> None:
    """Configure flask-smorest and serve the document and its page."""
    app.config.update(
        API_TITLE="Heartwood",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {
                "description": "Content, mood tracking, sync and gentle nudges for the weeks after a breakup.",
                "license": {"name": "AGPL-3.0-or-later"},
            },
        },
    )
    api.init_app(app)
    api.register_field(Instant, "string", "date-time")
    api.register_field(LocalTime, "string", None)
    app.register_blueprint(blueprint)
    app.cli.add_command(group)

"""`/healthz`: the process is alive. `/readyz`: it can do its work. For load balancers and whoever is on call."""

from collections.abc import Callable

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from server.database import db, migrate
from server.extensions import limiter
from server.security import public

blueprint = Blueprint("health", __name__)
limiter.exempt(blueprint)

#: Name → a check that returns None when all is well, else what is wrong.
Check = Callable[[], str | None]


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "alive"}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The database answers, its schema is the newest, and nudges are being looked at."""
    checks: dict[str, Check] = current_app.extensions["heartwood_checks"]
    found = {name: check() for name, check in checks.items()}
    ready = not any(found.values())
    report = {"status": "ready" if ready else "not ready", "checks": {n: w or "ok" for n, w in found.items()}}
    return report, 200 if ready else 503


def add_check(app: Flask, name: str, check: Check) -> None:
    """Let a feature have its say in `/readyz`."""
    app.extensions.setdefault("heartwood_checks", {})[name] = check


def migrations_current() -> str | None:
    """None when the database is reachable and at the newest revision, else what is wrong."""
    try:
        with db.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError:
        return "the database does not answer"
    newest = ScriptDirectory(migrate.directory).get_current_head()
    return None if found == newest else f"the schema is at {found}, not {newest}: run `flask db upgrade`"


def init_app(app: Flask) -> None:
    """Serve the two routes and check the database."""
    app.register_blueprint(blueprint)
    add_check(app, "database", migrations_current)

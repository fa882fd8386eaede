"""Heartwood's server: a Flask JSON API, the built app in front of it, and the nudge engine beside it."""

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from server import (
    accounts,
    answers,
    apidocs,
    cli,
    database,
    errors,
    frontend,
    health,
    library,
    logs,
    metrics,
    nudges,
    observe,
    operations,
    push,
    reads,
    records,
    security,
    tracing,
)
from server.config import KEY_FILE, Settings, generated_secret
from server.extensions import limiter


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for `settings` (read from the environment when None).

    Raises SettingsError for a wrong setting and ContentError for a broken content file.
    """
    settings = settings or Settings.from_environment()
    logs.configure(settings.log_level)
    app = Flask(__name__, static_folder=None)
    configure(app, settings)
    errors.init_app(app)
    answers.init_app(app)
    security.init_app(app)
    database.init_app(app)
    reads.init_app(app)
    limiter.init_app(app)
    apidocs.init_app(app)
    health.init_app(app)
    metrics.init_app(app)
    tracing.init_app(app)
    for feature in (library, accounts, records, push, nudges, operations):
        feature.init_app(app)
    cli.init_app(app)
    frontend.init_app(app)
    observe.init_app(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Translate our settings to those of Flask and its extensions."""
    settings.instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    newest, *older = (settings.secret_key or generated_secret(settings.instance_path / KEY_FILE)).split()
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=newest,
        SECRET_KEY_FALLBACKS=older,
        SQLALCHEMY_DATABASE_URI=settings.database,
        MAX_CONTENT_LENGTH=security.BODY_LIMIT,
        PERMANENT_SESSION_LIFETIME=timedelta(days=400),
        SESSION_COOKIE_NAME="__Host-heartwood" if settings.https else "heartwood",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_PROTECTION=None,
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 1, "socket_timeout": 1} if settings.redis_url else {},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,  # without Redis each process counts by itself; people go on
        RATELIMIT_HEADERS_ENABLED=True,
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]

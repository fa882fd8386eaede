"""The one place that reads settings. Every setting is an environment variable; a wrong one stops the start."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent

PUSH_HOSTS = (
    "fcm.googleapis.com",
    "jmt17.google.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)

#: The file in the instance folder that holds the generated secret.
KEY_FILE = "secret_key"

Engine = Literal["embedded", "celery", "off"]
_Choice = TypeVar("_Choice", bound=str)


class StartRefused(SystemExit):
    """The server cannot start. As a SystemExit it ends the process with its message alone, without a traceback."""


class SettingsError(StartRefused):
    """A setting has a value that cannot work. The message names the variable and what it may be."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of one Heartwood server. The README has the table; the defaults serve one small machine."""

    #: HOST: the address to listen on.
    host: str = "127.0.0.1"
    #: PORT: the port to listen on, 1-65535.
    port: int = 8000
    #: THREADS: threads of a web process, 1-64. They take turns with Python: more of them wait for one another.
    threads: int = 4
    #: INSTANCE_PATH: folder for the database, the secret key and the push keys. Made on first start.
    instance_path: Path = ROOT / "instance"
    #: DATABASE_URL: `sqlite:///…` or `postgresql+psycopg://…`. Default: a SQLite file in the instance folder.
    database_url: str = ""
    #: SECRET_KEY or SECRET_KEY_FILE: signs the session cookie. One a line, the newest first; older ones are still
    #: understood. Default: generated in the instance folder.
    secret_key: str = ""
    #: PUBLIC_URL: where people reach the app, e.g. `https://heartwood.example`. Cookies are Secure when it is https.
    public_url: str = ""
    #: CONTENT_PATH: folder with one folder of texts a locale.
    content_path: Path = ROOT / "content"
    #: PWA_PATH: the built app.
    pwa_path: Path = ROOT / "pwa" / "dist"
    #: NUDGE_ENGINE: `embedded` (threads of the web process), `celery` (workers send), `off`.
    nudge_engine: Engine = "embedded"
    #: NUDGE_TICK_SECONDS: pause between two looks for due nudges, 1-300.
    nudge_tick_seconds: int = 15
    #: NUDGE_LEASE_SECONDS: how long a sender has a batch to itself before another may take it, 15-600.
    nudge_lease_seconds: int = 60
    #: NUDGES_KEPT_DAYS: after so long a nudge that was sent is forgotten by `flask housekeeping`, 90-3650. The rules
    #: about nudges look back 60 days.
    nudges_kept_days: int = 180
    #: REDIS_URL: broker of the workers and store of the rate limits when there are many processes.
    redis_url: str = ""
    #: PUSH_CONTACT: `mailto:` or `https:` address that push services may use to reach whoever runs this (RFC 8292).
    push_contact: str = "https://heartwood.invalid/contact"
    #: PUSH_HOSTS: comma-separated push services that may be sent to; `*.` stands for any sub-domain.
    push_hosts: tuple[str, ...] = PUSH_HOSTS
    #: PUSH_LOOPBACK: `port:/path/to/ca.pem`. Development and tests only: every push goes to 127.0.0.1 instead.
    push_loopback: str = ""
    #: PROCESSES: web processes that share PORT, 1-32. More than one wants PostgreSQL and REDIS_URL.
    processes: int = 1
    #: BACKUP_PATH: folder that `flask backup create` writes to. Default: `backups` in the instance folder.
    backup_path: Path | None = None
    #: ACCOUNTS_IDLE_MONTHS: device accounts unseen for so long are deleted by `flask accounts prune`, 1-120.
    accounts_idle_months: int = 18
    #: METRICS: `on` answers /metrics for Prometheus.
    metrics: bool = False
    #: METRICS_TOKEN or METRICS_TOKEN_FILE: bearer token for /metrics. Without one only this machine may ask.
    metrics_token: str = ""
    #: STATUS_PORT: where tickers and workers, which serve nobody, answer /healthz, /readyz and /metrics; 0: nowhere.
    status_port: int = 0
    #: PROMETHEUS_MULTIPROC_DIR: folder in which the processes of one machine add up their metrics. Empty at boot.
    metrics_folder: str = ""
    #: OTEL_EXPORTER_OTLP_ENDPOINT: `http(s)://host:port` that takes traces by OTLP; needs requirements-otel.txt.
    otel_endpoint: str = ""
    #: RATE_LIMITS: `on` or `off`.
    rate_limits: bool = True
    #: TRUSTED_PROXIES: how many reverse proxies stand in front and set X-Forwarded-For, 0-5.
    trusted_proxies: int = 0
    #: LOG_LEVEL: DEBUG, INFO, WARNING or ERROR.
    log_level: str = "INFO"
    #: DEV: `1` reloads content when a file changes.
    dev: bool = False

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.instance_path / 'heartwood.sqlite3'}"

    @property
    def backups(self) -> Path:
        """The folder of backups in force."""
        return self.backup_path or self.instance_path / "backups"

    @property
    def origin(self) -> str:
        """Scheme, host and port under which people reach the app."""
        return self.public_url or f"http://{'localhost' if self.host == '127.0.0.1' else self.host}:{self.port}"

    @property
    def https(self) -> bool:
        return self.origin.startswith("https://")

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read every setting from `env` (the process's environment when None).

        Raises SettingsError naming the first variable that is wrong.
        """
        read = _Reader(os.environ if env is None else env)
        return cls(
            host=read.text("HOST", cls.host, r"[\w.:\-\[\]]+", "a host name or address"),
            port=read.whole("PORT", cls.port, 1, 65535),
            threads=read.whole("THREADS", cls.threads, 1, 64),
            instance_path=read.folder("INSTANCE_PATH", cls.instance_path, must_exist=False),
            database_url=read.text(
                "DATABASE_URL", "", r"(sqlite:///|postgresql\+psycopg://).+", "sqlite:///… or postgresql+psycopg://…"
            ),
            secret_key=read.secret("SECRET_KEY"),
            public_url=read.url("PUBLIC_URL"),
            content_path=read.folder("CONTENT_PATH", cls.content_path),
            pwa_path=read.folder("PWA_PATH", cls.pwa_path, must_exist=False),
            nudge_engine=read.choice("NUDGE_ENGINE", cls.nudge_engine, ("embedded", "celery", "off")),
            nudge_tick_seconds=read.whole("NUDGE_TICK_SECONDS", cls.nudge_tick_seconds, 1, 300),
            nudge_lease_seconds=read.whole("NUDGE_LEASE_SECONDS", cls.nudge_lease_seconds, 15, 600),
            nudges_kept_days=read.whole("NUDGES_KEPT_DAYS", cls.nudges_kept_days, 90, 3650),
            redis_url=read.text("REDIS_URL", "", r"rediss?://.+", "redis://host:port/number"),
            push_contact=read.text("PUSH_CONTACT", cls.push_contact, r"(mailto:|https:).+", "mailto:… or https:…"),
            push_hosts=read.names("PUSH_HOSTS", cls.push_hosts),
            push_loopback=read.text("PUSH_LOOPBACK", "", r"\d+:/.+", "port:/path/to/ca.pem"),
            processes=read.whole("PROCESSES", cls.processes, 1, 32),
            backup_path=read.optional_folder("BACKUP_PATH"),
            accounts_idle_months=read.whole("ACCOUNTS_IDLE_MONTHS", cls.accounts_idle_months, 1, 120),
            metrics=read.switch("METRICS", False),
            metrics_token=read.secret("METRICS_TOKEN"),
            status_port=read.whole("STATUS_PORT", cls.status_port, 0, 65535),
            metrics_folder=read.text("PROMETHEUS_MULTIPROC_DIR", "", r"/.+", "an absolute folder"),
            otel_endpoint=read.url("OTEL_EXPORTER_OTLP_ENDPOINT"),
            rate_limits=read.switch("RATE_LIMITS", True),
            trusted_proxies=read.whole("TRUSTED_PROXIES", cls.trusted_proxies, 0, 5),
            log_level=read.choice("LOG_LEVEL", cls.log_level, ("DEBUG", "INFO", "WARNING", "ERROR")),
            dev=read.switch("DEV", False),
        )._consistent()

    def _consistent(self) -> "Settings":
        if self.nudge_engine == "celery" and not self.redis_url:
            raise SettingsError("NUDGE_ENGINE=celery needs REDIS_URL=redis://host:port/number")
        if self.metrics and self.processes > 1 and not self.metrics_folder:
            raise SettingsError("METRICS=on with PROCESSES over 1 needs PROMETHEUS_MULTIPROC_DIR=/a/folder")
        return self


class _Reader:
    """Typed reads of environment variables; an empty value counts as not set."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def text(self, name: str, default: str, pattern: str, wanted: str) -> str:
        value = self._env.get(name, "").strip() or default
        if value and not re.fullmatch(pattern, value):
            raise self._wrong(name, wanted, value)
        return value

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        value = self._env.get(name, "").strip() or str(default)
        if not re.fullmatch(r"\d{1,9}", value) or not low <= int(value) <= high:
            raise self._wrong(name, f"a whole number from {low} to {high}", value)
        return int(value)

    def choice(self, name: str, default: _Choice, options: tuple[_Choice, ...]) -> _Choice:
        value = self._env.get(name, "").strip() or default
        for option in options:
            if option == value:
                return option
        raise self._wrong(name, " or ".join(options), value)

    def switch(self, name: str, default: bool) -> bool:
        value = self._env.get(name, "").strip().lower()
        if value not in {"", "1", "0", "on", "off", "true", "false"}:
            raise self._wrong(name, "on or off", value)
        return value in {"1", "on", "true"} if value else default

    def names(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(part.strip().lower() for part in self._env.get(name, "").split(",") if part.strip())
        for part in found:
            if not re.fullmatch(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+", part):
                raise self._wrong(name, "host names, comma-separated", part)
        return found or default

    def folder(self, name: str, default: Path, must_exist: bool = True) -> Path:
        path = Path(self._env.get(name, "").strip() or default).expanduser().resolve()
        if must_exist and not path.is_dir():
            raise self._wrong(name, "a folder that exists", str(path))
        return path

    def optional_folder(self, name: str) -> Path | None:
        return self.folder(name, Path(), must_exist=False) if self._env.get(name, "").strip() else None

    def url(self, name: str) -> str:
        value = self._env.get(name, "").strip().rstrip("/").lower()
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path):
            raise self._wrong(name, "https://host without a path", value)
        # As browsers write an origin (RFC 6454, section 6): what they send is compared with it.
        return value.removesuffix({"http": ":80", "https": ":443"}.get(parts.scheme, ""))

    def secret(self, name: str) -> str:
        """The value, or the content of the file that `<NAME>_FILE` names."""
        file = self._env.get(f"{name}_FILE", "").strip()
        if file and not Path(file).is_file():
            raise self._wrong(f"{name}_FILE", "a file that exists", file)
        value = Path(file).read_text().strip() if file else self._env.get(name, "").strip()
        if any(len(line) < 32 for line in value.split()):
            raise SettingsError(f"{name} is too short: give at least 32 characters")
        return value

    @staticmethod
    def _wrong(name: str, wanted: str, value: str) -> SettingsError:
        return SettingsError(f"{name} must be {wanted}, not {value!r}")


def generated_secret(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
    """The secret kept in `path`; made by `make` on first use, readable by its owner only (mode 0600).

    Safe when several processes start at once: the first to create the file wins, the others read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()

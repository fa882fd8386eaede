"""Who is calling. The cookie holds an opaque random token; `auth_session` holds only its SHA-256."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from flask import Flask, Response, after_this_request, request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.accounts import devices
from server.accounts.cookie import TokenCookies
from server.accounts.models import Account, AuthSession
from server.clock import now
from server.database import transaction
from server.errors import Unauthorised
from server.extensions import login_manager
from server.reads import read_one

#: Browsers keep a cookie 400 days at most (RFC 6265bis); each day of use starts them afresh.
LIFETIME = timedelta(days=400)
#: How exact `last_seen_at` is; a write on every request would be a high price for more.
SEEN_EVERY = timedelta(days=1)


#: Built once: it runs on every request. By table, since rows of plain columns are all it needs.
_ACCOUNT, _SESSION = cast("sa.Table", Account.__table__).c, cast("sa.Table", AuthSession.__table__).c
_BY_TOKEN = (
    sa.select(_ACCOUNT.id, _ACCOUNT.timezone, _ACCOUNT.locale, _ACCOUNT.revision, _SESSION.id, _SESSION.last_seen_at)
    .join_from(AuthSession.__table__, Account.__table__, _SESSION.account_id == _ACCOUNT.id)
    .where(_SESSION.token_hash == sa.bindparam("token_hash"), _SESSION.expires_at > sa.bindparam("moment"))
)


@dataclass(frozen=True, slots=True)
class CurrentAccount(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """The signed-in person and their session, read at the start of the request."""

    id: str
    timezone: str
    locale: str
    #: The account's newest record revision when the request began.
    revision: int
    session_id: str
    last_seen_at: datetime
    token: str = field(repr=False)

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's token, never the account's id."""
        return self.token


def current_account() -> CurrentAccount:
    """The person calling; only inside a view marked `@signed_in`."""
    return cast("CurrentAccount", current_user._get_current_object())


def load(token: str) -> CurrentAccount | None:
    """The person behind a session token, or None when it is unknown, revoked or has run out."""
    row = read_one(_BY_TOKEN, {"token_hash": digest(token), "moment": now()})
    if row is None:
        return None
    found = CurrentAccount(*row, token=token)
    if found.last_seen_at < now() - SEEN_EVERY:
        _note_seen(found)
    return found


def digest(token: str) -> str:
    """What is stored of a token: 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_session(database: Session, account_id: str) -> str:
    """Open a session for this device inside the caller's transaction; answers its token. The account is seen by it."""
    token = secrets.token_urlsafe(32)
    device = devices.label(request.user_agent.string)
    expires_at = now() + LIFETIME
    database.add(AuthSession(account_id=account_id, token_hash=digest(token), device=device, expires_at=expires_at))
    database.execute(sa.update(Account).where(Account.id == account_id).values(last_seen_at=now()))
    return token


def end_session(database: Session, account_id: str, session_id: str) -> bool:
    """End one session of an account; False when it has no such session."""
    ended = database.execute(
        sa.delete(AuthSession).where(AuthSession.account_id == account_id, AuthSession.id == session_id)
    )
    return bool(cast("sa.CursorResult[tuple[()]]", ended).rowcount)


def end_other_sessions(database: Session, account_id: str, keep: str | None) -> None:
    """End every session of an account but the one with the id `keep`."""
    others = sa.delete(AuthSession).where(AuthSession.account_id == account_id)
    database.execute(others.where(AuthSession.id != keep) if keep else others)


def give_cookie(token: str) -> None:
    """Put a stored session's token into this answer's cookie; the session that the cookie held before ends."""
    previous = current_account() if current_user.is_authenticated else None
    account = load(token)
    if account is None:
        raise Unauthorised("This session has just been ended. Sign in again.")
    session.clear()
    login_user(account)
    if previous:
        with transaction() as database:
            end_session(database, previous.id, previous.session_id)


def take_cookie_back() -> None:
    """Sign this device out. Its browser forgets the answers that it kept (W3C Clear Site Data)."""
    logout_user()
    session.clear()
    after_this_request(_forget_answers)


def _forget_answers(answer: Response) -> Response:
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _note_seen(account: CurrentAccount) -> None:
    """Keep the session and its cookie alive. Only housekeeping: a busy or full database must not end a read."""
    moment = now()
    try:
        with transaction() as database:
            database.execute(
                sa.update(AuthSession)
                .where(AuthSession.id == account.session_id)
                .values(last_seen_at=moment, expires_at=moment + LIFETIME)
            )
            database.execute(sa.update(Account).where(Account.id == account.id).values(last_seen_at=moment))
    except OperationalError:
        return
    session.modified = True


def init_app(app: Flask) -> None:
    """Let Flask-Login find people by their session token; the cookie is set anew when `_note_seen` says so."""
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.session_interface = TokenCookies()
    login_manager.init_app(app)
    login_manager.user_loader(load)

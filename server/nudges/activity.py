"""Opening the app brings the pace of nudges back: a signed-in sync, and any change to a record, count as that.

Not a mere look at the list, which may be another program's, nor a sync of the service worker when a push arrives that
nobody looks at: it says so in a header.
"""

from flask import Flask, Request, Response, request
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from server.accounts.identity import current_account
from server.logs import log
from server.nudges import service
from server.security import WRITING

_BACKGROUND = "Heartwood-Background"
_JOURNEY = "sync.push_journey"


def note(response: Response) -> Response:
    """After a request: write down that the person is there. A database that is busy must not undo their answer."""
    if _is_persons_own(request) and response.status_code < 300 and current_user.is_authenticated:
        try:
            service.seen(current_account().id, journey_changed=request.endpoint == _JOURNEY)
        except OperationalError:
            log.warning("nudges.seen_not_stored")
    return response


def _is_persons_own(call: Request) -> bool:
    is_there = call.blueprint == "sync" or (call.blueprint == "checkins" and call.method in WRITING)
    return is_there and _BACKGROUND not in call.headers


def init_app(app: Flask) -> None:
    """Listen to what people do."""
    app.after_request(note)

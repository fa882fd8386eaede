"""The notification of a nudge: which words a lock screen may show, where it leads, and its buttons."""

from flask import current_app

from server.library.model import Nudge, Words
from server.library.service import library
from server.nudges.models import NudgeDelivery
from server.push.payload import Action, Notification, build

#: Buttons by kind, each with the name of its words; a phone shows two at most. `mood-N` records a check-in, `pause-day`
#: a day of silence.
_BUTTONS = {"check_in": (("mood-2", "low"), ("mood-4", "lighter"))}
_OTHER_BUTTONS = (("pause-day", "not_today"),)


def notification(delivery: NudgeDelivery, text: Nudge, locale: str, lock_screen: str) -> bytes:
    """The payload. With `neutral`, nothing on the lock screen tells of a breakup. Raises PayloadTooLarge."""
    origin = current_app.config["SETTINGS"].origin
    shown = text.neutral if lock_screen == "neutral" else Words(title=text.title, body=text.body)
    opens = delivery.opens or "/"
    return build(
        Notification(
            title=shown.title,
            body=shown.body,
            lang=text.lang,
            tag=delivery.tag,
            navigate=f"{origin}{opens}?nudge={delivery.id}",
            actions=_actions(delivery, locale, origin),
            data={"nudge": delivery.id, "kind": text.kind, "opens": opens},
        )
    )


def _actions(delivery: NudgeDelivery, locale: str, origin: str) -> tuple[Action, ...]:
    said = library(locale).push.buttons
    return tuple(
        Action(name, said[word], f"{origin}/?nudge={delivery.id}&action={name}")
        for name, word in _BUTTONS.get(delivery.kind or "", _OTHER_BUTTONS)
    )

"""The notification of a nudge: which words a lock screen may show, where it leads, and its buttons."""

from flask import current_app

from server.library.model import Nudge, Words
from server.nudges.models import NudgeDelivery
from server.push.payload import Action, Notification, build
from server.push.words import words

#: Buttons by kind; a phone shows two at most. `mood-N` records a check-in, `pause-day` a day of silence.
_BUTTONS = {"check_in": ("mood-2", "mood-4")}
_OTHER_BUTTONS = ("pause-day",)


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
    said = words(locale)
    return tuple(
        Action(name, said[name], f"{origin}/?nudge={delivery.id}&action={name}")
        for name in _BUTTONS.get(delivery.kind or "", _OTHER_BUTTONS)
    )

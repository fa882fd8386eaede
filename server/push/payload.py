"""What a push carries: Declarative Web Push JSON, which browsers can show by themselves and our service worker reads.

The format is the WebKit explainer's (`web_push: 8030`), part of the W3C Push API. Pure.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: Plain bytes. A message of 4,096 bytes is the most that every push service takes (RFC 8030, section 7.2);
#: encryption adds 103, and some services count base64.
LIMIT = 3000
MAGIC = 8030


class PayloadTooLarge(ValueError):
    """The text does not fit into a push message."""


@dataclass(frozen=True, slots=True)
class Action:
    """A button on the notification: `navigate` is where it leads without a service worker."""

    action: str
    title: str
    navigate: str


@dataclass(frozen=True, slots=True)
class Notification:
    """What is shown. `navigate` and those of the actions are absolute URLs; `data` is for the service worker."""

    title: str
    body: str
    lang: str
    tag: str
    navigate: str
    actions: tuple[Action, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


def build(notification: Notification) -> bytes:
    """The payload as UTF-8 JSON. Raises PayloadTooLarge over 3,000 bytes."""
    document = {"web_push": MAGIC, "notification": _members(notification)}
    encoded = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    if len(encoded) > LIMIT:
        raise PayloadTooLarge(f"{len(encoded)} bytes, {LIMIT} fit")
    return encoded


def _members(notification: Notification) -> dict[str, Any]:
    return {
        "title": notification.title,
        "body": notification.body,
        "lang": notification.lang,
        "dir": "auto",
        "tag": notification.tag,
        "navigate": notification.navigate,
        "actions": _actions(notification.actions),
        "data": dict(notification.data),
    }


def _actions(actions: Iterable[Action]) -> list[dict[str, str]]:
    return [{"action": each.action, "title": each.title, "navigate": each.navigate} for each in actions]

"""From taken deliveries to messages: is it still wanted, what does it say, and to which devices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from server.accounts import service as accounts
from server.database import db
from server.library.service import library
from server.nudges import keeping, notice
from server.nudges.choices import SpecialDay
from server.nudges.chooser import NO_REPEAT, Choice, Silence, choose
from server.nudges.models import NudgeDelivery, NudgePlan, day
from server.nudges.pace import time_for_goodbye
from server.nudges.people import CheckIn, Person, Sent
from server.nudges.planning import choices_of
from server.nudges.schedule import local_time, slot_local
from server.nudges.zones import zone
from server.push import service as push
from server.push.models import PushSubscription
from server.records import facts

#: How far back check-ins matter.
LOOK_BACK = timedelta(days=14)
OPENED = frozenset({"opened", "checked_in"})


@dataclass(slots=True)
class Draft:
    """One delivery, ready to go: `payload` for each of `devices`, or `silence` with why nothing is sent."""

    delivery: NudgeDelivery
    devices: Sequence[PushSubscription] = ()
    payload: bytes = b""
    silence: Silence | None = None
    #: The person did not want a goodbye either: stop without a word.
    stop: bool = False


@dataclass(slots=True)
class Known:
    """What was read for a batch, by account."""

    plans: Mapping[str, NudgePlan]
    locales: Mapping[str, str]
    devices: Mapping[str, Sequence[PushSubscription]]
    facts: Mapping[str, facts.Facts]
    sent: Mapping[str, Sequence[NudgeDelivery]] = field(default_factory=dict)


def compose(deliveries: Sequence[NudgeDelivery], now: datetime) -> list[Draft]:
    """A draft for each delivery; the chosen words are written onto the delivery itself."""
    known = read({each.account_id for each in deliveries}, now)
    return [_draft(delivery, known, now) for delivery in deliveries if delivery.account_id in known.plans]


def _draft(delivery: NudgeDelivery, known: Known, now: datetime) -> Draft:
    account_id = delivery.account_id
    plan, locale = known.plans[account_id], known.locales[account_id]
    devices = [each for each in known.devices.get(account_id, ()) if each.id not in delivery.reached]
    silence = unwanted(plan, delivery, now) or (None if devices else _no_device())
    if silence is not None:
        return Draft(delivery, silence=silence)
    person = person_of(plan, delivery, known.facts[account_id], known.sent.get(account_id, ()), now)
    choice = _chosen(delivery, person, locale)
    if isinstance(choice, Silence):
        return Draft(delivery, silence=choice, stop=person.goodbye)
    delivery.kind, delivery.text_id, delivery.opens = choice.text.kind, choice.text.id, choice.opens
    delivery.title, delivery.body, delivery.reason = choice.text.title, choice.text.body, choice.reason
    shown = notice.notification(delivery, choice.text, locale, plan.lock_screen)
    return Draft(delivery, devices, shown)


def unwanted(plan: NudgePlan, delivery: NudgeDelivery, now: datetime) -> Silence | None:
    """Why a nudge that was due must not go out after all, None when it may: choices may be newer than the claim."""
    if not plan.enabled:
        return Silence("switched_off", "nudges were switched off")
    if plan.paused and (plan.paused_until is None or plan.paused_until > now):
        return Silence("paused", "nudges are paused")
    if plan.silent and delivery.text_id != keeping.TEXT:
        return Silence("silent", "the goodbye was sent")
    if delivery.outcome is not None:
        return Silence("handled", "it was opened on another device")
    choices = choices_of(plan)
    if not delivery.hard and choices.is_quiet(local_time(choices, now)):
        return Silence("quiet", "it is in the quiet hours")
    if delivery.hard and choices.hard_hour is None:
        return Silence("switched_off", "the hard hour was switched off")
    return None


def _no_device() -> Silence:
    return Silence("no_device", "no device has a subscription")


def _chosen(delivery: NudgeDelivery, person: Person, locale: str) -> Choice | Silence:
    """The words of an earlier try where there was one, so that every device shows the same."""
    if delivery.text_id == keeping.TEXT:
        return keeping.choice(library(locale).push)
    content = library(locale)
    before = content.nudge(delivery.text_id) if delivery.text_id else None
    if before is not None:
        return Choice(before, delivery.opens or "/", delivery.reason or "")
    return choose(person, content.nudges, [reading.ref for reading in content.readings], content.push)


def person_of(
    plan: NudgePlan, delivery: NudgeDelivery, known: facts.Facts, sent: Sequence[NudgeDelivery], now: datetime
) -> Person:
    """What the chooser may know, at the wall clock of the person."""
    here = zone(plan.timezone)
    today = slot_local(delivery.slot).date()
    special = next((each for each in plan.special_days if _falls_on(each, today)), None)
    return Person(
        seed=f"{plan.account_id}/{delivery.slot}",
        now=now,
        today=today,
        kinds=frozenset(plan.kinds),
        ended_on=known.ended_on,
        check_ins=[CheckIn(at, at.astimezone(here).date(), mood) for at, mood in known.check_ins],
        read=frozenset(known.read),
        done=known.done,
        sent=[Sent(each.text_id or "", each.kind or "", each.due_at, each.outcome in OPENED) for each in sent],
        hard_hour=delivery.hard,
        special=str(special["kind"]) if special else None,
        returning=plan.welcome_back,
        goodbye=time_for_goodbye(plan.per_week, plan.unopened),
    )


def _falls_on(special: Mapping[str, Any], today: date) -> bool:
    return SpecialDay(day(special["on"]), bool(special["yearly"])).falls_on(today)


def read(account_ids: Collection[str], now: datetime) -> Known:
    plans = db.session.scalars(sa.select(NudgePlan).where(NudgePlan.account_id.in_(account_ids)))
    return Known(
        plans={plan.account_id: plan for plan in plans},
        locales=accounts.locales(account_ids),
        devices=push.of_accounts(account_ids),
        facts=facts.of_people(account_ids, now - LOOK_BACK),
        sent=_sent(account_ids, now - NO_REPEAT),
    )


def _sent(account_ids: Collection[str], since: datetime) -> dict[str, list[NudgeDelivery]]:
    """Nudges sent since, by account, newest first."""
    query = sa.select(NudgeDelivery).where(
        NudgeDelivery.account_id.in_(account_ids),
        NudgeDelivery.due_at > since,
        NudgeDelivery.sent_at.is_not(None),
    )
    found: dict[str, list[NudgeDelivery]] = {}
    for each in db.session.scalars(query.order_by(NudgeDelivery.due_at.desc())):
        found.setdefault(each.account_id, []).append(each)
    return found

"""`flask nudges …`: the ticker, how things stand, and what somebody would get."""

from datetime import datetime, time, timedelta

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from server import clock
from server.database import db
from server.library.service import library
from server.nudges import compose, engine, status
from server.nudges.choices import Choices, SpecialDay
from server.nudges.chooser import Choice
from server.nudges.models import KINDS, NudgeDelivery, NudgePlan
from server.nudges.people import Person
from server.nudges.personas import PERSONAS
from server.nudges.planning import choices_of, progress_of
from server.nudges.preview import Planned, Simulation
from server.nudges.schedule import slot_key
from server.nudges.zones import zone

group = AppGroup("nudges", help="When what is sent to whom.")


@group.command("tick")
@click.option("--once", is_flag=True, help="Look once, wait for what is sent, and end.")
def tick(once: bool) -> None:
    """Look for due nudges and send them (with NUDGE_ENGINE=celery: hand them to the workers). Run any number."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    engine.run_ticker(app, once)


@group.command("status")
def show_status() -> None:
    """How many are due, late, in flight, and what was dropped why."""
    found = status.read(clock.now())
    click.echo(f"due         {found.due}  (late: {found.late})")
    click.echo(f"in flight   {found.in_flight}  (being retried: {found.retrying})")
    click.echo(f"last 24 h   {found.sent} sent, {sum(found.dropped.values())} dropped")
    for reason, count in found.dropped.items():
        click.echo(f"  {reason:<14}{count}")


@group.command("preview")
@click.option("--account", help="The id of an account.")
@click.option("--persona", type=click.Choice(sorted(PERSONAS)), help="A made-up person.")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 366))
@click.option("--per-week", default=4, show_default=True, type=click.IntRange(1, 14), help="For a persona.")
@click.option("--locale", default="en", show_default=True, help="For a persona.")
def preview(account: str | None, persona: str | None, days: int, per_week: int, locale: str) -> None:
    """Print what somebody would be sent in the coming days, and why. Nothing is sent or changed."""
    if (account is None) == (persona is None):
        raise click.UsageError("give either --account or --persona")
    simulation = _of_account(account) if account else _of_persona(str(persona), per_week, locale)
    for planned in simulation.run(days):
        click.echo(_line(planned))


def _line(planned: Planned) -> str:
    when = f"{planned.slot.local:%a %d %b %H:%M}"
    choice = planned.choice
    if not isinstance(choice, Choice):
        return f"{when}  -             nothing: {choice.reason}"
    said = f"{choice.text.kind:<14}{choice.text.title} | {choice.text.body}"
    return f"{when}  {said}\n{'':18}{choice.text.id}, opens {choice.opens}: {choice.reason}"


def _of_persona(name: str, per_week: int, locale: str) -> Simulation:
    persona, content, moment = PERSONAS[name], library(locale), clock.now()
    special = [SpecialDay(moment.date() + timedelta(days=persona.special_in), False)] if persona.special_in else []
    choices = Choices(
        "UTC", (time(9), time(20, 30)), frozenset(range(1, 8)), per_week, time(22), time(8),
        time(23, 30) if persona.hard_hour else None, tuple(special),
    )  # fmt: skip
    return Simulation(
        choices=choices,
        per_week=per_week,
        person=Person(
            seed=name, now=moment, today=moment.date(), kinds=frozenset(KINDS), ended_on=persona.ended_on(moment.date())
        ),
        opens=persona.opens,
        texts=content.nudges,
        readings=[reading.ref for reading in content.readings],
        said=content.push,
        start=moment,
        persona=persona,
    )


def _of_account(account_id: str) -> Simulation:
    plan = db.session.get(NudgePlan, account_id)
    if plan is None:
        raise click.ClickException("this account has no nudge plan")
    moment = clock.now()
    known = compose.read([account_id], moment)
    content = library(known.locales[account_id])
    now_there: datetime = moment.astimezone(zone(plan.timezone)).replace(tzinfo=None)
    sample = NudgeDelivery(slot=slot_key(now_there), hard=False)
    return Simulation(
        choices=choices_of(plan),
        per_week=plan.per_week,
        person=compose.person_of(plan, sample, known.facts[account_id], known.sent.get(account_id, ()), moment),
        opens=True,
        texts=content.nudges,
        readings=[reading.ref for reading in content.readings],
        said=content.push,
        start=moment,
        unopened=plan.unopened,
        progress=progress_of(plan),
    )

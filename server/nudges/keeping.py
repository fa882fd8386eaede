"""The one note about a copy that nobody has opened for so long that it will be deleted.

It is a delivery like any other, with words of its own, and comes at one of the times that the person chose. It is the
only thing sent after the goodbye. By then the device's session has ended (400 days), so it says to sign in.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.accounts import retention
from server.accounts.models import Account
from server.clock import now
from server.database import transaction
from server.library.model import Nudge, PushWords
from server.nudges.chooser import Choice
from server.nudges.models import NudgeDelivery, NudgePlan
from server.nudges.planning import choices_of, progress_of
from server.nudges.schedule import next_slot
from server.push.models import PushSubscription

#: People told in one run; whoever is left is told the next day.
MOST = 5000
KIND, TEXT = "goodbye", "keep-your-copy"


def tell(months: int) -> int:
    """Have a note sent to people with nudges whose account goes within 60 days; how many. Once for each absence."""
    told = 0
    with transaction() as session:
        for plan in _to_be_told(session, retention.expiring(months)):
            told += _add(session, plan, now())
    return told


def choice(said: PushWords) -> Choice:
    """The words, which say nothing of a breakup, so that a lock screen may show them."""
    shown = said.keep
    text = Nudge(
        id=TEXT, kind=KIND, lang=said.lang, stages=frozenset(), mood="any", title=shown.title, body=shown.body,
        neutral=shown, opens=None,
    )  # fmt: skip
    return Choice(text, "/", said.because("keep"))


def _to_be_told(session: Session, expiring: sa.ColumnElement[bool]) -> Sequence[NudgePlan]:
    mine = NudgeDelivery.account_id == NudgePlan.account_id
    told = sa.exists().where(mine, NudgeDelivery.text_id == TEXT, NudgeDelivery.due_at > Account.last_seen_at)
    reachable = sa.exists().where(PushSubscription.account_id == NudgePlan.account_id)
    query = (
        sa.select(NudgePlan)
        .join(Account, Account.id == NudgePlan.account_id)
        .where(expiring, NudgePlan.enabled, ~NudgePlan.paused, reachable, ~told)
    )
    return session.scalars(query.limit(MOST)).all()


def _add(session: Session, plan: NudgePlan, moment: datetime) -> int:
    slot = next_slot(choices_of(plan), progress_of(plan), moment, spread="next")
    if slot is None:
        return 0
    session.add(
        NudgeDelivery(
            account_id=plan.account_id, slot=slot.key, due_at=slot.due, expires_at=slot.expires,
            lease_until=slot.due, kind=KIND, text_id=TEXT,
        )
    )  # fmt: skip
    return 1

"""Which kinds a person is likely to open, learnt from what they opened (Thompson sampling). Pure and seeded.

It sees only opened or not, never a mood: being low must not teach it anything.
"""

import random
from collections.abc import Iterable, Sequence

from server.nudges.people import Sent

#: (opened, unopened) imagined before the first nudge: a check-in is what the app is for.
_PRIORS = {"check_in": (2.0, 1.0)}
_PRIOR = (1.0, 1.0)


def ranked(kinds: Iterable[str], sent: Sequence[Sent], seed: str) -> list[str]:
    """`kinds`, the one to try first in front. The kind of the newest nudge comes last, for variety."""
    chance = random.Random(seed)  # noqa: S311  # no secret depends on it, and it must be repeatable
    draws = {kind: chance.betavariate(*_belief(kind, sent)) for kind in sorted(kinds)}
    newest = sent[0].kind if sent else None
    return sorted(draws, key=lambda kind: (kind == newest, -draws[kind]))


def opened_of(kind: str, sent: Sequence[Sent]) -> tuple[int, int]:
    """(how many nudges of the kind were opened, how many were sent)."""
    mine = [each.opened for each in sent if each.kind == kind]
    return sum(mine), len(mine)


def _belief(kind: str, sent: Sequence[Sent]) -> tuple[float, float]:
    opened, total = opened_of(kind, sent)
    good, bad = _PRIORS.get(kind, _PRIOR)
    return good + opened, bad + total - opened

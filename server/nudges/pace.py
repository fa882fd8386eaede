"""How often a person is nudged, from how often they chose and how many nudges in a row they left unopened. Pure."""

#: So many unopened nudges in a row halve the pace, once for each time it happens.
PATIENCE = 3
#: Never more than this many nudges on one local date.
PER_DAY = 2


def weekly(chosen: int, unopened: int) -> int:
    """Nudges a week: `chosen`, halved (rounded up) for every three unopened in a row, down to one."""
    halvings: int = 2 ** (unopened // PATIENCE)
    return max(1, -(-chosen // halvings))


def time_for_goodbye(chosen: int, unopened: int) -> bool:
    """True when even one a week was left unopened three times in a row: the next nudge is the last."""
    return unopened >= PATIENCE and weekly(chosen, unopened - PATIENCE) == 1


def changes(chosen: int, before: int, after: int) -> bool:
    """True when going from `before` to `after` unopened nudges changes the weekly pace."""
    return weekly(chosen, before) != weekly(chosen, after)

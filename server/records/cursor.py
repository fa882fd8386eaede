"""The cursor of a pull. Pure.

It is a whole number, since that is what an RxDB checkpoint `{rev}` holds.

- `rev >= 0`: every change up to this revision has been seen.
- `rev < 0`: a first (or fresh) copy is under way. Its position is a revision that a stale device could be at too,
  so it also carries the horizon that it started from: `-(horizon * 2**26 + position)`. Only when tombstones are
  collected in the meantime does it have to start again; without it, a copy of several pages could never get past
  the horizon.
"""

from dataclasses import dataclass

PLACES = 2**26


class Behind(Exception):
    """Tombstones that this device may not have seen are gone: it must take a fresh copy."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """`position`: the last revision seen. `horizon`: the one a fresh copy started from, None in everyday use."""

    position: int
    horizon: int | None = None

    @classmethod
    def parse(cls, since: int) -> "Cursor":
        """The cursor that a client sent."""
        if since >= 0:
            return cls(since)
        horizon, position = divmod(-since, PLACES)
        return cls(position, horizon)

    def check(self, horizon: int) -> None:
        """Raise Behind when tombstones up to `horizon` are gone and this device may need them."""
        started_afresh = self.position == 0 or self.horizon == horizon
        if self.position < horizon and not started_afresh:
            raise Behind


def past(last: int, horizon: int) -> int:
    """The checkpoint's `rev` for a page that ends with the revision `last` and is not the last page."""
    return last if last >= horizon else -(horizon * PLACES + last)

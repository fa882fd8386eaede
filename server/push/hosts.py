"""Rest for a push service that is down, so that it costs the others nothing. Pure: the time is handed in."""

from dataclasses import dataclass

#: So many failures in a row, with nothing between, and the host rests.
TOLERATED = 5
#: Seconds of the first rest; each further failure doubles it, up to the longest.
FIRST_REST = 5.0
LONGEST_REST = 300.0


@dataclass(slots=True)
class HostHealth:
    """One push service as this process sees it. Times are seconds of any steady clock."""

    failures: int = 0
    resting_until: float = 0.0

    @property
    def down(self) -> bool:
        """True from the last failure that is tolerated until the next proper answer."""
        return self.failures >= TOLERATED

    def rest_left(self, now: float) -> float:
        """Seconds until the host may be tried again; 0.0 now. The first to be let through after a rest is alone:
        the others wait until it has come back."""
        if now < self.resting_until:
            return self.resting_until - now
        if self.down:
            self.resting_until = now + FIRST_REST
        return 0.0

    def answered(self) -> None:
        """The host gave a proper answer."""
        self.failures, self.resting_until = 0, 0.0

    def failed(self, now: float, asked: float | None = None) -> None:
        """The host did not answer, or said that it cannot. `asked` is the rest it asked for, in seconds."""
        self.failures += 1
        rest = 0.0
        if self.down:
            rest = min(LONGEST_REST, FIRST_REST * 2 ** min(self.failures - TOLERATED, 10))
        self.resting_until = max(self.resting_until, now + max(rest, min(asked or 0.0, LONGEST_REST)))

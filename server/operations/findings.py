"""What the doctor finds: how bad it is, what it is, and what to do about it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """OK: nothing to do. WARNING: it works, and may not for ever. PROBLEM: somebody is or will be let down."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """`about` names the check, `said` is one sentence, `fix` a command or an instruction; empty when all is well."""

    level: Level
    about: str
    said: str
    fix: str = ""

    def lines(self) -> list[str]:
        """As the doctor prints it."""
        first = f"{self.level.value:<8} {self.about:<11} {self.said}"
        return [first, f"{'':20} fix: {self.fix}"] if self.fix else [first]


def ok(about: str, said: str) -> Finding:
    """Nothing to do."""
    return Finding(Level.OK, about, said)


def warning(about: str, said: str, fix: str) -> Finding:
    """It works today."""
    return Finding(Level.WARNING, about, said, fix)


def problem(about: str, said: str, fix: str) -> Finding:
    """It does not work."""
    return Finding(Level.PROBLEM, about, said, fix)


def exit_code(findings: Iterable[Finding]) -> int:
    """1 when there is any problem, else 0; warnings alone do not fail a script."""
    return int(any(finding.level is Level.PROBLEM for finding in findings))

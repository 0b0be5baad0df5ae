"""The quota section's vars, computed from a report. Pure."""

from dataclasses import dataclass
from typing import Self

from ...insights.usage import UsageLine, UsageReport
from ..figures import NOTHING, amount, unit_of

__all__ = ["UsageRow", "usage_rows"]


@dataclass(frozen=True)
class UsageRow:
    """One resource of the quota."""

    resource: str
    used: str
    used_raw: str
    hard: str
    hard_raw: str
    left: str
    team_left: str
    share: int
    tone: str

    @classmethod
    def of(cls, line: UsageLine) -> Self:
        """Write every amount with its unit."""

        def write(quantity: str) -> str:
            unit = unit_of(line.resource)
            return f"{amount(line.resource, quantity)} {unit}".rstrip()

        return cls(
            resource=line.resource,
            used=write(line.used),
            used_raw=line.used,
            hard=write(line.hard),
            hard_raw=line.hard,
            left=write(line.left),
            team_left=write(line.team_left) if line.team_left else NOTHING,
            share=min(100, round(line.ratio * 100)),
            tone=_tone(line),
        )


def _tone(line: UsageLine) -> str:
    if line.ratio >= 1 and line.hard != "0":
        return "full"
    if line.ratio >= 0.9:  # noqa: PLR2004 - the bars' own bounds
        return "almost"
    return "near" if line.ratio >= 0.75 else "ok"  # noqa: PLR2004 - the same


def usage_rows(report: UsageReport) -> list[UsageRow]:
    """Describe every resource of the quota."""
    return [UsageRow.of(line) for line in report.lines]

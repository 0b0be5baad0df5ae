"""The quota section's vars, computed from a report. Pure."""

from dataclasses import dataclass
from typing import Final, Self

from ...insights.holders import Holder
from ...insights.usage import UsageLine, UsageReport
from ..figures import NOTHING, count, in_full, iso, percent

__all__ = ["HolderRow", "UsageRow", "usage_vars"]

_GROUPS: Final = {"requests": "Requests", "limits": "Limits"}
_COUNTS: Final = "Counts and storage"
_ORDER: Final = (*_GROUPS.values(), _COUNTS)


@dataclass(frozen=True)
class UsageRow:
    """One resource of the quota."""

    resource: str
    now: str
    """What is really in use, measured."""
    now_raw: str
    used: str
    """What the quota counts."""
    used_raw: str
    hard: str
    hard_raw: str
    left: str
    team_left: str
    share: int
    tone: str
    group: str
    """Requests, limits or counts; empty where the row above has the same."""

    @classmethod
    def of(cls, line: UsageLine, group: str) -> Self:
        """Write every amount with its unit."""

        def write(quantity: str) -> str:
            return in_full(line.resource, quantity)

        return cls(
            resource=line.resource,
            now=write(line.in_use) if line.in_use else NOTHING,
            now_raw=line.in_use,
            used=write(line.used),
            used_raw=line.used,
            hard=write(line.hard),
            hard_raw=line.hard,
            left=write(line.left),
            team_left=write(line.team_left) if line.team_left else NOTHING,
            share=min(100, round(line.ratio * 100)),
            tone=_tone(line),
            group=group,
        )


def _tone(line: UsageLine) -> str:
    if line.ratio >= 1 and line.hard != "0":
        return "full"
    if line.ratio >= 0.9:  # noqa: PLR2004 - the bars' own bounds
        return "almost"
    return "near" if line.ratio >= 0.75 else "ok"  # noqa: PLR2004 - the same


@dataclass(frozen=True)
class HolderRow:
    """One workload that uses the quota."""

    key: str
    kind: str
    name: str
    pods: str
    cpu: str
    memory: str
    share: int
    share_text: str

    @classmethod
    def of(cls, holder: Holder) -> Self:
        """Describe what its pods ask for together."""
        kind, _, name = holder.workload.partition("/")

        def write(resource: str) -> str:
            quantity = holder.requests[resource]
            return in_full(resource, quantity) if quantity != "0" else "0"

        return cls(
            key=holder.workload.replace("/", "-"),
            kind=kind,
            name=name,
            pods=count(holder.pods),
            cpu=write("requests.cpu"),
            memory=write("requests.memory"),
            share=min(100, round(holder.share * 100)),
            share_text=f"{percent(round(holder.share, 3))} of the quota it takes most of",
        )


def usage_vars(report: UsageReport) -> dict[str, object]:
    """Compute every row, requests and limits apart, and who holds most."""
    ordered = sorted(report.lines, key=lambda line: (_ORDER.index(_group(line)), line.resource))
    groups = [_group(line) for line in ordered]
    shown = [
        group if index == 0 or groups[index - 1] != group else ""
        for index, group in enumerate(groups)
    ]
    more = report.holders_total - len(report.holders)
    measured = report.measured
    return {
        "usage": [UsageRow.of(line, group) for line, group in zip(ordered, shown, strict=True)],
        "holders": [HolderRow.of(one) for one in report.holders],
        "holders_note": f"and {count(more)} more that hold less" if more else "",
        "measured": f"{measured.used:.2f} CPU in use now" if measured else "",
        "measured_at": iso(measured.at) if measured else "",
        "unmeasured": report.unmeasured,
    }


def _group(line: UsageLine) -> str:
    prefix = line.resource.partition(".")[0]
    is_storage = line.resource == "requests.storage"
    return _COUNTS if is_storage else _GROUPS.get(prefix, _COUNTS)

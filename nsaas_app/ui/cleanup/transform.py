"""Candidates as they are shown. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from ...domain.cleanup import Candidate, Evidence, Impact, Reason
from ...domain.cleanup_plans import Plan, PlanState
from ...provisioning.adoption import unmark_command
from ..figures import count, in_full, iso
from ..routes import Pill, address

__all__ = [
    "PATH",
    "REASON_WORDS",
    "CandidateRow",
    "Chip",
    "impact_words",
    "pills_of",
    "reclaimable",
]

PATH: Final = "/cleanup"
_NAMED: Final = 3
"""So many cloud resources are named."""
REASON_WORDS: Final = {
    Reason.EXPIRED: "Expired",
    Reason.IDLE: "Idle",
    Reason.ORPHAN: "Orphan",
    Reason.MISSING: "Missing",
    Reason.FAILED: "Failed",
    Reason.STUCK: "Stuck",
    Reason.OWNER_GONE: "Owner gone",
    Reason.OVER_QUOTA: "Over quota",
}


@dataclass(frozen=True)
class Chip:
    """One piece of evidence."""

    key: str
    text: str
    threshold: str
    source: str
    seen_at: str
    since: str
    """Since when it is so; empty where that is not known."""

    @classmethod
    def of(cls, one: Evidence, *, nth: int) -> Self:
        """Show one piece of evidence, the `nth` of its signal."""
        return cls(
            key=f"{one.reason}-{one.signal}" + (f"-{nth}" if nth > 1 else ""),
            text=one.value,
            threshold=one.threshold,
            source=one.source,
            seen_at=iso(one.seen_at),
            since=iso(one.since),
        )


@dataclass(frozen=True)
class CandidateRow:
    """One candidate as a row."""

    name: str
    href: str
    team: str
    environment: str
    reasons: str
    confidence: str
    chips: list[Chip]
    impact: str
    frees: str
    cost: str
    excluded: str
    """Why a plan would leave it alone; empty when it would not."""
    is_missing: bool
    is_orphan: bool
    adopt_href: str
    unmark: str
    """What a cluster administrator runs before an orphan can be adopted."""
    is_stuck: bool
    is_selectable: bool
    is_selected: bool
    stage: str = ""
    """What an open plan did to it last."""
    coming: str = ""
    """What that plan does next; empty where none does anything."""
    coming_at: str = ""
    plan_href: str = ""

    @classmethod
    def of(
        cls,
        one: Candidate,
        *,
        selected: Sequence[str],
        plans: Sequence[Plan] = (),
        called: Mapping[str, str] | None = None,
    ) -> Self:
        """Show a candidate, and where the first open plan that names it stands.

        Args:
            one: the candidate.
            selected: names of what is selected.
            plans: among which it is looked for.
            called: how people call the teams, by name.
        """
        has_row = one.state != "orphan"
        return cls(
            name=one.namespace,
            href=f"/namespaces/{one.namespace}" if has_row else "",
            team=(called or {}).get(one.team, one.team),
            environment=one.environment,
            reasons=", ".join(REASON_WORDS[reason] for reason in one.reasons),
            confidence=one.confidence.value,
            chips=_chips(one.evidence),
            impact=impact_words(one.impact),
            frees=_frees(one),
            cost=f"$ {one.reclaim.cost.monthly:,} a month, list price" if one.reclaim.cost else "",
            excluded=" ".join(each.message for each in one.exclusions),
            is_missing=Reason.MISSING in one.reasons,
            is_orphan=Reason.ORPHAN in one.reasons,
            unmark=unmark_command(one.namespace),
            adopt_href=address("/new", {"from": f"adopt:{one.namespace}"}),
            is_stuck=Reason.STUCK in one.reasons,
            is_selectable=not {Reason.MISSING, Reason.STUCK} & set(one.reasons),
            is_selected=one.namespace in selected,
            **_standing(one, plans),
        )


def _chips(evidence: Sequence[Evidence]) -> list[Chip]:
    seen = Counter[str]()
    chips = []
    for one in evidence:
        # Several resources may be full: each is a piece of its own.
        seen[one.signal] += 1
        chips.append(Chip.of(one, nth=seen[one.signal]))
    return chips


def _standing(one: Candidate, plans: Sequence[Plan]) -> dict[str, str]:
    # What runs says more than what somebody only has in mind.
    for plan in sorted(plans, key=lambda plan: plan.state is not PlanState.RUNNING):
        for line in plan.lines:
            if line.uid != one.uid or not line.is_open:
                continue
            done = [each.stage.value for each in line.actions if not each.is_open]
            coming = next((each for each in line.actions if each.is_open), None)
            is_planned = plan.state is PlanState.PLANNED
            return {
                "stage": "Planned" if is_planned else f"Done: {done[-1]}" if done else "Begun",
                "coming": coming.stage.value if coming is not None and not is_planned else "",
                "coming_at": iso(coming.due_at) if coming is not None else "",
                "plan_href": address(PATH, {"plan": plan.plan_id}),
            }
    return {}


def impact_words(impact: Impact) -> str:
    """What would be lost, in a few words."""
    bound = [volume for volume in impact.volumes if volume.is_bound]
    sizes = ", ".join(
        f"{volume.size}, data stay" if volume.is_retained else volume.size for volume in bound
    )
    parts = [
        _counted(impact.pods, "pod"),
        _counted(len(impact.volumes), "volume") + (f" with data ({sizes})" if bound else ""),
        _counted(impact.load_balancers, "load balancer"),
        _counted(len(impact.ingress_hosts), "host"),
        _cloud_words(impact.cloud_resources),
        f"unknown: {', '.join(impact.unseen)}" if impact.unseen else "",
    ]
    return ", ".join(part for part in parts if part) or "Nothing runs in it"


def _cloud_words(resources: Sequence[str]) -> str:
    """Cloud resources by name: what they hold is seldom guessed from a number."""
    shown = ", ".join(_without_group(one) for one in resources[:_NAMED])
    more = f" and {len(resources) - _NAMED} more" if len(resources) > _NAMED else ""
    counted = _counted(len(resources), "cloud resource")
    return f"{counted}: {shown}{more}" if resources else ""


def _without_group(resource: str) -> str:
    kind, _, name = resource.partition("/")
    return f"{kind.partition('.')[0]} {name}"


def _counted(number: int, word: str) -> str:
    return f"{count(number)} {word}{'' if number == 1 else 's'}" if number else ""


def _frees(one: Candidate) -> str:
    if one.reclaim.cost is None:
        return "Its size is not known"
    return _size(one.reclaim.amount.cpu, one.reclaim.amount.memory)


def reclaimable(candidates: Iterable[Candidate]) -> str:
    """What all of them together would free; what is excluded does not count."""
    amounts = [one.reclaim.amount for one in candidates if one.grounds]
    cpu = sum((one.cpu for one in amounts), Decimal())
    memory = sum((one.memory for one in amounts), Decimal())
    return (
        f"{_size(cpu, memory)} in {_counted(len(amounts), 'namespace')}" if amounts else "Nothing"
    )


def _size(cpu: Decimal, memory: Decimal) -> str:
    return f"{in_full('cpu', cpu)}, {in_full('memory', memory)}"


def pills_of(counts: Mapping[str, int], *, total: int, opened: str) -> list[Pill]:
    """One list a reason, with its number."""
    lists = {"": f"All {count(total)}"}
    lists |= {
        reason.value: f"{word} {count(counts.get(reason.value, 0))}"
        for reason, word in REASON_WORDS.items()
    }
    lists["unmanaged"] = f"Unmanaged {count(counts.get('unmanaged', 0))}"
    return [
        Pill(key or "all", label, address(PATH, {"list": key}), key == opened)
        for key, label in lists.items()
    ]

"""One namespace's page, computed from its row. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from ...directory.rows import HealthReason, NamespaceRow
from ...insights.objects import ObjectReport
from ..figures import iso
from ..quotas import quota_views
from ..words import Tone, state_tone, word_of
from .tabs import tab_address

__all__ = ["OwnedLine", "Reason", "namespace_vars", "owned_lines"]


@dataclass(frozen=True)
class Reason:
    """One thing that takes points from the health score."""

    code: str
    message: str
    points: str

    @classmethod
    def from_reason(cls, reason: HealthReason) -> Self:
        """Describe a deduction."""
        return cls(reason.code, reason.message, f"\u2212{reason.points}")


@dataclass(frozen=True)
class OwnedLine:
    """The objects of one kind that the portal wrote."""

    kind: str
    names: str
    word: str
    tone: str
    href: str


def owned_lines(name: str, found: Iterable[ObjectReport]) -> list[OwnedLine]:
    """Gather what the portal wrote by kind; where several differ the worst one is told."""
    kinds: dict[str, list[ObjectReport]] = {}
    for one in found:
        if one.desired is not None:
            kinds.setdefault(one.identity.partition("/")[0], []).append(one)
    return [_owned(name, kind, objects) for kind, objects in kinds.items()]


def _owned(name: str, kind: str, objects: Sequence[ObjectReport]) -> OwnedLine:
    absent = sum(one.observed is None for one in objects)
    differing = sum(bool(one.differences) for one in objects)
    first = next((one for one in objects if one.differences), objects[0])
    if absent:
        tone, word = Tone.BAD, "Not there" if len(objects) == 1 else f"{absent} not there"
    elif differing:
        tone, word = Tone.WARN, "Differs" if len(objects) == 1 else f"{differing} differ"
    else:
        tone, word = Tone.OK, "As asked"
    side = "diff" if differing else ""
    return OwnedLine(
        kind=kind,
        names=", ".join(one.identity.partition("/")[2] for one in objects),
        word=word,
        tone=tone.value,
        href=tab_address(name, "yaml", object=first.identity, side=side),
    )


def namespace_vars(row: NamespaceRow, *, now: datetime) -> dict[str, object]:
    """Compute what the page shows of the namespace itself."""
    return {
        "display_name": row.display_name,
        "description": row.description,
        "state": row.state.value,
        "word": word_of(row.state.value),
        "tone": state_tone(row.state).value,
        "environment": row.environment.value,
        "tier": word_of(row.tier.value),
        "team": str(row.team),
        "owner": row.owner,
        "cost_center": row.cost_center,
        "created_at": iso(row.created_at),
        "ready_at": iso(row.ready_at),
        "expires_at": iso(row.expires_at),
        "certified_at": iso(row.certified_at),
        "certify_by": iso(row.certify_by),
        "life_share": _life_share(row, now),
        "uid": row.uid,
        "health": row.health.score,
        "reasons": [Reason.from_reason(reason) for reason in row.health.reasons],
        "quotas": quota_views(row.quota),
    }


def _life_share(row: NamespaceRow, now: datetime) -> int:
    """Percent of the lifetime that is over."""
    if row.expires_at is None:
        return 0
    whole = (row.expires_at - row.created_at).total_seconds()
    gone = (now - row.created_at).total_seconds()
    return min(100, max(0, round(100 * gone / whole))) if whole > 0 else 100

"""One namespace's page, computed from its row. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from ...directory.rows import HealthReason, NamespaceRow
from ...domain.namespaces import NamespaceState
from ...insights.objects import ObjectReport
from ..awaiting import state_look
from ..figures import iso
from ..quotas import quota_views
from ..words import Tone, word_of
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


def owned_lines(
    name: str, found: Iterable[ObjectReport], *, is_ending: bool = False
) -> list[OwnedLine]:
    """Gather what the portal wrote by kind; where several differ the worst one is told.

    Args:
        name: of the namespace.
        found: every object.
        is_ending: whether the namespace goes away: then its objects go one by one, as they should.
    """
    kinds: dict[str, list[ObjectReport]] = {}
    for one in found:
        if one.desired is not None:
            kinds.setdefault(one.identity.partition("/")[0], []).append(one)
    return [_owned(name, kind, objects, is_ending) for kind, objects in kinds.items()]


def _owned(
    name: str,
    kind: str,
    objects: Sequence[ObjectReport],
    is_ending: bool,  # noqa: FBT001
) -> OwnedLine:
    absent = sum(one.observed is None for one in objects)
    differing = sum(bool(one.differences) for one in objects)
    first = next((one for one in objects if one.differences), objects[0])
    if absent and is_ending:
        tone, word = Tone.ENDING, "Gone" if absent == len(objects) else f"{absent} gone"
    elif absent:
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


def namespace_vars(
    row: NamespaceRow,
    *,
    now: datetime,
    is_awaiting: bool = False,
    in_use: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """Compute what the page shows of the namespace itself.

    Args:
        row: how it stands.
        now: what counts as now.
        is_awaiting: whether a request for it waits for approval.
        in_use: by resource, what its pods really use, where that is measured.
    """
    word, tone = state_look(row.state, is_awaiting=is_awaiting)
    return {
        "display_name": row.display_name,
        "description": row.description,
        "state": row.state.value,
        "word": word,
        "tone": tone.value,
        "environment": row.environment.value,
        "tier": word_of(row.tier.value),
        "team": str(row.team),
        "owner": row.owner,
        "cost_center": row.cost_center,
        "created_at": iso(row.created_at),
        "ready_at": iso(row.ready_at),
        "expires_at": iso(row.expires_at),
        "restorable_until": iso(row.restorable_until)
        if row.state is NamespaceState.RELEASED
        else "",
        "certified_at": iso(row.certified_at),
        "certify_by": iso(row.certify_by),
        "life_share": _life_share(row, now),
        "uid": row.uid,
        "health": row.health.score,
        "unrated": _UNRATED.get(row.state, ""),
        "quota_gone": _QUOTA_GONE.get(row.state, ""),
        "reasons": [Reason.from_reason(reason) for reason in row.health.reasons],
        "quotas": quota_views(row.quota, in_use),
    }


_UNRATED: Final = {
    NamespaceState.PROVISIONING: "Not rated before it is ready.",
    NamespaceState.RELEASED: "Not rated: nothing runs in it any more.",
    NamespaceState.TERMINATING: "Not rated: it is going away.",
}
"""States in which a score would say nothing."""

_QUOTA_GONE: Final = {
    NamespaceState.TERMINATING: "It went before the rest: the namespace is going away.",
    NamespaceState.STUCK: "It went before the rest: the namespace is going away.",
    NamespaceState.MISSING: "The cluster does not have the namespace.",
    NamespaceState.FAILED: "The namespace was never ready.",
}
"""States in which nobody needs to wait for a quota to show."""

_NO_WAY_IN: Final[dict[NamespaceState, str]] = {
    NamespaceState.PROVISIONING: "Nobody gets in yet: the way in stands here once it is ready.",
    NamespaceState.RELEASED: "Nobody has access while it is released. Restored, it has it again.",
    NamespaceState.TERMINATING: "It is going away: there is nothing left to get into.",
    NamespaceState.STUCK: "It is going away: there is nothing left to get into.",
    NamespaceState.MISSING: "The cluster does not have it: there is nothing to get into.",
    NamespaceState.FAILED: "It was never ready: there is nothing to get into.",
    NamespaceState.DELETED: "It was deleted: there is nothing left to get into.",
}


def no_way_in(state: NamespaceState, *, is_awaiting: bool = False) -> str:
    """Say why nobody gets in as it stands; empty where those with access do."""
    if is_awaiting and state is NamespaceState.PROVISIONING:
        return "Nobody gets in before its request is approved and done."
    return _NO_WAY_IN.get(state, "")


def _life_share(row: NamespaceRow, now: datetime) -> int:
    """Percent of the lifetime that is over."""
    if row.expires_at is None:
        return 0
    whole = (row.expires_at - row.created_at).total_seconds()
    gone = (now - row.created_at).total_seconds()
    return min(100, max(0, round(100 * gone / whole))) if whole > 0 else 100

"""What needs somebody: ordered by harm, each with its reason and the way to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from ...directory.rows import HealthReason, NamespaceRow
from ...domain.actors import Actor
from ...domain.requests import ProvisioningRequest
from ..renewable import renewal_for
from ..words import KIND_WORDS

__all__ = ["CODES", "Attention", "attention_of", "merged"]

_HARM: Final = {
    "missing": (0, "bad"),
    "stuck": (0, "bad"),
    "failed": (0, "bad"),
    "unavailable": (2, "warn"),
    "expired": (3, "ending"),
    "uncertified": (3, "ending"),
    "expiring": (3, "ending"),
    "certify": (3, "ending"),
    "drifted": (4, "warn"),
    "near-quota": (5, "warn"),
}
"""Codes of health reasons: how soon they come, and how they look."""
CODES: Final = frozenset(_HARM)
"""Every code that asks for somebody."""
_OTHER: Final = (5, "warn")
_LATER: Final = 6
"""What ends, but not within `_SOON`, comes after what is wrong already."""
_SOON: Final = timedelta(days=3)
_WAYS: Final = {
    "near-quota": ("Open", "quota"),
    "unavailable": ("Open", "workloads"),
    "drifted": ("See", "drift"),
}
_TABS: Final = {"near-quota": "quota", "unavailable": "workloads", "expiring": "settings"}


@dataclass(frozen=True)
class Attention:
    """One thing that needs somebody, with its worst reason."""

    key: str
    name: str
    team: str
    message: str
    more: str
    tone: str
    href: str
    harm: int
    way: str = "Open"
    """What the link is called that leads to where something can be done."""
    way_to: str = ""
    """Its second word, for which a phone has no room."""
    renew: str = ""
    """What one click does about it: Renew or Confirm; empty where nothing is to be put off."""
    is_solved: bool = False
    """It needed somebody while the page was open, and does no longer."""


_RENEWALS: Final = {
    "expired": "Renew", "expiring": "Renew", "uncertified": "Confirm", "certify": "Confirm",
}  # fmt: skip


def attention_of(
    rows: Iterable[NamespaceRow],
    *,
    actor: Actor,
    now: datetime,
    failing: Iterable[ProvisioningRequest] = (),
    waiting: Iterable[ProvisioningRequest] = (),
) -> list[Attention]:
    """Order what is wrong by harm: blocked, failed, ending, drifted, full, then approvals.

    Only who may renew is offered it: for others a line leads to the namespace.
    """
    found = [_of_row(row, now, actor) for row in rows if row.health.reasons]
    taken = {one.name for one in found if one.harm == 0}
    found += [_of_failure(one) for one in failing if str(one.namespace) not in taken]
    found += [_of_approval(one) for one in waiting]
    return sorted(found, key=_order)


def merged(
    shown: Iterable[Attention], fresh: Iterable[Attention], *, limit: int, is_held: bool
) -> tuple[list[Attention], int]:
    """Bring a shown list up to date: what is solved stays, ticked, until the page is left.

    Args:
        shown: as it is on the page.
        fresh: all that needs somebody now, in order.
        limit: so many of those are shown, and as many solved ones.
        is_held: whether somebody is at the list: then nothing moves, comes or goes.

    Returns:
        The lines, and how many changes of order and membership wait.
    """
    before, every = list(shown), list(fresh)
    now = {one.key: one for one in every}
    solved = [replace(one, is_solved=True, renew="") for one in before if one.key not in now]
    wanted = sorted([*every[:limit], *solved[-limit:]], key=_order)
    if not is_held:
        return wanted, 0
    gone = {one.key: one for one in solved}
    kept = [now.get(one.key) or gone[one.key] for one in before]
    had, would = [one.key for one in kept], [one.key for one in wanted]
    return kept, len(set(had) ^ set(would)) or int(had != would)


def _order(one: Attention) -> tuple[int, str, str]:
    return (one.harm, one.name, one.key)


def _harm_of(reason: HealthReason, row: NamespaceRow, now: datetime) -> tuple[int, str]:
    harm, tone = _HARM.get(reason.code, _OTHER)
    end = {"expiring": row.expires_at, "certify": row.certify_by}.get(reason.code)
    return (_LATER, tone) if end is not None and end - now > _SOON else (harm, tone)


def _of_row(row: NamespaceRow, now: datetime, actor: Actor) -> Attention:
    reasons = sorted(row.health.reasons, key=lambda one: _harm_of(one, row, now)[0])
    worst, others = reasons[0], len(reasons) - 1
    harm, tone = _harm_of(worst, row, now)
    tab = _TABS.get(worst.code, "")
    way, way_to = _WAYS.get(worst.code, ("Open", ""))
    return Attention(
        key=row.name,
        name=row.name,
        team=str(row.team),
        message=worst.message.removesuffix("."),
        more=f"· {others} more" if others else "",
        tone=tone,
        href=f"/namespaces/{row.name}{f'?tab={tab}' if tab else ''}",
        harm=harm,
        way=way,
        way_to=way_to,
        renew=renewal_for(_RENEWALS.get(worst.code, ""), row.team, actor),
    )


def _of_failure(request: ProvisioningRequest) -> Attention:
    failure = request.failure
    why = failure.message.removesuffix(".") if failure else "It was rolled back"
    return Attention(
        key=request.request_id,
        name=str(request.namespace),
        team=str(request.team),
        message=f"{KIND_WORDS[request.kind]} failed: {why}",
        more="",
        tone="bad",
        href=f"/requests/{request.request_id}",
        harm=1,
        way="See",
        way_to="failure",
    )


def _of_approval(request: ProvisioningRequest) -> Attention:
    return Attention(
        key=request.request_id,
        name=str(request.namespace),
        team=str(request.team),
        message=f"{KIND_WORDS[request.kind]} waits for you to decide",
        more="",
        tone="waiting",
        href=f"/approvals?id={request.request_id}",
        harm=7,
        way="Decide",
    )

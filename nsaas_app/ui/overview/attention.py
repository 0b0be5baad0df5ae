"""What needs somebody: ordered by harm, each with its reason and the way to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ...directory.rows import NamespaceRow
from ...domain.requests import ProvisioningRequest
from ..words import KIND_WORDS

__all__ = ["Attention", "attention_of"]

_HARM: Final = {
    "missing": (0, "bad"),
    "stuck": (0, "bad"),
    "failed": (0, "bad"),
    "unavailable": (2, "warn"),
    "expired": (3, "ending"),
    "expiring": (4, "ending"),
    "uncertified": (3, "ending"),
    "certify": (4, "ending"),
    "drifted": (5, "warn"),
    "near-quota": (6, "warn"),
}
"""Codes of health reasons: how soon they come, and how they look."""
_OTHER: Final = (6, "warn")
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
    renew: str = ""
    """What one click does about it: Renew or Confirm; empty where nothing is to be put off."""


_RENEWALS: Final = {
    "expired": "Renew", "expiring": "Renew", "uncertified": "Confirm", "certify": "Confirm",
}  # fmt: skip


def attention_of(
    rows: Iterable[NamespaceRow],
    *,
    failing: Iterable[ProvisioningRequest] = (),
    waiting: Iterable[ProvisioningRequest] = (),
) -> list[Attention]:
    """Order what is wrong by harm: blocked, failed, ending, drifted, full, then approvals."""
    found = [_of_row(row) for row in rows if row.health.reasons]
    taken = {one.name for one in found if one.harm == 0}
    found += [_of_failure(one) for one in failing if str(one.namespace) not in taken]
    found += [_of_approval(one) for one in waiting]
    return sorted(found, key=lambda one: (one.harm, one.name, one.key))


def _of_row(row: NamespaceRow) -> Attention:
    reasons = sorted(row.health.reasons, key=lambda one: _HARM.get(one.code, _OTHER)[0])
    worst, others = reasons[0], len(reasons) - 1
    harm, tone = _HARM.get(worst.code, _OTHER)
    tab = _TABS.get(worst.code, "")
    return Attention(
        key=row.name,
        name=row.name,
        team=str(row.team),
        message=worst.message.removesuffix("."),
        more=f"· {others} more" if others else "",
        tone=tone,
        href=f"/namespaces/{row.name}{f'?tab={tab}' if tab else ''}",
        harm=harm,
        renew=_RENEWALS.get(worst.code, ""),
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
    )

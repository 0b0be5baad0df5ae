"""Join a record with what the cluster shows: state, quota, health. Pure functions."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..cluster.objects import Deployment, Namespace, ResourceQuota
from ..domain.drift import DriftItem
from ..domain.namespaces import Intent, ManagedNamespace, NamespaceState
from ..domain.quantities import parse_quantity
from ..domain.resource_words import resource_in_words
from .rows import Health, HealthReason, NamespaceRow, QuotaUse

__all__ = ["changes_at", "health_of", "quota_of", "row_of", "state_of"]

NEAR_QUOTA: Final = 0.9
EXPIRING_WITHIN: Final = timedelta(days=7)
CERTIFY_WITHIN: Final = timedelta(days=30)
STUCK_AFTER: Final = timedelta(minutes=15)
_AFTER: Final = timedelta(seconds=1)

_HAS_OBJECT: Final = frozenset({Intent.ACTIVE, Intent.CHANGING, Intent.WAKING, Intent.RELEASED})
"""Intents of a namespace that must be there; without it they only hide that it is gone."""
_BY_INTENT: Final = {
    Intent.PROVISIONING: NamespaceState.PROVISIONING,
    Intent.CHANGING: NamespaceState.CHANGING,
    Intent.WAKING: NamespaceState.WAKING,
    Intent.RELEASED: NamespaceState.RELEASED,
    Intent.DELETING: NamespaceState.TERMINATING,
    Intent.FAILED: NamespaceState.FAILED,
    Intent.DELETED: NamespaceState.DELETED,
}


def _ours(record: ManagedNamespace, seen: Namespace | None) -> Namespace | None:
    """The object of the record, None when it is gone or another one took its name."""
    return seen if seen is not None and record.uid in ("", seen.metadata.uid) else None


def state_of(
    record: ManagedNamespace, seen: Namespace | None, *, has_synced: bool, now: datetime
) -> NamespaceState:
    """Say how a namespace stands."""
    ours = _ours(record, seen)
    if ours is not None and ours.metadata.deletion_timestamp is not None:
        since = datetime.fromisoformat(ours.metadata.deletion_timestamp)
        is_stuck = now - since > STUCK_AFTER
        return NamespaceState.STUCK if is_stuck else NamespaceState.TERMINATING
    if ours is None and has_synced and record.intent in _HAS_OBJECT:
        return NamespaceState.MISSING
    if record.intent in _BY_INTENT:
        return _BY_INTENT[record.intent]
    if not has_synced:
        return NamespaceState.UNKNOWN
    return NamespaceState.ACTIVE if record.asleep is None else NamespaceState.SLEEPING


def quota_of(quotas: Iterable[ResourceQuota]) -> dict[str, QuotaUse]:
    """Used and hard per resource; the tightest where several quotas name one."""
    found: dict[str, QuotaUse] = {}
    for quota in quotas:
        used = quota.status.used or {}
        for resource, hard in (quota.spec.hard or {}).items():
            use = QuotaUse(used=used.get(resource, "0"), hard=hard)
            if resource not in found or _tightness(use) > _tightness(found[resource]):
                found[resource] = use
    return found


def _tightness(use: QuotaUse) -> tuple[float, Decimal]:
    """Order by the used part, among unused ones by how little there is."""
    return use.ratio, -parse_quantity(use.hard)


def health_of(row: NamespaceRow, *, now: datetime) -> Health:
    """Take points for what people should know, each with its reason."""
    reasons = []
    if row.state in (NamespaceState.MISSING, NamespaceState.STUCK, NamespaceState.FAILED):
        reasons.append(HealthReason(row.state.value, f"The namespace is {row.state.value}.", 60))
    full = [r for r, use in row.quota.items() if use.hard != "0" and use.ratio >= NEAR_QUOTA]
    if full:
        names = ", ".join(resource_in_words(resource) for resource in sorted(full))
        message = f"At or above 90 % of the quota: {names}."
        reasons.append(HealthReason("near-quota", message, 15))
    if row.state is not NamespaceState.RELEASED:
        # What was given up has another end: until when it can be restored.
        reasons += _lifetime_reasons(row, now)
    if row.drift:
        objects = ", ".join(sorted({item.object for item in row.drift}))
        reasons.append(HealthReason("drifted", f"Not as asked: {objects}.", 25))
    if row.deployments > row.active_deployments:
        missing = row.deployments - row.active_deployments
        message = (
            "The deployment has no available replica."
            if row.deployments == 1
            else f"No available replica for {missing} of {row.deployments} deployments."
        )
        reasons.append(HealthReason("unavailable", message, 20))
    return Health(max(0, 100 - sum(reason.points for reason in reasons)), tuple(reasons))


def _lifetime_reasons(row: NamespaceRow, now: datetime) -> list[HealthReason]:
    reasons = []
    if row.expires_at is not None and row.expires_at <= now:
        reasons.append(HealthReason("expired", "The lifetime is over.", 20))
    elif row.expires_at is not None and row.expires_at - now <= EXPIRING_WITHIN:
        days = -((now - row.expires_at) // timedelta(days=1))
        reasons.append(HealthReason("expiring", f"The lifetime ends within {days} d.", 5))
    if row.certify_by is not None and row.certify_by <= now:
        message = "Nobody confirmed that it is still needed."
        reasons.append(HealthReason("uncertified", message, 20))
    elif row.certify_by is not None and row.certify_by - now <= CERTIFY_WITHIN:
        days = -((now - row.certify_by) // timedelta(days=1))
        message = f"To be confirmed as still needed within {days} d."
        reasons.append(HealthReason("certify", message, 5))
    return reasons


def changes_at(row: NamespaceRow, seen: Namespace | None, *, now: datetime) -> datetime | None:
    """When the row next changes by the passing of time alone; None if never."""
    moments = [
        *_countdown(row.expires_at, EXPIRING_WITHIN, now),
        *_countdown(row.certify_by, CERTIFY_WITHIN, now),
    ]
    if row.state is NamespaceState.TERMINATING and seen is not None:
        since = seen.metadata.deletion_timestamp
        moments += [datetime.fromisoformat(since) + STUCK_AFTER + _AFTER] if since else []
    return min(moments, default=None)


def _countdown(end: datetime | None, within: timedelta, now: datetime) -> list[datetime]:
    """The next turn of a count of days before an end: when it begins, each day, the end itself."""
    if end is None or end <= now:
        return []
    left = end - now
    if left > within:
        return [end - within]
    whole_days = timedelta(days=left // timedelta(days=1))
    return [end - whole_days if end - whole_days > now else end - whole_days + timedelta(days=1)]


def row_of(
    record: ManagedNamespace,
    *,
    seen: Namespace | None,
    quotas: Iterable[ResourceQuota],
    deployments: Iterable[Deployment],
    drift: tuple[DriftItem, ...] = (),
    has_synced: bool,
    now: datetime,
) -> NamespaceRow:
    """Build the row of one namespace."""
    spec, ours = record.spec, _ours(record, seen)
    if ours is None:
        # What fills the name now is not what the record speaks of.
        quotas, deployments = (), ()
    wanted = [deployment for deployment in deployments if deployment.spec.replicas != 0]
    row = NamespaceRow(
        name=str(record.name),
        cluster=record.cluster,
        team=record.team,
        environment=spec.environment,
        tier=spec.tier,
        network=spec.network.preset,
        state=state_of(record, seen, has_synced=has_synced, now=now),
        owner=spec.owner,
        request_id=record.request_id,
        created_at=record.created_at,
        ready_at=record.ready_at,
        expires_at=spec.expires_at,
        uid=ours.metadata.uid if ours is not None else record.uid,
        display_name=spec.display_name,
        description=spec.description,
        cost_center=spec.cost_center,
        is_protected=record.is_protected,
        restorable_until=record.restorable_until,
        renewals=record.renewals,
        asleep=record.asleep,
        certified_at=spec.certified_at,
        certify_by=record.certify_by,
        sleep=spec.sleep,
        quota=quota_of(quotas),
        drift=drift,
        deployments=len(wanted),
        active_deployments=sum(deployment.is_available for deployment in wanted),
        labels=dict(ours.labels) if ours is not None else dict(spec.labels),
    )
    return replace(row, health=health_of(row, now=now))

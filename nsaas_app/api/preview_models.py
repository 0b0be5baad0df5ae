"""The reply of POST /previews: one shape for every kind; what a kind has not is null or empty."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from ..domain.approval import MIN_JUSTIFICATION, Approval
from ..domain.environments import POLICIES
from ..domain.prices import Cost
from ..domain.requests import RequestKind
from ..domain.spec_document import spec_to_document
from ..domain.teams import Resources, Team
from ..provisioning.change_preview import ChangePreview
from ..provisioning.departure_preview import DeparturePreview
from ..provisioning.dry_run import DryRun
from ..provisioning.preview import Connection, Preview
from ..provisioning.verdicts import PolicyVerdict
from ..teams.teams import BudgetUse

__all__ = ["PreviewOut", "verdict_out"]


class DryRunOut(BaseModel):
    """The API server's word."""

    result: str
    message: str


class DifferenceOut(BaseModel):
    """One field: as it is, and as it would be."""

    path: str
    before: Any
    after: Any


class ObjectOut(BaseModel):
    """One object: what is written, what becomes of it, what the API server says."""

    manifest: dict[str, Any]
    effect: str
    differences: list[DifferenceOut]
    dry_run: DryRunOut

    @classmethod
    def of(cls, one: DryRun) -> Self:
        """Show an object."""
        return cls(
            manifest=one.manifest,
            effect=one.effect.value,
            differences=[
                DifferenceOut(path=drift.path, before=drift.observed, after=drift.desired)
                for drift in one.differences
            ],
            dry_run=DryRunOut(
                result="accepted" if one.is_accepted else "refused", message=one.message
            ),
        )


class PreviewOut(BaseModel):
    """The review."""

    kind: str
    namespace: str
    allowed: bool
    changes_nothing: bool = False
    verdicts: list[dict[str, str]]
    objects: list[ObjectOut]
    approval: dict[str, Any]
    budget: dict[str, Any]
    cost: dict[str, Any] | None = None
    access: list[dict[str, Any]]
    connectivity: list[dict[str, Any]] = []
    lifetime: dict[str, Any]
    impact: dict[str, int | None] | None = None
    """What stands in the namespace and ends with it."""
    restorable_until: datetime | None = None
    grace_hours: int | None = None
    confirm: str | None = None
    """What must be typed to submit it."""
    expected_duration_ms: float | None
    expected_duration_p95_ms: float | None = None
    """95 of 100 requests of this kind took less."""
    expected_approval_ms: float | None = None
    """Half of the approvals so far took less; null while nobody has decided."""
    spec: dict[str, Any]
    adoption: dict[str, Any] | None = None
    """For kind adopt: the diff, what is in the namespace already, and what would break."""

    @classmethod
    def of_new(cls, preview: Preview, kind: RequestKind = RequestKind.PROVISION) -> Self:
        """Show what a namespace that comes to the portal would mean."""
        document = spec_to_document(preview.spec)
        spent, count = _spent(preview.before), preview.before.namespaces
        return cls(
            kind=kind.value,
            namespace=str(preview.spec.name),
            allowed=preview.is_allowed,
            verdicts=[verdict_out(verdict) for verdict in preview.verdicts],
            objects=[ObjectOut.of(one) for one in preview.objects],
            approval=_approval(preview.approval),
            budget=_budget(preview.team, (count, spent), (count + 1, spent + preview.takes)),
            cost=_cost(preview.cost),
            access=document["access"],
            connectivity=[_connection(cell) for cell in preview.connectivity],
            lifetime={"expires_at": preview.spec.expires_at},
            expected_duration_ms=preview.expected_duration_ms,
            spec=document,
        )

    @classmethod
    def of_change(cls, preview: ChangePreview) -> Self:
        """Show what a change would mean."""
        plan, document = preview.plan, spec_to_document(preview.plan.spec)
        count, (used, allowed) = preview.before.namespaces, preview.renewals
        return cls(
            kind=plan.kind.value,
            namespace=str(plan.record.name),
            allowed=preview.is_allowed,
            changes_nothing=preview.is_same,
            verdicts=[verdict_out(verdict) for verdict in preview.verdicts],
            objects=[ObjectOut.of(one) for one in preview.objects],
            approval=_approval(plan.approval),
            budget=_budget(preview.team, (count, _spent(preview.before)), (count, preview.after)),
            cost=_cost(preview.cost) | {"monthly_before": float(preview.cost_before.monthly)},
            access=document["access"],
            connectivity=[_connection(cell) for cell in preview.connectivity],
            lifetime={
                "expires_at": plan.spec.expires_at,
                "before": plan.record.spec.expires_at,
                "renewals": {"used": used, "allowed": allowed},
            },
            expected_duration_ms=preview.expected_duration_ms,
            spec=document,
        )

    @classmethod
    def of_departure(cls, preview: DeparturePreview) -> Self:
        """Show what a release, restore or delete would mean."""
        plan, document = preview.plan, spec_to_document(preview.plan.spec)
        spent, count = _spent(preview.before), preview.before.namespaces
        inside, is_gone = preview.inside, plan.kind is RequestKind.DELETE
        grace = POLICIES[plan.spec.environment].grace
        is_release, is_restore = (
            plan.kind is kind for kind in (RequestKind.RELEASE, RequestKind.RESTORE)
        )
        return cls(
            kind=plan.kind.value,
            namespace=str(plan.record.name),
            allowed=preview.is_allowed,
            verdicts=[verdict_out(verdict) for verdict in preview.verdicts],
            objects=[ObjectOut.of(one) for one in preview.objects],
            approval=_approval(plan.approval),
            budget=_budget(preview.team, (count, spent), (count - is_gone, spent - preview.frees)),
            access=document["access"] if is_restore else [],
            lifetime={"expires_at": plan.spec.expires_at},
            impact={
                "deployments": inside.deployments,
                "pods": inside.pods,
                "services": inside.services,
                "persistentvolumeclaims": inside.volumes,
            },
            restorable_until=preview.restorable_until,
            grace_hours=int(grace.total_seconds() // 3600) if is_release else None,
            confirm=str(plan.record.name) if preview.needs_typing else None,
            expected_duration_ms=preview.expected_duration_ms,
            spec=document,
        )


def verdict_out(verdict: PolicyVerdict) -> dict[str, str]:
    """Show one rule's word."""
    return {
        "rule": verdict.rule,
        "result": verdict.result,
        "message": verdict.message,
        "field": verdict.field,
    }


def _spent(use: BudgetUse) -> Resources:
    return use.used + use.reserved


def _approval(approval: Approval | None) -> dict[str, Any]:
    if approval is None:
        return {"needed": False, "by": [], "why": "", "justification_min": 0}
    return {
        "needed": True,
        "by": [role.value for role in approval.needed],
        "why": approval.why,
        "justification_min": MIN_JUSTIFICATION,
    }


def _budget(
    team: Team, before: tuple[int, Resources], after: tuple[int, Resources]
) -> dict[str, Any]:
    def row(count: int, resources: Resources) -> dict[str, Any]:
        return {"namespaces": count, **resources.to_quantities()}

    limit = team.budget
    return {
        "before": row(*before),
        "after": row(*after),
        "limit": row(limit.namespaces, limit.resources),
    }


def _cost(cost: Cost) -> dict[str, Any]:
    return {
        "monthly": float(cost.monthly),
        "basis": cost.basis,
        "source": cost.source,
        "as_of": cost.as_of.isoformat(),
    }


def _connection(cell: Connection) -> dict[str, Any]:
    return {
        "from": cell.source,
        "to": cell.target,
        "port": cell.port,
        "allowed": cell.is_allowed,
        "rule": cell.rule,
    }

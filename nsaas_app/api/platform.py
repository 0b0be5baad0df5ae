"""GET /platform: how the cluster is set for the portal."""

from datetime import datetime
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from ..identity.permissions import Permission
from ..insights.integrations import Integration
from ..insights.policies import PolicyReport
from ..insights.rights import CheckedRight
from ..runtime.findings import Platform
from .access import CurrentActor, CurrentRuntime, needs

__all__ = ["router"]

router = APIRouter(tags=["status"])


class PolicyTextOut(BaseModel):
    """One admission policy, with its shipped text."""

    name: str
    state: str
    reason: str
    fix: str
    words: str
    manifest: str

    @classmethod
    def of(cls, report: PolicyReport, manifest: str) -> Self:
        """Show it."""
        return cls(
            name=report.name,
            state=report.state.value,
            reason=report.reason,
            fix=report.fix,
            words=report.words,
            manifest=manifest,
        )


class IntegrationOut(BaseModel):
    """Something else on the cluster: ready, not-ready, unknown or absent."""

    key: str
    title: str
    gives: str
    group: str
    version: str
    state: str
    reason: str
    seen_at: datetime

    @classmethod
    def of(cls, found: Integration) -> Self:
        """Show it."""
        return cls(
            key=found.known.key,
            title=found.known.title,
            gives=found.known.gives,
            group=found.known.group,
            version=found.version,
            state=found.readiness.value,
            reason=found.reason,
            seen_at=found.seen_at,
        )


class RightOut(BaseModel):
    """What the portal wants to do with one resource, and what of it lacks."""

    group: str
    resource: str
    verbs: list[str]
    names: list[str]
    passed: bool
    """Whether no right seems to lack."""
    result: str
    """pass, fail, absent (not served), or unknown: the cluster lists rights in part."""
    served: bool | None
    """Whether the API server knows the kind; null where that is not looked at."""
    missing_verbs: list[str]
    rule: str
    """To add to ClusterRole nsaas-portal; empty where nothing lacks."""

    @classmethod
    def of(
        cls, right: CheckedRight, served: frozenset[tuple[str, str]], *, is_complete: bool
    ) -> Self:
        """Show it."""
        lacks = right.missing
        return cls(
            group=right.group,
            resource=right.resource,
            verbs=list(right.verbs),
            names=list(right.names),
            passed=lacks is None,
            result=right.standing(served, is_complete=is_complete).value,
            served=right.is_served(served),
            missing_verbs=list(lacks.verbs) if lacks else [],
            rule=lacks.rule if lacks else "",
        )


class PlatformOut(BaseModel):
    """Policies, integrations and the preflight of rights."""

    server: str
    as_of: datetime | None
    trouble: str
    """Why the cluster did not answer, or did not list its APIs, when it was asked last."""
    complete: bool
    """Whether the cluster listed every right of the portal; false before it was asked too."""
    policies: list[PolicyTextOut]
    integrations: list[IntegrationOut]
    preflight: list[RightOut]

    @classmethod
    def of(cls, found: Platform) -> Self:
        """Show it."""
        review = found.review
        rights = review.rights.checked if review.rights else ()
        is_complete = review.rights is not None and review.rights.is_complete
        return cls(
            server=review.server,
            as_of=review.at,
            trouble=review.trouble or review.apis_trouble,
            complete=is_complete,
            policies=[
                PolicyTextOut.of(one, found.manifests.get(one.name, "")) for one in review.policies
            ],
            integrations=[IntegrationOut.of(one) for one in review.integrations],
            preflight=[RightOut.of(one, review.served, is_complete=is_complete) for one in rights],
        )


@router.get("/platform", summary="Policies, integrations, and the rights the portal needs")
@needs(Permission.PLATFORM_READ)
async def platform(actor: CurrentActor, rt: CurrentRuntime) -> PlatformOut:
    return PlatformOut.of(await rt.checkup.platform(actor=actor))

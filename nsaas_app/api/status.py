"""GET /status: how every part of the portal and its cluster is."""

from datetime import datetime
from typing import Any, Self

from fastapi import APIRouter
from pydantic import BaseModel

from ..identity.permissions import Permission
from ..insights.rights import RightsReport
from ..runtime.findings import Report
from .access import CurrentActor, CurrentRuntime, needs

__all__ = ["router"]

router = APIRouter(tags=["status"])


class CheckOut(BaseModel):
    """One part: `ok`, `unknown`, `warn` or `bad`, with the reason and what puts it right."""

    key: str
    title: str
    state: str
    message: str
    fix: str
    since: datetime | None


class KindOut(BaseModel):
    """One kind of the mirror."""

    kind: str
    required: bool
    synced: bool
    watching: bool
    objects: int
    last_contact: datetime | None
    trouble: str


class PolicyOut(BaseModel):
    """One admission policy: active, altered, not-enforced, unbound, missing or unknown."""

    name: str
    state: str
    reason: str
    fix: str
    words: str


class RightsOut(BaseModel):
    """The rights of the shipped role that the portal's account lacks."""

    wanted: int
    complete: bool
    missing: list[dict[str, Any]]

    @classmethod
    def of(cls, report: RightsReport) -> Self:
        """Show what lacks, each with the rule to add."""
        return cls(
            wanted=report.wanted,
            complete=report.is_complete,
            missing=[
                {
                    "group": one.group,
                    "resource": one.resource,
                    "verbs": list(one.verbs),
                    "names": list(one.names),
                    "rule": one.rule,
                }
                for one in report.missing
            ],
        )


class StatusOut(BaseModel):
    """The whole check-up."""

    state: str
    version: str
    cluster: str
    as_of: datetime
    checks: list[CheckOut]
    kinds: list[KindOut]
    policies: list[PolicyOut]
    rights: RightsOut | None
    jobs: dict[str, int]

    @classmethod
    def of(cls, report: Report) -> Self:
        """Show a check-up."""
        return cls(
            state=report.health.value,
            version=report.version,
            cluster=report.cluster,
            as_of=report.as_of,
            checks=[
                CheckOut(
                    key=one.key,
                    title=one.title,
                    state=one.health.value,
                    message=one.message,
                    fix=one.fix,
                    since=one.since,
                )
                for one in report.findings
            ],
            kinds=[
                KindOut(
                    kind=one.kind,
                    required=one.is_required,
                    synced=one.is_synced,
                    watching=one.is_watching,
                    objects=one.objects,
                    last_contact=one.contact_at,
                    trouble=one.trouble,
                )
                for one in report.kinds
            ],
            policies=[
                PolicyOut(
                    name=one.name,
                    state=one.state.value,
                    reason=one.reason,
                    fix=one.fix,
                    words=one.words,
                )
                for one in report.policies
            ],
            rights=RightsOut.of(report.rights) if report.rights is not None else None,
            jobs=dict(report.jobs),
        )


@router.get("/status", summary="How every part of the portal and its cluster is")
@needs(Permission.STATUS_READ)
async def status(actor: CurrentActor, rt: CurrentRuntime) -> StatusOut:
    return StatusOut.of(await rt.checkup.report(actor=actor))

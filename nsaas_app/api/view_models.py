"""What the views of one namespace look like over REST."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from pydantic import BaseModel

from ..domain.access import AccessGrant
from ..domain.quantities import written
from ..domain.stuck import Blocker
from ..insights.access import QUESTIONS, BindingLine, Proof
from ..insights.objects import ObjectReport
from ..insights.trends import Trend
from ..insights.usage import UsageReport
from ..insights.warnings import WarningGroup

__all__ = [
    "AccessOut",
    "BindingOut",
    "BlockerOut",
    "BlockersOut",
    "GrantOut",
    "ObjectOut",
    "ObjectsOut",
    "ProofOut",
    "TrendsOut",
    "UsageOut",
    "WarningOut",
    "WarningsOut",
]


class DifferenceOut(BaseModel):
    """One field that differs."""

    path: str
    desired: Any
    observed: Any


class ObjectOut(BaseModel):
    """One object: as asked, as the cluster has it, and where they differ."""

    object: str
    managed: bool
    desired: dict[str, Any] | None
    observed: dict[str, Any] | None
    differences: list[DifferenceOut]

    @classmethod
    def of(cls, one: ObjectReport) -> Self:
        """Show an object."""
        return cls(
            object=one.identity,
            managed=one.is_ours,
            desired=one.desired,
            observed=one.observed,
            differences=[
                DifferenceOut(path=drift.path, desired=drift.desired, observed=drift.observed)
                for drift in one.differences
            ],
        )


class ObjectsOut(BaseModel):
    """Every object of a namespace."""

    items: list[ObjectOut]
    total: int


class UsageLineOut(BaseModel):
    """One resource in Kubernetes notation."""

    resource: str
    used: str
    hard: str
    left: str
    ratio: float
    team_left: str | None
    in_use: str | None


class HolderOut(BaseModel):
    """One workload and what its pods ask for together."""

    workload: str
    pods: int
    requests: dict[str, str]
    ratio: float


class MeasuredOut(BaseModel):
    """CPU that the pods really use, in cores."""

    cpu: float
    as_of: datetime


class UsageOut(BaseModel):
    """What the quota counts, who holds it, and what is really used where that is measured."""

    items: list[UsageLineOut]
    holders: list[HolderOut]
    holders_total: int
    measured: MeasuredOut | None
    unmeasured_because: str | None
    as_of: datetime | None

    @classmethod
    def of(cls, report: UsageReport) -> Self:
        """Show a report."""
        return cls(
            items=[
                UsageLineOut(
                    resource=line.resource,
                    used=line.used,
                    hard=line.hard,
                    left=line.left,
                    ratio=line.ratio,
                    team_left=line.team_left or None,
                    in_use=line.in_use or None,
                )
                for line in report.lines
            ],
            holders=[
                HolderOut(
                    workload=one.workload,
                    pods=one.pods,
                    requests=dict(one.requests),
                    ratio=one.share,
                )
                for one in report.holders
            ],
            holders_total=report.holders_total,
            measured=MeasuredOut(cpu=report.measured.used, as_of=report.measured.at)
            if report.measured
            else None,
            unmeasured_because=report.unmeasured or None,
            as_of=report.as_of,
        )


class SlotOut(BaseModel):
    """The most that was used within one span of time; null while nothing was known."""

    start: datetime
    used: str | None
    hard: str | None


class TrendOut(BaseModel):
    """One resource over the window."""

    resource: str
    known_since: datetime
    full_on: datetime | None
    slots: list[SlotOut]


class TrendsOut(BaseModel):
    """The past of a quota; empty while no sample was taken."""

    items: list[TrendOut]
    total: int

    @classmethod
    def of(cls, trends: tuple[Trend, ...]) -> Self:
        """Show them."""

        def write(resource: str, value: Decimal | None) -> str | None:
            return None if value is None else written(resource, value)

        items = [
            TrendOut(
                resource=one.resource,
                known_since=one.known_since,
                full_on=one.full_on,
                slots=[
                    SlotOut(
                        start=slot.start,
                        used=write(one.resource, slot.used),
                        hard=write(one.resource, slot.hard),
                    )
                    for slot in one.slots
                ],
            )
            for one in trends
        ]
        return cls(items=items, total=len(items))


class BindingOut(BaseModel):
    """One subject of a RoleBinding."""

    kind: str
    name: str
    role: str
    binding: str
    managed: bool
    expires_at: datetime | None

    @classmethod
    def of(cls, line: BindingLine) -> Self:
        """Show a line."""
        return cls(
            kind=line.kind,
            name=line.name,
            role=line.role,
            binding=line.binding,
            managed=line.is_ours,
            expires_at=line.expires_at,
        )


class ProofOut(BaseModel):
    """What the API server says of one subject."""

    kind: str
    name: str
    allowed: dict[str, bool]
    as_of: datetime

    @classmethod
    def of(cls, proof: Proof) -> Self:
        """Show a proof."""
        answers = zip(QUESTIONS, proof.answers, strict=True)
        return cls(
            kind=proof.who.kind,
            name=proof.who.name,
            allowed={question.key: answer for question, answer in answers},
            as_of=proof.at,
        )


class GrantOut(BaseModel):
    """One subject with one role, as it was asked for."""

    kind: str
    name: str
    role: str
    expires_at: datetime | None

    @classmethod
    def of(cls, grant: AccessGrant) -> Self:
        """Show a grant."""
        return cls(
            kind=grant.kind.value,
            name=grant.name,
            role=grant.role.value,
            expires_at=grant.expires_at,
        )


class AccessOut(BaseModel):
    """Who was asked to get in, who does, and the proof."""

    grants: list[GrantOut]
    bindings: list[BindingOut]
    proofs: list[ProofOut]


class ShortfallOut(BaseModel):
    """What a quota had too little of."""

    resource: str
    requested: str
    used: str
    hard: str
    short_by: str


class WarningOut(BaseModel):
    """Warnings of one cause."""

    reason: str
    code: str | None
    cause: str
    fix: str
    who_can_fix: str
    objects: list[str]
    objects_total: int
    count: int
    last_seen: datetime
    message: str
    shortfalls: list[ShortfallOut]

    @classmethod
    def of(cls, group: WarningGroup) -> Self:
        """Show a group."""
        return cls(
            reason=group.reason,
            code=group.code or None,
            cause=group.cause,
            fix=group.fix,
            who_can_fix=group.who_can_fix,
            objects=list(group.objects),
            objects_total=group.objects_total,
            count=group.times,
            last_seen=datetime.fromisoformat(group.last_seen),
            message=group.message,
            shortfalls=[
                ShortfallOut(
                    resource=one.resource,
                    requested=one.requested,
                    used=one.used,
                    hard=one.hard,
                    short_by=one.short_by,
                )
                for one in group.shortfalls
            ],
        )


class WarningsOut(BaseModel):
    """Warnings of the last hour, the newest first."""

    items: list[WarningOut]
    total: int


class BlockerOut(BaseModel):
    """One thing that holds a deletion up."""

    kind: str
    what: str
    count: int
    objects: list[str]
    way_out: list[str]
    look: str
    raw: str

    @classmethod
    def of(cls, one: Blocker) -> Self:
        """Show it, without the last resort."""
        return cls(
            kind=one.kind.value,
            what=one.what,
            count=one.count,
            objects=list(one.objects),
            way_out=list(one.way_out),
            look=one.look,
            raw=one.raw,
        )


class BlockersOut(BaseModel):
    """Everything in the way; nothing while the namespace does not go away."""

    items: list[BlockerOut]
    total: int

"""Bodies and replies in the contract's field names. Strict in, complete out."""

from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from ..directory.rows import NamespaceRow
from ..domain.approval import Approval
from ..domain.drift import DriftItem
from ..domain.environments import POLICIES
from ..domain.errors import FieldIssue, InvalidFieldsError
from ..domain.requests import ProvisioningRequest, RequestFailure, Step
from ..domain.sleep import Asleep
from ..domain.spec import NamespaceSpec, SpecDraft
from ..domain.spec_document import spec_to_document
from ..domain.spec_draft import draft_from_document
from ..domain.templates import spec_from_template

__all__ = [
    "MAX_TEXT",
    "Body",
    "CloneBody",
    "CommentBody",
    "ConfirmBody",
    "DriftOut",
    "NamespaceDetail",
    "NamespaceOut",
    "NamespacePage",
    "RenewBody",
    "RequestBody",
    "RequestOut",
    "RequestPageOut",
    "Text",
]


class Body(BaseModel):
    """What a client sends: unknown fields are refused, not dropped."""

    model_config = ConfigDict(extra="forbid")


MAX_TEXT: Final = 2000
Text = Annotated[str, Field(max_length=MAX_TEXT)]


class RequestBody(Body):
    """POST /requests: a whole spec for `provision` and `adopt`, a merge patch for `change`.

    With a template, `spec` says what differs from what template and parameters give.
    """

    kind: str = "provision"
    namespace: Annotated[str, Field(max_length=63)] | None = None
    template: Annotated[str, Field(max_length=63)] | None = None
    parameters: dict[str, Any] = {}
    spec: dict[str, Any] = {}
    justification: Text = ""
    confirm: Annotated[str, Field(max_length=63)] = ""

    def draft(self) -> SpecDraft:
        """Read what a new namespace shall be.

        Raises:
            InvalidFieldsError: unknown or mistyped fields, or answers a template does not know.
        """
        if self.template is not None:
            return draft_from_document(
                spec_from_template(self.template, self.parameters, self.spec)
            )
        if self.parameters:
            message = "Parameters answer a template: say which."
            raise InvalidFieldsError([FieldIssue("template", message)])
        return draft_from_document(self.spec)

    def patch(self) -> dict[str, Any]:
        """Read what shall differ of an existing namespace.

        Raises:
            InvalidFieldsError: a template is named: it only begins a namespace.
        """
        if self.template is not None or self.parameters:
            message = "A template begins a namespace; it does not change one."
            raise InvalidFieldsError([FieldIssue("template", message)])
        return self.spec


class CommentBody(Body):
    """Approve, reject, cancel, retry."""

    comment: Text = ""


class ConfirmBody(Body):
    """DELETE and release: the typed name where one is asked for."""

    confirm: Annotated[str, Field(max_length=63)] = ""
    justification: Text = ""


class RenewBody(Body):
    """Renew: days from now."""

    days: Annotated[int, Field(ge=1, le=36500)]
    justification: Text = ""


class CloneBody(Body):
    """Clone: the new name, and what shall differ."""

    name: Annotated[str, Field(max_length=63)]
    spec: dict[str, Any] = {}
    justification: Text = ""


class DecisionOut(BaseModel):
    """One approver's word."""

    actor: str
    role: str
    verdict: str
    comment: str
    at: datetime


class NeedOut(BaseModel):
    """A role that must say yes, and how often."""

    role: str
    count: int


class QuestionOut(BaseModel):
    """An approver's question with its answer."""

    actor: str
    text: str
    at: datetime
    answer: str
    answered_at: datetime | None


class ApprovalOut(BaseModel):
    """Who must approve, who did, until when."""

    needed: list[NeedOut]
    decisions: list[DecisionOut]
    questions: list[QuestionOut]
    why: str
    expires_at: datetime

    @classmethod
    def from_approval(cls, approval: Approval | None) -> Self | None:
        """Show an approval."""
        if approval is None:
            return None
        return cls(
            needed=[NeedOut(role=role.value, count=1) for role in approval.needed],
            decisions=[
                DecisionOut(
                    actor=decision.actor,
                    role=decision.role.value,
                    verdict=decision.verdict.value,
                    comment=decision.comment,
                    at=decision.at,
                )
                for decision in approval.decisions
            ],
            questions=[
                QuestionOut(
                    actor=one.actor,
                    text=one.text,
                    at=one.at,
                    answer=one.answer,
                    answered_at=one.answered_at,
                )
                for one in approval.questions
            ],
            why=approval.why,
            expires_at=approval.expires_at,
        )


class FailureOut(BaseModel):
    """Why something failed."""

    code: str
    message: str
    cause: str
    fix: str
    who_can_fix: str
    retryable: bool
    raw: str
    field: str | None
    retry_at: datetime | None
    """When it is tried again by itself."""

    @classmethod
    def from_failure(cls, failure: RequestFailure | None) -> Self | None:
        """Add the catalogue's words."""
        if failure is None:
            return None
        row = failure.catalogued
        return cls(
            code=failure.code,
            message=failure.message,
            cause=row.cause,
            fix=failure.fix,
            who_can_fix=row.who_can_fix,
            retryable=row.retryable,
            raw=failure.raw,
            field=failure.field or None,
            retry_at=failure.retry_at,
        )


class StepOut(BaseModel):
    """One step."""

    name: str
    status: str
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    objects: list[str]
    error: FailureOut | None

    @classmethod
    def from_step(cls, step: Step) -> Self:
        """Show a step."""
        return cls(
            name=step.name.value,
            status=step.status.value,
            attempts=step.attempts,
            started_at=step.started_at,
            finished_at=step.finished_at,
            objects=list(step.objects),
            error=FailureOut.from_failure(step.error),
        )


class RequestOut(BaseModel):
    """A request."""

    request_id: str
    kind: str
    namespace: str
    team: str
    status: str
    phase: str
    requested_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_ms: int | None
    steps: list[StepOut]
    error: FailureOut | None
    correlation_id: str
    justification: str
    approval: ApprovalOut | None
    spec: dict[str, Any]
    previous: dict[str, Any] | None

    @classmethod
    def from_request(cls, request: ProvisioningRequest) -> Self:
        """Show a request."""
        took = request.duration
        return cls(
            request_id=request.request_id,
            kind=request.kind.value,
            namespace=str(request.namespace),
            team=str(request.team),
            status=request.status.value,
            phase=request.phase.value,
            requested_by=request.requested_by,
            created_at=request.created_at,
            started_at=request.started_at,
            finished_at=request.finished_at,
            duration_ms=None if took is None else round(took.total_seconds() * 1000),
            steps=[StepOut.from_step(step) for step in request.steps],
            error=FailureOut.from_failure(request.failure),
            correlation_id=request.correlation_id,
            justification=request.justification,
            approval=ApprovalOut.from_approval(request.approval),
            spec=spec_to_document(request.spec),
            previous=spec_to_document(request.previous) if request.previous else None,
        )


class RequestPageOut(BaseModel):
    """A part of the requests."""

    items: list[RequestOut]
    total: int
    next_cursor: str | None


class QuotaUseOut(BaseModel):
    """One resource."""

    used: str
    hard: str


class HealthReasonOut(BaseModel):
    """One deduction."""

    code: str
    message: str
    points: int


class HealthOut(BaseModel):
    """Score with its reasons."""

    score: int
    reasons: list[HealthReasonOut]


class DriftOut(BaseModel):
    """One difference between what was asked and what is."""

    object: str
    path: str
    desired: Any
    observed: Any
    remedy: str
    note: str

    @classmethod
    def from_item(cls, item: DriftItem) -> Self:
        """Show a difference."""
        return cls(
            object=item.object,
            path=item.path,
            desired=item.desired,
            observed=item.observed,
            remedy=item.remedy.value,
            note=item.note,
        )


class RenewalsOut(BaseModel):
    """How often the end was put off, and how often that takes no lead; null is without limit."""

    used: int
    allowed: int | None


class AsleepOut(BaseModel):
    """Since when a namespace sleeps, until when, and why."""

    since: datetime
    until: datetime | None
    cause: str

    @classmethod
    def of(cls, asleep: Asleep | None) -> Self | None:
        """Show it; None where it is awake."""
        if asleep is None:
            return None
        return cls(since=asleep.since, until=asleep.until, cause=asleep.cause.value)


class NamespaceOut(BaseModel):
    """A managed namespace."""

    name: str
    cluster: str
    team: str
    environment: str
    tier: str
    network: str
    features: list[str] = []
    state: str
    health: HealthOut
    owner: str
    display_name: str
    description: str
    cost_center: str
    uid: str
    request_id: str
    created_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    protected: bool
    restorable_until: datetime | None
    renewals: RenewalsOut
    certified_at: datetime | None
    certify_by: datetime | None
    asleep: AsleepOut | None
    quota: dict[str, QuotaUseOut]
    deployments: int
    active_deployments: int
    drift: list[DriftOut]
    labels: dict[str, str]

    @classmethod
    def from_row(cls, row: NamespaceRow) -> Self:
        """Show a row."""
        return cls(
            name=row.name,
            cluster=row.cluster,
            team=str(row.team),
            environment=row.environment.value,
            tier=row.tier.value,
            network=row.network.value,
            state=row.state.value,
            health=HealthOut(
                score=row.health.score,
                reasons=[
                    HealthReasonOut(code=r.code, message=r.message, points=r.points)
                    for r in row.health.reasons
                ],
            ),
            owner=row.owner,
            display_name=row.display_name,
            description=row.description,
            cost_center=row.cost_center,
            uid=row.uid,
            request_id=row.request_id,
            created_at=row.created_at,
            ready_at=row.ready_at,
            expires_at=row.expires_at,
            protected=row.is_protected,
            restorable_until=row.restorable_until,
            renewals=RenewalsOut(used=row.renewals, allowed=POLICIES[row.environment].renewals),
            certified_at=row.certified_at,
            certify_by=row.certify_by,
            asleep=AsleepOut.of(row.asleep),
            quota={
                resource: QuotaUseOut(used=use.used, hard=use.hard)
                for resource, use in row.quota.items()
            },
            deployments=row.deployments,
            active_deployments=row.active_deployments,
            drift=[DriftOut.from_item(item) for item in row.drift],
            labels=dict(row.labels),
        )


class NamespaceDetail(NamespaceOut):
    """One namespace with what was asked of it."""

    spec: dict[str, Any]

    @classmethod
    def of(cls, row: NamespaceRow, spec: NamespaceSpec) -> Self:
        """Show a row with its spec."""
        shown = NamespaceOut.from_row(row)
        return cls(**dict(shown), spec=spec_to_document(spec))


class NamespacePage(BaseModel):
    """A part of the namespaces."""

    items: list[NamespaceOut]
    total: int
    next_cursor: str | None

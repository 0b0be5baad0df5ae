"""The audit log over REST: list, export, verify."""

from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from ..domain.audit import AuditEvent, AuditFilter, BrokenLink
from ..domain.audit_anchors import MAX_ANCHORS
from ..identity.permissions import Permission
from .access import CurrentActor, CurrentRuntime, needs
from .csv_lines import csv_line
from .pagination import next_cursor, offset_of

__all__ = ["router"]

router = APIRouter(prefix="/audit", tags=["audit"])

Word = Annotated[str, Query(max_length=200)]


class AuditEventOut(BaseModel):
    """One line of the log."""

    seq: int
    time: datetime | None
    actor: str
    team: str
    action: str
    namespace: str
    object: str
    outcome: str
    correlation_id: str
    request_id: str
    source: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    hash: str
    previous_hash: str

    @classmethod
    def of(cls, event: AuditEvent) -> Self:
        """Show an event."""
        return cls(
            seq=event.seq,
            time=event.at,
            actor=event.actor,
            team=event.team,
            action=event.action,
            namespace=event.namespace,
            object=event.object,
            outcome=event.outcome.value,
            correlation_id=event.correlation_id,
            request_id=event.request_id,
            source=event.source,
            before=dict(event.before) if event.before is not None else None,
            after=dict(event.after) if event.after is not None else None,
            hash=event.hash,
            previous_hash=event.previous_hash,
        )


class AuditPageOut(BaseModel):
    """A part of the log, newest first."""

    items: list[AuditEventOut]
    total: int
    next_cursor: str | None


class VerifyIn(BaseModel):
    """What the log must hold besides."""

    anchors: Annotated[
        list[Annotated[str, Field(max_length=100)]],
        Field(max_length=MAX_ANCHORS, description="Lines `audit anchor` of the portal's log."),
    ] = []


class BrokenOut(BaseModel):
    """The first entry that is not as it was written; all texts are empty where it is gone."""

    seq: int
    hash: str
    computed_hash: str
    previous_hash: str
    hash_before: str

    @classmethod
    def of(cls, link: BrokenLink) -> Self:
        """Show it."""
        return cls(
            seq=link.seq,
            hash=link.hash,
            computed_hash=link.computed_hash,
            previous_hash=link.previous_hash,
            hash_before=link.hash_before,
        )


class VerifyOut(BaseModel):
    """What a walk along the chain found."""

    valid: bool
    checked: int
    first_bad_seq: int | None
    first_bad: BrokenOut | None
    """Its hashes, as they stand there and as they should."""


class ExportFormat(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSONL = "jsonl"


def _filter(
    *,
    actor: Word = "",
    action: Word = "",
    team: Word = "",
    namespace: Word = "",
    outcome: Word = "",
    q: Word = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> AuditFilter:
    return AuditFilter(
        actor=actor,
        action=action,
        team=team,
        namespace=namespace,
        outcome=outcome,
        text=q,
        since=since,
        until=until,
    )


Wanted = Annotated[AuditFilter, Depends(_filter)]


@router.get("", summary="Who did what, newest first")
@needs(Permission.AUDIT_READ)
async def audit(
    wanted: Wanted,
    caller: CurrentActor,
    rt: CurrentRuntime,
    *,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str | None = None,
) -> AuditPageOut:
    offset = offset_of(cursor)
    page = await rt.audit_trail.find(wanted, actor=caller, limit=limit, offset=offset)
    return AuditPageOut(
        items=[AuditEventOut.of(event) for event in page.items],
        total=page.total,
        next_cursor=next_cursor(offset, len(page.items), page.total),
    )


@router.get("/export", summary="All that match, as one file, oldest first")
@needs(Permission.AUDIT_READ)
async def export(
    wanted: Wanted,
    caller: CurrentActor,
    rt: CurrentRuntime,
    file_format: Annotated[ExportFormat, Query(alias="format")] = ExportFormat.JSONL,
) -> StreamingResponse:
    events = await rt.audit_trail.export(wanted, actor=caller)
    is_csv = file_format is ExportFormat.CSV
    return StreamingResponse(
        _as_csv(events) if is_csv else _as_lines(events),
        media_type="text/csv" if is_csv else "application/jsonl",
        headers={"Content-Disposition": f'attachment; filename="audit.{file_format.value}"'},
    )


@router.post("/verify", summary="Whether the log is untouched")
@needs(Permission.AUDIT_VERIFY)
async def verify(
    caller: CurrentActor, rt: CurrentRuntime, body: VerifyIn | None = None
) -> VerifyOut:
    anchors = body.anchors if body is not None else []
    found = await rt.audit_trail.verify(actor=caller, anchors=anchors)
    return VerifyOut(
        valid=found.is_valid,
        checked=found.checked,
        first_bad_seq=found.first_bad_seq,
        first_bad=BrokenOut.of(found.broken) if found.broken else None,
    )


async def _as_lines(events: AsyncIterator[AuditEvent]) -> AsyncIterator[str]:
    async for event in events:
        yield AuditEventOut.of(event).model_dump_json() + "\n"


async def _as_csv(events: AsyncIterator[AuditEvent]) -> AsyncIterator[str]:
    yield csv_line(list(AuditEventOut.model_fields))
    async for event in events:
        shown = AuditEventOut.of(event).model_dump(mode="json")
        yield csv_line(list(shown.values()))

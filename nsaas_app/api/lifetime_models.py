"""Bodies and replies of sleep, exports and the inbox."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, Field

from ..domain.exports import Export
from ..domain.sleep import Asleep, SleepingWorkload
from ..lifecycle.inbox import InboxItem
from .models import Body

__all__ = ["ExportOut", "InboxOut", "NoticeOut", "ReadBody", "SleepBody", "SleepOut"]


class SleepBody(Body):
    """Sleep: until when, or until somebody wakes it."""

    until: AwareDatetime | None = None


class WorkloadOut(BaseModel):
    """A workload of a namespace that sleeps."""

    kind: str
    name: str
    replicas: int
    skipped: str

    @classmethod
    def of(cls, one: SleepingWorkload) -> Self:
        """Show one."""
        return cls(kind=one.kind, name=one.name, replicas=one.replicas, skipped=one.skipped)


class SleepOut(BaseModel):
    """How a namespace sleeps: what it goes back to, and what runs on with the reason."""

    asleep: bool
    since: datetime | None = None
    until: datetime | None = None
    cause: str = ""
    workloads: list[WorkloadOut] = []
    skipped: list[WorkloadOut] = []

    @classmethod
    def of(cls, asleep: Asleep | None, workloads: tuple[SleepingWorkload, ...]) -> Self:
        """Show it."""
        return cls(
            asleep=asleep is not None,
            since=asleep.since if asleep else None,
            until=asleep.until if asleep else None,
            cause=asleep.cause.value if asleep else "",
            workloads=[WorkloadOut.of(one) for one in workloads if not one.skipped],
            skipped=[WorkloadOut.of(one) for one in workloads if one.skipped],
        )


class ExportOut(BaseModel):
    """A kept archive of a namespace's manifests."""

    export_id: str
    namespace: str
    team: str
    reason: str
    requested_by: str
    created_at: datetime
    kept_until: datetime
    objects: int
    left_out: list[str]
    size: int
    sha256: str

    @classmethod
    def of(cls, export: Export, *, kept_until: datetime) -> Self:
        """Show one."""
        return cls(
            export_id=export.export_id,
            namespace=export.namespace,
            team=str(export.team),
            reason=export.reason,
            requested_by=export.requested_by,
            created_at=export.created_at,
            kept_until=kept_until,
            objects=export.objects,
            left_out=list(export.left_out),
            size=export.size,
            sha256=export.sha256,
        )


class NoticeOut(BaseModel):
    """A notice in one's inbox."""

    notice_id: str
    kind: str
    namespace: str
    team: str
    title: str
    text: str
    created_at: datetime
    read: bool

    @classmethod
    def of(cls, item: InboxItem) -> Self:
        """Show one."""
        notice = item.notice
        return cls(
            notice_id=notice.notice_id,
            kind=notice.kind.value,
            namespace=notice.namespace,
            team=str(notice.team),
            title=notice.title,
            text=notice.text,
            created_at=notice.created_at,
            read=item.is_read,
        )


class InboxOut(BaseModel):
    """One's inbox, the newest first."""

    items: list[NoticeOut]
    total: int
    unread: int


class ReadBody(Body):
    """Which notices were read."""

    ids: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=500)]

"""What numbers need of requests that lists have forgotten: few columns and no steps."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.ended_requests import COUNTED_KINDS, COUNTED_PHASES, EndedRequest
from ..domain.names import TeamName
from ..domain.requests import Phase, RequestKind, time_taken
from .request_parts import approval_of
from .tables import RequestRow

__all__ = ["ended_requests"]

_REQUEST = RequestRow.__table__  # type: ignore[attr-defined]

_ENDED = select(
    _REQUEST.c.request_id,
    _REQUEST.c.kind,
    _REQUEST.c.team,
    _REQUEST.c.phase,
    _REQUEST.c.created_at,
    _REQUEST.c.finished_at,
    _REQUEST.c.approval,
    _REQUEST.c.queued_at,
).where(
    _REQUEST.c.created_at >= bindparam("of_since"),
    _REQUEST.c.created_at < bindparam("of_until"),
    _REQUEST.c.kind.in_([kind.value for kind in COUNTED_KINDS]),
    _REQUEST.c.phase.in_([phase.value for phase in COUNTED_PHASES]),
)


async def ended_requests(
    connection: AsyncConnection, *, since: datetime, until: datetime
) -> list[EndedRequest]:
    """Requests of the counted kinds and ends that were handed in within a time, in no order."""
    values = {"of_since": since, "of_until": until}
    rows = (await connection.execute(_ENDED, values)).all()
    return [
        EndedRequest(
            request_id=row.request_id,
            kind=RequestKind(row.kind),
            team=TeamName(row.team),
            phase=Phase(row.phase),
            created_at=row.created_at,
            duration=time_taken(
                row.created_at, row.finished_at, approval_of(row.approval), row.queued_at
            ),
        )
        for row in rows
    ]

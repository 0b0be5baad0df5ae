"""Requests and their steps: stored, read back as domain objects."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.names import NamespaceName, TeamName
from ..domain.requests import (
    Phase,
    ProvisioningRequest,
    RequestKind,
    Step,
    StepName,
    StepStatus,
)
from ..domain.sleep import Asleep
from ..domain.spec_document import spec_from_document, spec_to_document
from .database import database_now_ms
from .request_parts import approval_of, approval_to_document, failure_of, failure_to_document
from .tables import RequestRow, StepRow

__all__ = ["Idempotent", "RequestStore", "failure_to_document"]

_REQUEST = RequestRow.__table__  # type: ignore[attr-defined]
_STEP = StepRow.__table__  # type: ignore[attr-defined]


_WRITE_STEP = (
    update(_STEP)
    .where(_STEP.c.request_id == bindparam("of_request"), _STEP.c.name == bindparam("of_name"))
    .values(
        status=bindparam("status"),
        attempts=bindparam("attempts"),
        started_at=bindparam("started_at"),
        finished_at=bindparam("finished_at"),
        objects=bindparam("objects"),
        error=bindparam("error"),
    )
)
"""One statement for every step of a transition."""

# Built once: building a statement takes ten times as long as running it.
_ADD = insert(_REQUEST).values(revision=database_now_ms())
_ADD_STEP = insert(_STEP)
_MOVE = (
    update(_REQUEST)
    .where(_REQUEST.c.request_id == bindparam("of_request"))
    .values(revision=database_now_ms())
)
_BY_KEY = select(_REQUEST.c.request_id, _REQUEST.c.body_hash).where(
    _REQUEST.c.requested_by == bindparam("of_actor"),
    _REQUEST.c.idempotency_key == bindparam("of_key"),
)
_OPEN_FOR = (
    select(_REQUEST.c.request_id)
    .where(
        _REQUEST.c.cluster == bindparam("of_cluster"),
        _REQUEST.c.namespace == bindparam("of_namespace"),
        _REQUEST.c.finished_at.is_(None),
    )
    .limit(1)
)


class _Those:
    """The two statements that read requests which meet a condition, and their steps."""

    def __init__(self, where: ColumnElement[bool]) -> None:
        order = (_REQUEST.c.created_at, _REQUEST.c.request_id)
        self.requests = select(_REQUEST).where(where).order_by(*order)
        # A subquery, not a list of ids: both databases bound the number of parameters.
        wanted = select(_REQUEST.c.request_id).where(where)
        self.steps = select(_STEP).where(_STEP.c.request_id.in_(wanted)).order_by(_STEP.c.position)


_ONE = _Those(_REQUEST.c.request_id == bindparam("of_request"))
_CHANGED = _Those(_REQUEST.c.revision >= bindparam("of_revision"))
_SINCE = _Those(
    (_REQUEST.c.created_at >= bindparam("of_instant")) | (_REQUEST.c.finished_at.is_(None))
)


def _step(row: RowMapping) -> Step:
    return Step(
        name=StepName(row["name"]),
        status=StepStatus(row["status"]),
        attempts=row["attempts"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        objects=tuple(row["objects"]),
        error=failure_of(row["error"]),
    )


def _request(row: RowMapping, steps: Iterable[Step]) -> ProvisioningRequest:
    return ProvisioningRequest(
        request_id=row["request_id"],
        kind=RequestKind(row["kind"]),
        namespace=NamespaceName(row["namespace"]),
        team=TeamName(row["team"]),
        phase=Phase(row["phase"]),
        spec=spec_from_document(row["spec"]),
        requested_by=row["requested_by"],
        correlation_id=row["correlation_id"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        steps=tuple(steps),
        failure=failure_of(row["failure"]),
        justification=row["justification"],
        previous=spec_from_document(row["previous"]) if row["previous"] else None,
        approval=approval_of(row["approval"]),
        sleep=Asleep.from_document(row["sleep"]) if row["sleep"] else None,
        queued_at=row["queued_at"],
    )


def _step_values(step: Step) -> dict[str, Any]:
    return {
        "status": step.status.value,
        "attempts": step.attempts,
        "started_at": step.started_at,
        "finished_at": step.finished_at,
        "objects": list(step.objects),
        "error": failure_to_document(step.error),
    }


class Idempotent:
    """What an idempotency key stood for the first time."""

    def __init__(self, *, request_id: str, body_hash: str) -> None:
        self.request_id = request_id
        self.body_hash = body_hash


class RequestStore:
    """Reads and writes requests within the caller's transaction."""

    async def add(
        self,
        connection: AsyncConnection,
        request: ProvisioningRequest,
        *,
        idempotency_key: str,
        body_hash: str,
        source: str,
    ) -> None:
        """Store a new request with its steps."""
        await connection.execute(
            _ADD,
            {
                "request_id": request.request_id,
                "kind": request.kind.value,
                "cluster": request.spec.cluster,
                "namespace": str(request.namespace),
                "team": str(request.team),
                "phase": request.phase.value,
                "spec": spec_to_document(request.spec),
                "previous": spec_to_document(request.previous) if request.previous else None,
                "approval": approval_to_document(request.approval),
                "requested_by": request.requested_by,
                "idempotency_key": idempotency_key,
                "body_hash": body_hash,
                "correlation_id": request.correlation_id,
                "source": source,
                "justification": request.justification,
                "sleep": request.sleep.to_document() if request.sleep else None,
                "created_at": request.created_at,
                "queued_at": request.queued_at,
                "started_at": request.started_at,
                "finished_at": request.finished_at,
                "failure": failure_to_document(request.failure),
            },
        )
        await connection.execute(
            _ADD_STEP,
            [
                {
                    "request_id": request.request_id,
                    "name": step.name.value,
                    "position": position,
                    **_step_values(step),
                }
                for position, step in enumerate(request.steps)
            ],
        )

    async def by_idempotency_key(
        self, connection: AsyncConnection, *, requested_by: str, key: str
    ) -> Idempotent | None:
        """The request this actor made under the key before, if any."""
        values = {"of_actor": requested_by, "of_key": key}
        row = (await connection.execute(_BY_KEY, values)).first()
        return None if row is None else Idempotent(request_id=row[0], body_hash=row[1])

    async def get(self, connection: AsyncConnection, request_id: str) -> ProvisioningRequest | None:
        """One request with its steps."""
        found = await self._load(connection, _ONE, of_request=request_id)
        return found[0] if found else None

    async def since(
        self, connection: AsyncConnection, created_after: datetime
    ) -> list[ProvisioningRequest]:
        """Every request of the window and every one that has not ended, oldest first."""
        return await self._load(connection, _SINCE, of_instant=created_after)

    async def newest_revision(self, connection: AsyncConnection) -> int:
        """The revision of the request that changed last; 0 without any."""
        newest = select(func.max(_REQUEST.c.revision))
        return (await connection.execute(newest)).scalar_one_or_none() or 0

    async def changed_since(
        self, connection: AsyncConnection, revision: int
    ) -> list[ProvisioningRequest]:
        """Requests changed at or after a revision."""
        return await self._load(connection, _CHANGED, of_revision=revision)

    async def move(
        self,
        connection: AsyncConnection,
        request_id: str,
        phase: Phase,
        **values: Any,
    ) -> None:
        """Set the phase and perhaps queued_at, started_at, finished_at, failure or approval."""
        if "approval" in values:
            values["approval"] = approval_to_document(values["approval"])
        if "failure" in values:
            values["failure"] = failure_to_document(values["failure"])
        values |= {"of_request": request_id, "phase": phase.value}
        await connection.execute(_MOVE, values)

    async def lock(
        self, connection: AsyncConnection, request_id: str
    ) -> ProvisioningRequest | None:
        """One request, which nobody else changes until the transaction ends."""
        if connection.dialect.name == "postgresql":
            await connection.execute(
                select(_REQUEST.c.request_id)
                .where(_REQUEST.c.request_id == request_id)
                .with_for_update()
            )
        return await self.get(connection, request_id)

    async def open_for(
        self, connection: AsyncConnection, *, cluster: str, namespace: str
    ) -> str | None:
        """Id of a request for the namespace that has not ended, if there is one."""
        values = {"of_cluster": cluster, "of_namespace": namespace}
        return (await connection.execute(_OPEN_FOR, values)).scalar_one_or_none()

    async def last_done(
        self, connection: AsyncConnection, *, cluster: str, namespace: str
    ) -> RequestKind | None:
        """Kind of the newest request for the namespace that did what it was asked for."""
        query = (
            select(_REQUEST.c.kind)
            .where(
                _REQUEST.c.cluster == cluster,
                _REQUEST.c.namespace == namespace,
                _REQUEST.c.phase == Phase.DONE.value,
            )
            .order_by(_REQUEST.c.finished_at.desc())
        )
        found = (await connection.execute(query.limit(1))).scalar_one_or_none()
        return RequestKind(found) if found else None

    async def write_steps(
        self, connection: AsyncConnection, request_id: str, steps: Iterable[Step]
    ) -> None:
        """Store steps as they stand now."""
        rows = [
            {
                "of_request": request_id,
                "of_name": step.name.value,
                "status": step.status.value,
                "attempts": step.attempts,
                "started_at": step.started_at,
                "finished_at": step.finished_at,
                "objects": list(step.objects),
                "error": failure_to_document(step.error),
            }
            for step in steps
        ]
        if rows:
            await connection.execute(_WRITE_STEP, rows)

    async def _load(
        self, connection: AsyncConnection, those: _Those, **values: Any
    ) -> list[ProvisioningRequest]:
        rows = (await connection.execute(those.requests, values)).mappings().all()
        steps: dict[str, list[Step]] = {}
        for row in (await connection.execute(those.steps, values)).mappings():
            steps.setdefault(row["request_id"], []).append(_step(row))
        return [_request(row, steps.get(row["request_id"], ())) for row in rows]

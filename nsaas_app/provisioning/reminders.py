"""Reminding approvers: a request that waits for them says so again, each time once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from .. import metrics
from ..directory.requests import RequestBoard
from ..domain.audit import Outcome
from ..domain.requests import Phase, ProvisioningRequest
from ..store.database import StoreConnection
from .request_events import request_event
from .stores import Stores

__all__ = ["Reminders"]


class Reminders:
    """Tells of approvals that nobody has given yet: in the audit log, the feed and the metrics.

    What was told is stored with the request, so neither a restart nor a second process tells it
    again; reminders that fell due while nothing ran are told as one.
    """

    def __init__(
        self,
        *,
        stores: Stores,
        board: RequestBoard,
        clock: Callable[[], datetime],
        moments: Sequence[timedelta],
    ) -> None:
        self._stores = stores
        self._board = board
        self._clock = clock
        self._moments = tuple(moments)
        """Since the request was made; negative ones before the approval expires."""

    async def remind(self) -> None:
        """Tell whatever has fallen due."""
        now = self._clock()
        for request in self._board.awaiting_approval():
            if self._due(request, now) is None:
                continue
            async with self._stores.database.transaction() as connection:
                current = await self._stores.requests.lock(connection, request.request_id)
                # Another process may have told it, or an approver may just have spoken.
                due = self._due(current, now) if current is not None else None
                if current is None or due is None:
                    continue
                told = await self._tell(connection, current, due=due, now=now)
            metrics.APPROVAL_REMINDERS.inc()
            self._board.put(told)

    def _due(self, request: ProvisioningRequest, now: datetime) -> datetime | None:
        """When the newest reminder fell due that was not told; None when there is none."""
        approval = request.approval
        if request.phase is not Phase.AWAITING_APPROVAL or approval is None:
            return None
        told = approval.reminded_at or request.created_at
        moments = [
            (request.created_at if moment > timedelta() else approval.expires_at) + moment
            for moment in self._moments
        ]
        return max((at for at in moments if told < at <= now < approval.expires_at), default=None)

    async def _tell(
        self,
        connection: StoreConnection,
        request: ProvisioningRequest,
        *,
        due: datetime,
        now: datetime,
    ) -> ProvisioningRequest:
        approval = request.approval
        assert approval is not None  # noqa: S101 - `_due` has looked
        approval = replace(approval, reminded_at=due)
        await self._stores.requests.move(
            connection, request.request_id, request.phase, approval=approval
        )
        event = request_event(
            request,
            actor="system",
            action="approval.remind",
            outcome=Outcome.COMPLETED,
            source="worker",
            after={
                "waits_for": [role.value for role in approval.outstanding],
                "since": request.created_at.isoformat(),
                "expires_at": approval.expires_at.isoformat(),
            },
        )
        await self._stores.audit.append(connection, event, at=now)
        return replace(request, approval=approval)

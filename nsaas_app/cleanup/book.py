"""The book of plans: read them, and store a change with its audit event in one transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..directory.hub import CLEANUP, Hub
from ..domain.audit import AuditEvent, Outcome
from ..domain.cleanup_plans import Action, Line, Plan
from ..domain.errors import Fault, NotFoundError, PortalError
from ..provisioning.intake import Submission
from ..provisioning.stores import Stores
from ..store.cleanup import CleanupStore

__all__ = ["PlanBook", "PlanStateError", "find_action"]


class PlanStateError(PortalError):
    """The plan does not stand where this could be done."""

    code = "POLICY_DENY"
    fault = Fault.CONFLICT


class PlanBook:
    """Plans as they are stored. Asks nobody's permission."""

    def __init__(
        self,
        *,
        stores: Stores,
        cleanup: CleanupStore,
        hub: Hub,
        cluster_name: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._cleanup = cleanup
        self._hub = hub
        self.cluster = cluster_name
        self.clock = clock

    async def find(self, plan_id: str) -> Plan | None:
        """One plan; None where there is none."""
        async with self._stores.database.reading() as connection:
            return await self._cleanup.plan(connection, plan_id)

    async def require(self, plan_id: str) -> Plan:
        """One plan.

        Raises:
            NotFoundError: there is none.
        """
        if (plan := await self.find(plan_id)) is None:
            raise NotFoundError("cleanup plan", plan_id[:63])
        return plan

    async def latest(self, *, limit: int) -> list[Plan]:
        """The latest plans, newest first."""
        async with self._stores.database.reading() as connection:
            return await self._cleanup.plans(connection, cluster=self.cluster, limit=limit)

    async def busy(self) -> dict[str, str]:
        """Namespaces that a plan is at: by uid, which one."""
        async with self._stores.database.reading() as connection:
            running = await self._cleanup.open_plans(connection, cluster=self.cluster)
        return {line.uid: plan.plan_id for plan in running for line in plan.lines if line.is_open}

    async def add(self, plan: Plan, submission: Submission, action: str, **after: Any) -> None:
        """Store a new plan."""
        async with self._stores.database.transaction() as connection:
            await self._cleanup.add_plan(connection, plan)
            event = _event(plan, submission, action, **after)
            await self._stores.audit.append(connection, event, at=plan.created_at)
        self._hub.publish(CLEANUP)

    async def change(
        self, plan: Plan, submission: Submission, action: str, *, about: Line | None = None,
        **after: Any,
    ) -> None:  # fmt: skip
        """Store a plan as it is now.

        Raises:
            PlanStateError: somebody changed it since it was read.
        """
        async with self._stores.database.transaction() as connection:
            if not await self._cleanup.change_plan(connection, plan):
                raise PlanStateError(f"Plan {plan.plan_id} moved at this moment: look again.")
            event = _event(plan, submission, action, about=about, **after)
            await self._stores.audit.append(connection, event, at=self.clock())
        self._hub.publish(CLEANUP)


def find_action(plan: Plan, action_id: str) -> tuple[Line, Action]:
    """A stage with its line.

    Raises:
        NotFoundError: the plan has none of that id.
    """
    for line in plan.lines:
        for action in line.actions:
            if action.action_id == action_id:
                return line, action
    raise NotFoundError("cleanup action", action_id[:80])


def _event(
    plan: Plan, submission: Submission, action: str, *, about: Line | None = None, **after: Any
) -> AuditEvent:
    return AuditEvent(
        actor=submission.actor.subject,
        action=action,
        object=f"cleanup-plan/{plan.plan_id}",
        outcome=Outcome.ALLOWED,
        team=about.team if about else "",
        namespace=about.namespace if about else "",
        correlation_id=submission.correlation_id,
        source=submission.audit_source,
        after={"stage": plan.stage.value, **after},
    )

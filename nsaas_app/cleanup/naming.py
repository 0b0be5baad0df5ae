"""In whose name a stage of a plan is asked for, and which record it is about."""

from ..domain.actors import Actor, AuthMethod
from ..domain.cleanup_plans import Action, Line, Plan
from ..domain.namespaces import Intent, ManagedNamespace
from ..provisioning.intake import Submission
from ..provisioning.stores import Stores

__all__ = ["record_of", "submission_of"]


def submission_of(plan: Plan, action: Action) -> Submission:
    """In the name of who confirmed the plan: their own approval of it would not count."""
    actor = Actor(subject=plan.confirmed_by, is_admin=True, auth=AuthMethod.SYSTEM)
    return Submission(
        actor=actor,
        idempotency_key=action.key,
        correlation_id=plan.correlation_id,
        source="cleanup",
        justification=f"Cleanup plan {plan.plan_id}, confirmed as: {plan.confirm}",
    )


async def record_of(stores: Stores, plan: Plan, line: Line) -> ManagedNamespace | None:
    """The record, where it means the very namespace that the line is about."""
    async with stores.database.reading() as connection:
        record = await stores.namespaces.get(connection, cluster=plan.cluster, name=line.namespace)
    is_ours = record is not None and record.uid in ("", line.uid)
    return record if is_ours and record and record.intent is not Intent.DELETED else None

"""The use cases of rules: see them, change them, and carry out those that are due.

A rule tells people and does nothing else; whatever goes further is a plan that a person confirms.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog

from ..directory.directory import Directory
from ..directory.hub import CLEANUP
from ..directory.query import Liveness
from ..domain.actors import Actor
from ..domain.audit import AuditEvent, Outcome
from ..domain.cleanup import Candidate, Reason, Stage
from ..domain.cleanup_plans import Plan, PlanState, line_of, started
from ..domain.cleanup_schedule import EVERY_DAYS, TOLD_OF, CleanupRule
from ..domain.errors import FieldIssue, InvalidFieldsError, PortalError
from ..identity.permissions import Permission, ensure_may_anywhere
from ..provisioning.intake import Submission
from ..provisioning.stores import Stores
from ..store.cleanup import CleanupStore
from ..store.cleanup_rules import CleanupRuleStore
from .candidates import Candidates

__all__ = ["CleanupRules"]

log = structlog.get_logger()

LOOK_EVERY_S: Final = 15.0
MOST_AT_ONCE: Final = 500
"""Of more there are several plans."""


class CleanupRules:
    """Rules of platform admins, one for each reason that people can be told of."""

    def __init__(
        self,
        *,
        candidates: Candidates,
        stores: Stores,
        cleanup: CleanupStore,
        rules: CleanupRuleStore,
        directory: Directory,
        cluster_name: str,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
    ) -> None:
        self._candidates = candidates
        self._stores = stores
        self._cleanup = cleanup
        self._rules = rules
        self._directory = directory
        self._cluster = cluster_name
        self._clock = clock
        self._wake = wake

    async def all(self, *, actor: Actor) -> list[CleanupRule]:
        """Every rule, also those that nobody ever turned on.

        Raises:
            ForbiddenError: cleanup is no matter of the actor's.
        """
        ensure_may_anywhere(actor, Permission.CLEANUP_READ)
        known = await self._known()
        return [known.get(reason, CleanupRule(reason)) for reason in TOLD_OF]

    async def change(
        self, reason: Reason, *, is_on: bool, every_days: int, submission: Submission
    ) -> CleanupRule:
        """Turn a rule on or off, or have it run at another pace.

        Raises:
            ForbiddenError: platform admins do.
            InvalidFieldsError: nobody is told of that reason, or the pace is none.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)
        _ensure_sensible(reason, every_days)
        now = self._clock()
        before = (await self._known()).get(reason, CleanupRule(reason))
        if (before.is_on, before.every_days) == (is_on, every_days):
            return before
        rule = replace(
            before,
            is_on=is_on,
            every_days=every_days,
            changed_by=submission.actor.subject,
            changed_at=now,
        )
        event = AuditEvent(
            actor=submission.actor.subject,
            action="cleanup.rule",
            object=f"cleanup-rule/{reason}",
            outcome=Outcome.COMPLETED,
            correlation_id=submission.correlation_id,
            source=submission.audit_source,
            before={"is_on": before.is_on, "every_days": before.every_days},
            after={"is_on": is_on, "every_days": every_days},
        )
        async with self._stores.database.transaction() as connection:
            await self._rules.put(connection, rule, cluster=self._cluster)
            await self._stores.audit.append(connection, event, at=now)
        self._directory.hub.publish(CLEANUP)
        return rule

    async def run(self) -> None:
        """Carry out what is due until cancelled. What fails is tried again at the next look."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.run_due()
            except PortalError as error:
                log.info("rules put off", error=error.message)
            except Exception:  # It must not end for all until the next restart.
                log.exception("rules put off")

    async def run_due(self) -> list[Plan]:
        """Make plans for each rule that is due, and begin them; give the plans.

        Raises:
            UnavailableError: the picture of the cluster is not whole.
        """
        now = self._clock()
        due = [rule for rule in (await self._known()).values() if rule.is_due(now)]
        if not due or self._directory.freshness().liveness is Liveness.STALE:
            return []
        made = [plan for rule in due for plan in await self._run(rule, now)]
        if made:
            self._directory.hub.publish(CLEANUP)
            self._wake()
        return made

    async def _run(self, rule: CleanupRule, now: datetime) -> list[Plan]:
        """One transaction: that it ran, and the plans. Nobody is told twice or not at all."""
        busy = await self._busy()
        found = [
            one
            for one in await self._candidates.recent()
            if rule.reason in one.grounds and one.uid not in busy
        ]
        plans = _plans(rule, found, cluster=self._cluster, now=now)
        async with self._stores.database.transaction() as connection:
            if not await self._rules.take(connection, rule, cluster=self._cluster, now=now):
                return []
            for plan in plans:
                await self._cleanup.add_plan(connection, plan)
                event = _begun(rule, plan)
                await self._stores.audit.append(connection, event, at=now)
        return plans

    async def _known(self) -> dict[Reason, CleanupRule]:
        async with self._stores.database.reading() as connection:
            return await self._rules.all(connection, cluster=self._cluster)

    async def _busy(self) -> set[str]:
        async with self._stores.database.reading() as connection:
            running = await self._cleanup.open_plans(connection, cluster=self._cluster)
        return {line.uid for plan in running for line in plan.lines if line.is_open}


def _ensure_sensible(reason: Reason, every_days: int) -> None:
    issues = []
    if reason not in TOLD_OF:
        issues.append(FieldIssue("reason", f"Nobody is told of what is {reason}."))
    if every_days not in EVERY_DAYS:
        days = f"{EVERY_DAYS.start} to {EVERY_DAYS.stop - 1} days."
        issues.append(FieldIssue("every_days", days))
    if issues:
        raise InvalidFieldsError(issues)


def _begun(rule: CleanupRule, plan: Plan) -> AuditEvent:
    return AuditEvent(
        actor="system",
        action="cleanup.execute",
        object=f"cleanup-plan/{plan.plan_id}",
        outcome=Outcome.ALLOWED,
        correlation_id=plan.correlation_id,
        source="cleanup",
        after={"stage": plan.stage.value, "rule": rule.reason.value,
               "namespaces": [line.namespace for line in plan.lines]},
    )  # fmt: skip


def _plans(rule: CleanupRule, found: list[Candidate], *, cluster: str, now: datetime) -> list[Plan]:
    """Plans that tell people of what the rule is about; everybody is in one of them."""
    parts = (found[at : at + MOST_AT_ONCE] for at in range(0, len(found), MOST_AT_ONCE))
    return [
        _plan(rule, part, part_no=number, cluster=cluster, now=now)
        for number, part in enumerate(parts)
    ]


def _plan(
    rule: CleanupRule, found: list[Candidate], *, part_no: int, cluster: str, now: datetime
) -> Plan:
    """A plan that tells people of what the rule is about, and ends with that."""
    words = f"{cluster}\n{rule.reason}\n{now.isoformat()}\n{part_no}"
    plan_id = f"plan-{hashlib.sha256(words.encode()).hexdigest()[:16]}"
    lines = [
        line_of(one.namespace, one, plan_id=plan_id, position=position, target=Stage.NOTIFY)
        for position, one in enumerate(found)
    ]
    who = f"rule {rule.reason}"
    return Plan(
        plan_id=plan_id,
        cluster=cluster,
        stage=Stage.NOTIFY,
        state=PlanState.RUNNING,
        created_by=who,
        created_at=now,
        correlation_id=plan_id,
        lines=tuple(started(line, now, {}) for line in lines),
        confirmed_by=who,
        confirmed_at=now,
    )

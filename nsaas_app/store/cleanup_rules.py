"""Rules of cleanup: which reasons people are told of by themselves."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.cleanup import Reason
from ..domain.cleanup_schedule import CleanupRule
from .tables import CleanupRuleRow

__all__ = ["CleanupRuleStore"]

_RULE = CleanupRuleRow.__table__  # type: ignore[attr-defined]


class CleanupRuleStore:
    """Reads and writes within the caller's transaction."""

    async def all(self, connection: AsyncConnection, *, cluster: str) -> dict[Reason, CleanupRule]:
        """What was decided, by reason."""
        rows = await connection.execute(select(_RULE).where(_RULE.c.cluster == cluster))
        return {
            Reason(row["reason"]): CleanupRule(
                reason=Reason(row["reason"]),
                is_on=row["is_on"],
                every_days=row["every_days"],
                changed_by=row["changed_by"],
                changed_at=row["changed_at"],
                last_run_at=row["last_run_at"],
            )
            for row in rows.mappings()
        }

    async def put(self, connection: AsyncConnection, rule: CleanupRule, *, cluster: str) -> None:
        """Store a rule in place of what was decided before."""
        await connection.execute(
            delete(_RULE).where(_RULE.c.cluster == cluster, _RULE.c.reason == rule.reason.value)
        )
        await connection.execute(
            insert(_RULE).values(
                cluster=cluster,
                reason=rule.reason.value,
                is_on=rule.is_on,
                every_days=rule.every_days,
                changed_by=rule.changed_by,
                changed_at=rule.changed_at,
                last_run_at=rule.last_run_at,
            )
        )

    async def take(
        self, connection: AsyncConnection, rule: CleanupRule, *, cluster: str, now: datetime
    ) -> bool:
        """Say that it runs now; False when another process did, or it was changed meanwhile."""
        taken = await connection.execute(
            update(_RULE)
            .where(
                _RULE.c.cluster == cluster,
                _RULE.c.reason == rule.reason.value,
                _RULE.c.is_on.is_(True),
                _RULE.c.last_run_at.is_(None)
                if rule.last_run_at is None
                else _RULE.c.last_run_at == rule.last_run_at,
            )
            .values(last_run_at=now)
        )
        return taken.rowcount == 1

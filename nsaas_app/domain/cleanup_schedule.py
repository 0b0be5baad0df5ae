"""Rules: plans that the portal makes by itself, now and then, to tell people and nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from .cleanup import Reason, Stage
from .cleanup_plans import PATHS

__all__ = ["EVERY_DAYS", "TOLD_OF", "CleanupRule"]

TOLD_OF: Final = tuple(reason for reason in Reason if Stage.NOTIFY in PATHS[reason])
"""Reasons of which there is somebody to tell."""
EVERY_DAYS: Final = range(1, 91)
"""How often a rule may run."""


@dataclass(frozen=True, slots=True)
class CleanupRule:
    """Whether, and how often, people are told of one reason. It never goes further than that."""

    reason: Reason
    is_on: bool = False
    every_days: int = 7
    changed_by: str = ""
    changed_at: datetime | None = None
    last_run_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it runs now."""
        last = self.last_run_at
        return self.is_on and (last is None or now - last >= timedelta(days=self.every_days))

"""The review of a team's access: a lead looks now and then at who gets in. Pure."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

__all__ = ["REVIEW_EVERY", "AccessReview", "groups_version"]

REVIEW_EVERY: Final = timedelta(days=90)
"""So long one look at it holds."""


@dataclass(frozen=True, slots=True)
class AccessReview:
    """When somebody last confirmed who belongs to a team, and when it is due again."""

    reviewed_at: datetime | None
    """None: nobody did so far."""
    reviewed_by: str
    known_since: datetime | None
    """When the team came into being; None where the log does not tell."""

    @property
    def due_at(self) -> datetime | None:
        """Until when a lead should look again; None: at once."""
        last = self.reviewed_at or self.known_since
        return last + REVIEW_EVERY if last is not None else None

    def is_due(self, now: datetime) -> bool:
        """Whether the time is over."""
        return self.due_at is None or self.due_at <= now


def groups_version(groups: Iterable[tuple[str, str]]) -> str:
    """Name these very groups, each with its role: who confirms others is told so."""
    text = json.dumps(sorted(groups), separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]

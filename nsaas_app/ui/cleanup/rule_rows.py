"""Rules as they are shown. Pure."""

from dataclasses import dataclass
from typing import Self

from ...domain.cleanup_schedule import CleanupRule
from ..figures import iso
from .transform import REASON_WORDS

__all__ = ["RuleLine"]


@dataclass(frozen=True)
class RuleLine:
    """One rule."""

    reason: str
    title: str
    pace: str
    is_on: bool
    last_run_at: str

    @classmethod
    def of(cls, rule: CleanupRule) -> Self:
        """Show a rule."""
        title = REASON_WORDS[rule.reason]
        pace = f"Owners and leads are told every {rule.every_days} days"
        who = f", says {rule.changed_by}." if rule.changed_by else "."
        return cls(
            reason=rule.reason.value,
            title=title,
            pace=f"{pace if rule.is_on else 'It tells nobody'}{who}",
            is_on=rule.is_on,
            last_run_at=iso(rule.last_run_at),
        )

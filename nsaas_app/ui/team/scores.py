"""The scorecard and the review of access as the page shows them. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from ...domain.access_review import AccessReview
from ...insights.scorecard import Rule, Scorecard
from ..figures import count, iso

__all__ = ["ReviewView", "RuleLine", "score_vars"]

_WORDS = {True: ("kept", "ok"), False: ("broken", "warn"), None: ("unknown", "none")}


@dataclass(frozen=True)
class RuleLine:
    """One rule of the scorecard."""

    key: str
    title: str
    points: str
    state: str
    """kept, broken or unknown."""
    tone: str
    result: str
    improve: str
    href: str

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """Describe a rule."""
        state, tone = _WORDS[rule.is_kept]
        return cls(
            key=rule.key,
            title=rule.title,
            points=f"{rule.points} points",
            state=state,
            tone=tone,
            result=rule.result,
            improve=rule.improve,
            href=rule.href,
        )


@dataclass(frozen=True)
class ReviewView:
    """When the access was reviewed and is due again."""

    reviewed_at: str = ""
    by: str = ""
    due_at: str = ""
    is_due: bool = False
    version: str = ""
    """Of the groups that show beside it: those are confirmed, and no others."""

    @classmethod
    def of(cls, review: AccessReview, *, now: datetime, version: str) -> Self:
        """Describe it."""
        at, due_at = iso(review.reviewed_at), iso(review.due_at)
        return cls(at, review.reviewed_by, due_at, review.is_due(now), version)


def score_vars(found: Scorecard) -> dict[str, object]:
    """Compute what stands in the section and in the head of the page."""
    judged = [rule for rule in found.rules if rule.is_kept is not None]
    kept = sum(bool(rule.is_kept) for rule in judged)
    unknown = len(found.rules) - len(judged)
    more = f", {count(unknown)} cannot be judged yet" if unknown else ""
    return {
        "score": "" if found.score is None else str(found.score),
        "rules": [RuleLine.of(rule) for rule in found.rules],
        "rules_counted": f"{count(kept)} of {count(len(judged))} rules kept{more}",
    }

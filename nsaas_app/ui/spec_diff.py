"""Two specs side by side: which facts differ, and what an environment gives by default."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from ..domain.environments import POLICIES
from ..domain.network import DEFAULT_EGRESS, NetworkSpec
from ..domain.sleep import SleepSchedule
from ..domain.spec import NamespaceSpec
from ..domain.teams import Team
from .figures import NOTHING
from .spec_views import Fact, facts_of, numbers_text

__all__ = ["Difference", "default_spec", "differences", "unchanged_note"]

_SAME_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Difference:
    """One fact that differs. An instant is set where a side is a time."""

    key: str
    term: str
    before: str
    before_instant: str
    after: str
    after_instant: str


def differences(before: NamespaceSpec, after: NamespaceSpec) -> list[Difference]:
    """Compare two specs fact by fact, in the order people ask."""
    was = {fact.key: fact for fact in facts_of(before)}
    then = {fact.key: fact for fact in facts_of(after)}
    found = []
    for key, known in (then | was).items():
        old, new = (side.get(key, Fact(key, known.term, NOTHING)) for side in (was, then))
        if old != new:
            if key == "overrides":
                old, new = _numbers(before, after, known.term)
            found.append(
                Difference(key, known.term, _said(old), old.instant, _said(new), new.instant)
            )
    return found


def _said(fact: Fact) -> str:
    """Say that there is nothing: beside a sign a dash would be none."""
    return "None" if fact.value == NOTHING else fact.value


def _numbers(before: NamespaceSpec, after: NamespaceSpec, term: str) -> tuple[Fact, Fact]:
    """What each spec has of the resources that one of them overrides, its tier's own or not."""
    resources = tuple(dict.fromkeys((*before.overrides, *after.overrides)))
    was, then = (Fact("overrides", term, numbers_text(spec, resources)) for spec in (before, after))
    return was, then


def unchanged_note(found: Sequence[Difference], after: NamespaceSpec, *, against: str) -> str:
    """Count what differs and what does not: `3 of 10 fields differ from ...`."""
    total = max(len(facts_of(after)), len(found))
    if not found:
        return f"Nothing differs from {against}."
    verb = "differs" if len(found) == 1 else "differ"
    return f"{len(found)} of {total} fields {verb} from {against}."


def default_spec(spec: NamespaceSpec, team: Team, *, asked_at: datetime) -> NamespaceSpec:
    """What the environment and the team would have given, had nobody chosen anything."""
    policy = POLICIES[spec.environment]
    ends = asked_at + policy.default_ttl if policy.default_ttl else None
    # The moment of asking is no choice: only whole days of lifetime are.
    if ends and spec.expires_at and abs(ends - spec.expires_at) < _SAME_DAY:
        ends = spec.expires_at
    return replace(
        spec,
        tier=policy.default_tier,
        overrides={},
        labels={},
        annotations={},
        network=NetworkSpec(policy.default_network, DEFAULT_EGRESS[policy.default_network]),
        access=team.default_access(spec.environment),
        expires_at=ends,
        cost_center=team.cost_center,
        # Whether the platform gives a schedule at all is known by nobody here: none is no choice.
        sleep=spec.sleep
        and (SleepSchedule.parse(spec.sleep.timezone, policy.sleeps) if policy.sleeps else None),
    )

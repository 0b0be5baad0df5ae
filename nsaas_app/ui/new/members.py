"""A set in the wizard: one base name, several environments, each by its own defaults. Pure."""

from dataclasses import dataclass, replace
from typing import Any, Final, Self

from ...domain.environments import Environment
from ...domain.errors import FieldIssue
from ...domain.spec import NamespaceSpec, SpecDraft
from ...domain.teams import Team
from ...provisioning.sets import SetWish
from ..costs import CostView
from ..words import word_of
from .draft import Draft, with_defaults

__all__ = ["MemberLine", "base_of", "member_drafts", "set_issues", "toggled", "wish_of"]

_OWN: Final = frozenset({"name", "access", "expires_in_days", "confirm"})
"""What was chosen for one environment and means nothing in another."""


@dataclass(frozen=True)
class MemberLine:
    """One namespace of a set, as the review shows it."""

    name: str
    environment: str
    tier: str
    network: str
    lifetime: str
    cost: str
    approval: str

    @classmethod
    def of(cls, spec: NamespaceSpec, *, approval: str) -> Self:
        """Describe a checked member."""
        return cls(
            name=str(spec.name),
            environment=spec.environment.value,
            tier=word_of(spec.tier.value),
            network=word_of(spec.network.preset.value),
            lifetime=f"until {spec.expires_at:%d %b %Y}" if spec.expires_at else "No end",
            cost=CostView.of(spec).text,
            approval=approval,
        )


def base_of(draft: Draft) -> str:
    """Give the name without the ending of its environment; empty where it has another ending."""
    ending = f"-{Environment(draft.environment).short}"
    return draft.name.removesuffix(ending) if draft.name.endswith(ending) else ""


def toggled(draft: Draft, environment: str) -> Draft:
    """Ask for a namespace there too, or no longer; nothing changes for what is no other one."""
    if environment not in set(Environment) or environment == draft.environment or draft.adopts:
        return draft
    wanted = set(draft.also) ^ {environment}
    return replace(draft, also=tuple(one.value for one in Environment if one.value in wanted))


def set_issues(draft: Draft) -> list[FieldIssue]:
    """Check the name of a set: all members share what stands before the environment."""
    if not draft.also or not draft.name or base_of(draft):
        return []
    ending = Environment(draft.environment).short
    message = f"In a set the name ends with -{ending}: the others end like their environment."
    return [FieldIssue("name", message)]


def member_drafts(draft: Draft, *, team: Team | None) -> list[Draft]:
    """Write out every member, this one first: what was chosen stays where it is allowed."""
    base, chosen = base_of(draft), tuple(one for one in draft.chosen if one not in _OWN)
    others = [
        with_defaults(
            replace(
                draft,
                environment=environment,
                name=f"{base}-{Environment(environment).short}",
                also=(),
                chosen=(*chosen, "name"),
            ),
            team=team,
        )
        for environment in draft.also
    ]
    return [replace(draft, also=()), *others]


def wish_of(draft: Draft, *, team: Team | None) -> SetWish:
    """Hand the set to its use case."""
    members = member_drafts(draft, team=team)
    return SetWish(
        base=base_of(draft),
        team=draft.team,
        environments=tuple(member.environment for member in members),
        # Said of all: a member without windows never sleeps, whatever its environment gives.
        spec={"sleep": None},
        overrides={member.environment: _document(member.spec()) for member in members},
    )


def _document(spec: SpecDraft) -> dict[str, Any]:
    """Write a member in the contract's field names; the set itself says name and team."""
    given: dict[str, Any] = {
        "tier": spec.tier,
        "network": _without_none(
            {
                "preset": spec.preset,
                "egress": spec.egress,
                "accept_from_gateway": spec.accept_from_gateway,
                "cidrs": list(spec.cidrs),
            }
        ),
        "display_name": spec.display_name,
        "description": spec.description,
        "cost_center": spec.cost_center,
        "owner": spec.owner,
        "labels": dict(spec.labels),
        "annotations": dict(spec.annotations),
        "overrides": dict(spec.overrides),
        "access": None if spec.access is None else [dict(entry) for entry in spec.access],
        "expires_in_days": spec.expires_in_days,
        "features": list(spec.features) or None,
    }
    document = _without_none(given)
    if spec.sleep_windows:
        asleep = {"timezone": spec.sleep_timezone, "asleep": list(spec.sleep_windows)}
        document["sleep"] = _without_none(asleep)
    return document


def _without_none(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}

"""What can be done with the selected namespaces, and why not with some of them. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from ...directory.rows import NamespaceRow
from ...domain.actors import Actor
from ...domain.environments import POLICIES, Environment
from ...domain.quantities import parse_quantity
from ..namespace.actions import Actions
from ..spec_views import Fact

__all__ = [
    "Offer",
    "Target",
    "default_days",
    "heading_of",
    "impact_facts",
    "offers_of",
    "phrase_of",
    "targets_of",
    "why_not",
]

_VERBS: Final = {"renew": "Renew", "sleep": "Sleep", "wake": "Wake", "release": "Release"}
_COUNTED: Final = {
    "pods": "Pods",
    "services": "Services",
    "persistentvolumeclaims": "Volume claims",
}


@dataclass(frozen=True)
class Target:
    """One namespace and why an action cannot be used on it; empty when it can."""

    name: str
    reason: str


@dataclass(frozen=True)
class Offer:
    """One action of the bulk bar."""

    key: str
    label: str
    is_open: bool


def targets_of(
    action: str, rows: Sequence[NamespaceRow], actor: Actor, awaiting: Collection[str] = ()
) -> list[Target]:
    """Tell for each namespace whether the action can be used on it.

    Args:
        action: its key.
        rows: the selected namespaces.
        actor: who selected them.
        awaiting: names whose request waits for approval.
    """
    return [
        Target(row.name, _reason(action, row, actor, is_awaiting=row.name in awaiting))
        for row in rows
    ]


def _reason(action: str, row: NamespaceRow, actor: Actor, *, is_awaiting: bool) -> str:
    actions = Actions.of(row, actor, is_awaiting=is_awaiting)
    if action in ("renew", "sleep", "wake"):
        return str(getattr(actions, action))
    is_production = row.environment is Environment.PRODUCTION
    alone = "Production is released on its own page, by its typed name."
    return actions.release or (alone if is_production else "")


def offers_of(
    rows: Sequence[NamespaceRow], actor: Actor, awaiting: Collection[str] = ()
) -> list[Offer]:
    """Offer every action; one that fits only some says so and why."""
    asleep = {row.asleep is not None for row in rows}
    # Nobody wakes what is awake: that is no news, and not said of every row.
    makes_sense = {"sleep": False in asleep, "wake": True in asleep}
    return [
        _offer(key, targets_of(key, rows, actor, awaiting))
        for key in _VERBS
        if makes_sense.get(key, True)
    ]


def _offer(key: str, targets: Sequence[Target]) -> Offer:
    verb = _VERBS[key]
    fitting = sum(not target.reason for target in targets)
    label = verb if fitting == len(targets) else f"{verb} {fitting} of {len(targets)}"
    return Offer(key, label, fitting > 0)


def why_not(
    offers: Sequence[Offer],
    rows: Sequence[NamespaceRow],
    actor: Actor,
    awaiting: Collection[str] = (),
) -> list[str]:
    """Say once for each reason which actions leave whom out."""
    closed: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for offer in offers:
        by_reason: dict[str, list[str]] = {}
        for target in targets_of(offer.key, rows, actor, awaiting):
            if target.reason:
                by_reason.setdefault(target.reason, []).append(target.name)
        for why, names in by_reason.items():
            closed.setdefault((why, tuple(names)), []).append(_VERBS[offer.key])
    return [
        f"{', '.join(names)} left out of {', '.join(verbs).lower()}: {why}"
        for (why, names), verbs in closed.items()
    ]


def default_days(rows: Sequence[NamespaceRow]) -> str:
    """Give the shortest usual lifetime among the environments."""
    usual = [ttl.days for row in rows if (ttl := POLICIES[row.environment].default_ttl)]
    return str(min(usual)) if usual else ""


def heading_of(action: str, asked: Sequence[str], fitting: Sequence[str]) -> str:
    """Say what the dialog is about: one by its name, several by their number."""
    if len(asked) == 1:
        return f"{_VERBS[action]} {asked[0]}"
    number = f"{len(fitting)} of {len(asked)}" if len(fitting) < len(asked) else f"{len(asked)}"
    return f"{_VERBS[action]} {number} namespaces"


def phrase_of(action: str, names: Sequence[str]) -> str:
    """Give what must be typed before a release: the name, of several how many; else empty."""
    if action != "release" or not names:
        return ""
    return names[0] if len(names) == 1 else f"release {len(names)} namespaces"


def impact_facts(rows: Sequence[NamespaceRow]) -> list[Fact]:
    """Count what stands in all of them together."""
    running = sum(row.active_deployments for row in rows)
    facts = [Fact("deployments", "Deployments that run", str(running))]
    for resource, term in _COUNTED.items():
        counted = [row.quota[resource].used for row in rows if resource in row.quota]
        facts.append(Fact(resource, term, str(int(sum(map(parse_quantity, counted))))))
    return facts

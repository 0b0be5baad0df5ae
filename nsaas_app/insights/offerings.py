"""What a choice of the catalog makes: the objects of an example namespace, as they are written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import yaml

from ..domain.environments import POLICIES, Environment
from ..domain.errors import NotFoundError
from ..domain.names import NamespaceName, TeamName
from ..domain.network import DEFAULT_EGRESS, NetworkSpec
from ..domain.requests import StepName
from ..domain.spec import NamespaceSpec
from ..domain.teams import Team, TeamGroups
from ..domain.templates import TEMPLATES, Template
from ..domain.tiers import Tier
from ..manifests.bundle import bundle, identity_of
from ..manifests.manifest import Manifest
from ..manifests.network_policies import NetworkSettings

__all__ = ["Offered", "OfferedObject", "Offerings"]

_TEAM: Final = Team(
    TeamName("your-team"),
    groups=TeamGroups(
        viewer=("your-team-viewers",), developer=("your-team-devs",), lead=("your-team-leads",)
    ),
)
_REQUEST: Final = "the-request-that-made-it"
_MADE_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_OF_TIER: Final = (StepName.QUOTA, StepName.LIMITS)


@dataclass(frozen=True, slots=True)
class OfferedObject:
    """One object that comes to be."""

    identity: str
    """As `Kind/name`."""
    manifest: str
    """As YAML."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What one choice makes."""

    title: str
    note: str
    objects: tuple[OfferedObject, ...]


class Offerings:
    """Shows what choices make, by the example of one namespace."""

    def __init__(self, *, settings: NetworkSettings) -> None:
        self._settings = settings

    def of(self, kind: str, item: str) -> Offered:
        """Give the objects of one choice.

        Args:
            kind: `tiers`, `environments` or `templates`.
            item: which of them.

        Raises:
            NotFoundError: there is no such choice.
        """
        if kind == "tiers" and item in set(Tier):
            return _of_tier(Tier(item), self._settings)
        if kind == "environments" and item in set(Environment):
            note = "All objects of a namespace that asks for nothing else"
            objects = _objects(_usual(Environment(item)), self._settings)
            return Offered(f"Environment {item}", note, objects)
        template = {one.id: one for one in TEMPLATES}.get(item) if kind == "templates" else None
        if template is None:
            raise NotFoundError("choice", item)
        return _of_template(template, self._settings)


def _of_tier(tier: Tier, settings: NetworkSettings) -> Offered:
    spec = replace(_usual(_somewhere(tier)), tier=tier)
    note = "What the tier decides; the other objects are the environment's and the network's"
    return Offered(f"Tier {tier}", note, _objects(spec, settings, steps=_OF_TIER))


def _somewhere(tier: Tier) -> Environment:
    return next(one for one in Environment if tier in POLICIES[one].tiers)


def _of_template(template: Template, settings: NetworkSettings) -> Offered:
    spec = replace(
        _usual(template.environments[0]),
        tier=template.tier,
        network=NetworkSpec(template.preset, template.egress),
        labels=template.labels,
    )
    note = f"In {template.environments[0]}, with every parameter as it is by default"
    return Offered(f"Template {template.title}", note, _objects(spec, settings))


def _usual(environment: Environment) -> NamespaceSpec:
    policy = POLICIES[environment]
    preset = policy.default_network
    return NamespaceSpec(
        name=NamespaceName.parse(f"your-team-app-{environment.short}"),
        team=_TEAM.name,
        environment=environment,
        tier=policy.default_tier,
        network=NetworkSpec(preset, DEFAULT_EGRESS[preset]),
        owner="you",
        cluster="local",
        access=_TEAM.default_access(environment),
    )


def _objects(
    spec: NamespaceSpec, settings: NetworkSettings, *, steps: tuple[StepName, ...] = ()
) -> tuple[OfferedObject, ...]:
    made = bundle(
        spec, request_id=_REQUEST, provisioned_at=_MADE_AT, now=_MADE_AT, settings=settings
    )
    chosen: list[Manifest] = [one for step in steps for one in made.of_step(step)] or list(made)
    return tuple(OfferedObject(identity_of(one), _yaml(one)) for one in chosen)


def _yaml(manifest: Mapping[str, object]) -> str:
    text: str = yaml.safe_dump(dict(manifest), sort_keys=False, allow_unicode=True)
    return text.rstrip()

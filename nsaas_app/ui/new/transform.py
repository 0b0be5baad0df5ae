"""What the wizard offers: tiers, networks and egress, in numbers and words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ...domain.environments import POLICIES, Environment
from ...domain.network import DEFAULT_EGRESS, Egress, NetworkPreset
from ...domain.teams import Team
from ...domain.templates import template_of
from ...domain.tiers import TIERS, Tier
from ...teams.teams import BudgetUse
from ..costs import price_of
from ..figures import amount, in_full
from ..spec_views import EGRESS_SENTENCES, PRESET_SENTENCES
from ..words import word_of
from .draft import Draft
from .members import base_of
from .steps import PARAMETERS

__all__ = [
    "Option",
    "ParameterField",
    "TierOption",
    "also_options",
    "egress_options",
    "environment_options",
    "network_options",
    "parameter_fields",
    "template_title",
    "tier_options",
]

_ENVIRONMENT_SENTENCES: Final = {
    Environment.DEVELOPMENT: "Try things out.",
    Environment.TESTING: "Run tests, for a short time.",
    Environment.STAGING: "Rehearse production.",
    Environment.PRODUCTION: "Serve users. Needs approval.",
}


@dataclass(frozen=True)
class Option:
    """One choice with what it means, and why it cannot be taken."""

    value: str
    label: str
    sentence: str
    is_allowed: bool = True
    is_default: bool = False
    reason: str = ""


@dataclass(frozen=True)
class TierOption:
    """One tier with its numbers."""

    value: str
    label: str
    cpu: str
    memory: str
    storage: str
    pods: str
    services: str
    price: str
    is_allowed: bool
    is_default: bool
    reason: str
    is_current: bool = False
    """Whether the namespace has it already."""


@dataclass(frozen=True)
class ParameterField:
    """One question of a template, with its answer."""

    name: str
    """`parameters.<name>`, as errors name it."""
    label: str
    help: str
    value: str
    choices: list[str]
    error: str


def parameter_fields(
    template_id: str, answers: Mapping[str, str], errors: Mapping[str, str]
) -> list[ParameterField]:
    """Ask the questions of a template; none without one."""
    if not template_id:
        return []
    return [
        ParameterField(
            name=f"{PARAMETERS}{one.name}",
            label=one.label if one.default is not None else f"{one.label} (required)",
            help=one.help,
            value=answers.get(one.name, ""),
            choices=list(one.choices),
            error=errors.get(f"{PARAMETERS}{one.name}", ""),
        )
        for one in template_of(template_id).parameters
    ]


def template_title(template_id: str) -> str:
    """Name a template; an empty text without one."""
    return template_of(template_id).title if template_id else ""


def environment_options(
    template_id: str = "", team: Team | None = None, use: BudgetUse | None = None
) -> list[Option]:
    """Offer the environments with their lifetime; one that is closed says why."""
    made_for = _made_for(template_id)
    options = []
    for environment, policy in POLICIES.items():
        ttl = policy.default_ttl
        life = f"{ttl.days} days by default." if ttl else "Lives until released."
        sentence = f"{_ENVIRONMENT_SENTENCES[environment]} {life}"
        reason = "" if environment in made_for else "The template is not made for it"
        reason = reason or _full(environment, team, use)
        option = Option(environment.value, word_of(environment.value), sentence)
        options.append(replace(option, is_allowed=not reason, reason=reason))
    return options


def _made_for(template_id: str) -> tuple[Environment, ...]:
    return template_of(template_id).environments if template_id else tuple(Environment)


def _full(environment: Environment, team: Team | None, use: BudgetUse | None) -> str:
    """Say that a team has all it may have there; empty while it may have more."""
    if team is None or use is None:
        return ""
    there = use.per_environment.get(environment, 0)
    most = team.budget.per_environment.get(environment, 0)
    return f"{team.name} has all {most} it may have here" if there >= most else ""


def also_options(draft: Draft) -> list[Option]:
    """Offer the other environments; chosen ones are marked as the default is elsewhere."""
    if draft.adopts:
        return []
    return [
        Option(
            environment.value,
            word_of(environment.value),
            f"{base_of(draft)}-{environment.short}" if base_of(draft) else "",
            is_default=environment.value in draft.also,
        )
        for environment in _made_for(draft.template)
        if environment.value != draft.environment
    ]


def tier_options(environment: Environment, current: Tier | None = None) -> list[TierOption]:
    """Offer the tiers with what the environment allows, the one there is marked."""
    policy = POLICIES[environment]
    options = [_tier_option(tier, environment, tier in policy.tiers) for tier in Tier]
    return [replace(one, is_current=one.value == current) for one in options]


def _tier_option(tier: Tier, environment: Environment, is_allowed: bool) -> TierOption:  # noqa: FBT001 - private
    quota = TIERS[tier].quota
    return TierOption(
        value=tier.value,
        label=word_of(tier.value),
        cpu=_range(quota, "cpu"),
        memory=_range(quota, "memory"),
        storage=in_full("requests.storage", quota["requests.storage"]),
        pods=quota["pods"],
        services=quota["services"],
        price=price_of(TIERS[tier]).text,
        is_allowed=is_allowed,
        is_default=tier is POLICIES[environment].default_tier,
        reason="" if is_allowed else f"Not offered in {environment.value}",
    )


def _range(quota: dict[str, str], resource: str) -> str:
    low = amount(resource, quota[f"requests.{resource}"])
    return f"{low} to {in_full(resource, quota[f'limits.{resource}'])}"


def network_options(environment: Environment) -> list[Option]:
    """Offer the presets with what the environment allows."""
    policy = POLICIES[environment]
    return [
        Option(
            value=preset.value,
            label=word_of(preset.value),
            sentence=PRESET_SENTENCES[preset],
            is_allowed=preset in policy.networks,
            is_default=preset is policy.default_network,
            reason="" if preset in policy.networks else f"Refused in {environment.value}",
        )
        for preset in NetworkPreset
    ]


def egress_options(network: NetworkPreset) -> list[Option]:
    """Offer where the namespace may talk to; the open preset leaves no choice."""
    is_open = network is NetworkPreset.OPEN
    return [
        Option(
            value=egress.value,
            label=word_of(egress.value).replace("https", "HTTPS").replace("Cidrs", "Address list"),
            sentence=EGRESS_SENTENCES[egress],
            is_allowed=not is_open,
            is_default=egress is DEFAULT_EGRESS[network],
            reason="The open network has all ports open" if is_open else "",
        )
        for egress in Egress
    ]

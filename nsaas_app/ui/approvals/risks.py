"""What an approver should look at twice: notes on one request. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ...domain.access import AccessGrant, AccessRole, SubjectKind
from ...domain.environments import POLICIES, Environment
from ...domain.network import Egress, NetworkPreset
from ...domain.requests import ProvisioningRequest, RequestKind
from ...domain.resource_words import RESOURCE_WORDS
from ...domain.spec import NamespaceSpec
from ...domain.teams import Team
from ...domain.tiers import TIERS
from ...teams.teams import BudgetUse
from ..figures import in_full
from ..words import Tone

__all__ = ["RiskNote", "risk_notes"]

_ENDS: Final = (RequestKind.RELEASE, RequestKind.DELETE)
"""Who gives a namespace up asks for nothing new in it."""
_NEARLY_ALL: Final = Decimal("0.8")
"""Beyond this share of a budget the next request may not fit."""


@dataclass(frozen=True)
class RiskNote:
    """One thing to weigh."""

    key: str
    tone: str
    text: str


def risk_notes(request: ProvisioningRequest, team: Team, use: BudgetUse) -> list[RiskNote]:
    """List what stands out, the gravest first; what the namespace had before is no news."""
    bad, warn = Tone.BAD.value, Tone.WARN.value
    found = [
        *(RiskNote(key, bad, text) for key, text in _grave(request)),
        *(RiskNote(key, warn, text) for key, text in _sizes(request)),
        *(RiskNote(key, warn, text) for key, text in _reach(request.spec, request.previous)),
        *(RiskNote(key, warn, text) for key, text in _people(request, team)),
        *(RiskNote(key, warn, text) for key, text in _budget(team, use)),
    ]
    return found if request.kind not in _ENDS else found[:1]


def _grave(request: ProvisioningRequest) -> Iterator[tuple[str, str]]:
    spec, before = request.spec, request.previous
    if request.kind is RequestKind.DELETE:
        yield "delete", "Everything in it goes at once; only its manifests are kept."
    if request.kind is RequestKind.RELEASE:
        days = POLICIES[spec.environment].grace.days
        yield "release", f"People lose access now; after {days} days everything in it goes."
    was_open = before is not None and before.network.preset is NetworkPreset.OPEN
    if spec.network.preset is NetworkPreset.OPEN and not was_open:
        yield "open", "Every namespace of the cluster would reach it, and it would reach all."


def _sizes(request: ProvisioningRequest) -> Iterator[tuple[str, str]]:
    spec, before = request.spec, request.previous
    had = before.overrides if before is not None and before.tier is spec.tier else {}
    own = TIERS[spec.tier].quota
    for resource, text in spec.overrides.items():
        if had.get(resource) != text:
            usual = in_full(resource, own[resource])
            words = (
                f"{_name(resource)}: {in_full(resource, text)}; the {spec.tier} tier has {usual}."
            )
            yield f"over-{resource}", words


def _name(resource: str) -> str:
    return RESOURCE_WORDS.get(resource, resource)


def _reach(spec: NamespaceSpec, before: NamespaceSpec | None) -> Iterator[tuple[str, str]]:
    network, had = spec.network, None if before is None else before.network
    if network.accept_from_gateway and not (had and had.accept_from_gateway):
        yield "gateway", "The gateway would reach it: it can be published to the outside."
    if network.egress is Egress.CIDRS and (had is None or had.cidrs != network.cidrs):
        yield "cidrs", f"It would talk to {', '.join(network.cidrs)}."
    is_new = had is None or had.egress is not network.egress
    is_out = network.egress is Egress.INTERNET_HTTPS and is_new
    if is_out and spec.environment is Environment.PRODUCTION:
        yield "internet", "What runs in production would reach the internet on port 443."


def _people(request: ProvisioningRequest, team: Team) -> Iterator[tuple[str, str]]:
    usual = set(team.default_access(request.spec.environment))
    known = set(request.previous.access) if request.previous is not None else set()
    for grant in request.spec.access:
        if grant not in usual | known:
            yield f"access-{grant.kind.value}-{grant.name}", _grant_words(grant)


def _grant_words(grant: AccessGrant) -> str:
    until = f" until {grant.expires_at:%d %b %Y}" if grant.expires_at is not None else ""
    words = f"{grant.kind.value} {grant.name} would get in as {grant.role.value}{until}"
    if grant.kind is SubjectKind.SERVICE_ACCOUNT and grant.role is AccessRole.LEAD:
        return f"{words}: an account that can give access to others."
    return f"{words}, beside the team's own groups."


def _budget(team: Team, use: BudgetUse) -> Iterator[tuple[str, str]]:
    """The request holds its part of the budget already."""
    held, top = use.used + use.reserved, team.budget.resources
    rows = (("CPU", held.cpu, top.cpu), ("memory", held.memory, top.memory),
            ("storage", held.storage, top.storage))  # fmt: skip
    tight = [name for name, part, whole in rows if whole and part >= _NEARLY_ALL * whole]
    if tight:
        yield "budget", f"With it the team holds nearly all of its {' and '.join(tight)}."

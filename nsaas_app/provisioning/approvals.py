"""Which requests somebody must approve, and who. One table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..domain.actors import Actor, Role
from ..domain.approval import APPROVAL_LIFETIME, Approval
from ..domain.environments import POLICIES, Environment
from ..domain.network import NetworkPreset
from ..domain.requests import RequestKind
from ..domain.spec import NamespaceSpec
from ..domain.tiers import Tier

__all__ = ["APPROVAL_RULES", "ApprovalRule", "Asked", "approval_for"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules look at."""

    kind: RequestKind
    spec: NamespaceSpec
    before: NamespaceSpec | None = None
    """The present spec of a namespace that exists."""
    renewals: int = 0
    """How often its end was put off already."""
    is_live: bool = False
    """Whether people have access to it: it was neither released nor did it fail."""

    @property
    def weighs(self) -> bool:
        """Whether it touches what an approver would look at."""
        spec, before = self.spec, self.before
        if before is None:
            return True
        return (spec.tier, spec.overrides, spec.network, spec.access) != (
            before.tier,
            before.overrides,
            before.network,
            before.access,
        )

    def becomes(self, trait: Callable[[NamespaceSpec], bool]) -> bool:
        """Whether the namespace gets a trait that it has not had."""
        return trait(self.spec) and not (self.before is not None and trait(self.before))

    def is_in(self, environment: Environment) -> bool:
        """Whether somebody asks for how a namespace of this environment shall be."""
        return self.kind in _SHAPING and self.spec.environment is environment

    @property
    def overrides_anew(self) -> bool:
        """Whether it asks for numbers beside the tier's own that the namespace has not had."""
        spec, before = self.spec, self.before
        if self.kind not in _SHAPING or not spec.overrides:
            return False
        had = None if before is None else (before.tier, before.overrides)
        return had != (spec.tier, spec.overrides)

    @property
    def exceeds_renewals(self) -> bool:
        """Whether it puts the end off once more than the environment gives away."""
        allowed = POLICIES[self.spec.environment].renewals
        is_renewal = self.before is not None and self.spec.renews(self.before)
        return is_renewal and allowed is not None and self.renewals >= allowed


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """One row: what it is about, whom it calls for, and why people read it."""

    name: str
    applies: Callable[[Asked], bool]
    roles: tuple[Role, ...]
    """For a request by a developer; the requester's own role needs no second of its kind."""
    why: str
    """May name `{environment}`, `{allowed}` renewals and how many were `{used}`."""
    spares: tuple[Role, ...] = ()
    """Requesters whose own word is enough."""


_SHAPING: Final = (RequestKind.PROVISION, RequestKind.CHANGE, RequestKind.ADOPT)
_LEADING: Final = (Role.LEAD, Role.ADMIN)

APPROVAL_RULES: Final = (
    ApprovalRule(
        "production",
        lambda asked: asked.is_in(Environment.PRODUCTION) and asked.weighs,
        (Role.LEAD, Role.ADMIN),
        "Production needs a platform admin, and a lead who did not ask.",
    ),
    ApprovalRule(
        "production-release",
        lambda asked: (
            asked.kind is RequestKind.RELEASE and asked.spec.environment is Environment.PRODUCTION
        ),
        (Role.LEAD,),
        "Giving up a production namespace takes two people.",
    ),
    ApprovalRule(
        "production-delete",
        lambda asked: (
            asked.kind is RequestKind.DELETE
            and asked.spec.environment is Environment.PRODUCTION
            and asked.is_live
        ),
        (Role.LEAD,),
        "Deleting a production namespace that nobody released takes two people.",
    ),
    ApprovalRule(
        "staging-large",
        lambda asked: (
            asked.is_in(Environment.STAGING) and asked.becomes(lambda spec: spec.tier is Tier.LARGE)
        ),
        (Role.LEAD,),
        "Tier large in staging needs a lead.",
    ),
    ApprovalRule(
        "staging-open",
        lambda asked: (
            asked.is_in(Environment.STAGING)
            and asked.becomes(lambda spec: spec.network.preset is NetworkPreset.OPEN)
        ),
        (Role.LEAD,),
        "An open network in staging needs a lead.",
    ),
    ApprovalRule(
        "overrides",
        lambda asked: asked.overrides_anew,
        (Role.LEAD,),
        "Numbers beside those of the tier need a lead who did not ask, or a platform admin.",
        spares=(Role.ADMIN,),
    ),
    ApprovalRule(
        "renewals",
        lambda asked: asked.exceeds_renewals,
        (Role.LEAD,),
        "The end was put off {used} times; in {environment} a lead must agree after {allowed}.",
        spares=_LEADING,
    ),
)
"""Every reason for which a request waits for people."""


def approval_for(asked: Asked, *, actor: Actor, now: datetime) -> Approval | None:
    """Say who must approve a request of this actor; None when nobody must."""
    spec = asked.spec
    role = actor.role_in(spec.team)
    rules = [rule for rule in APPROVAL_RULES if rule.applies(asked) and role not in rule.spares]
    if not rules:
        return None
    needed = dict.fromkeys(role for rule in rules for role in rule.roles)
    if role in _LEADING and Role.ADMIN in needed:
        needed.pop(Role.LEAD, None)
    facts = {
        "environment": spec.environment,
        "allowed": POLICIES[spec.environment].renewals,
        "used": asked.renewals,
    }
    return Approval(
        needed=tuple(needed),
        why=" ".join(rule.why.format_map(facts) for rule in rules),
        expires_at=now + APPROVAL_LIFETIME,
    )

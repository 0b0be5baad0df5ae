"""Every rule of admission by name: what it looks at, what it says, how its refusal is coded.

The checks themselves stand in `checks`, `budget` and the domain; this is what people read of them:
in previews, where each verdict carries a rule's name, and in docs/rules.md.
"""

import re
from dataclasses import dataclass
from typing import Final

from ..domain.access import MAX_GRANTS
from ..domain.approval import APPROVAL_LIFETIME
from ..domain.errors import FieldIssue
from ..domain.names import MAX_NAME, MAX_TEAM
from ..domain.network import MAX_CIDRS
from ..domain.overrides import CEILINGS, OVERRIDABLE
from ..domain.texts import MAX_EXTRA
from .checks import MAX_DESCRIPTION, MAX_DISPLAY_NAME, SOONEST

__all__ = ["RULES", "Rule", "rules_of"]

_FIELD: Final = "INVALID_FIELD"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    name: str
    fields: str
    """A pattern that the path of a field that breaks it matches whole."""
    codes: tuple[str, ...]
    """Codes of the failure catalogue that its refusals carry."""
    says: str

    def explains(self, issue: FieldIssue) -> bool:
        """Whether a refusal comes from this rule."""
        return issue.code in self.codes and bool(re.fullmatch(self.fields, issue.field, re.DOTALL))


RULES: Final = (
    Rule("name", "name", ("NS_NAME_INVALID", "NS_RESERVED", "NS_EXISTS"),
         f"A DNS label of 1 to {MAX_NAME} characters that nobody holds and the platform does not "
         "keep for itself."),
    Rule("team", "team", (_FIELD,),
         f"A team of 2 to {MAX_TEAM} characters, in which the requester is developer or lead."),
    Rule("environment", "environment", (_FIELD,), "One of the environments below."),
    Rule("cluster", "cluster", (_FIELD,), "The one cluster of this portal."),
    Rule("tier", "tier", (_FIELD, "POLICY_DENY"), "One of the tiers that the environment allows."),
    Rule("overrides", r"overrides(\..*)?", (_FIELD, "POLICY_DENY"),
         f"Numbers in place of the tier's own, of {', '.join(OVERRIDABLE)}: more than nothing, "
         f"requests within limits by value, at most {CEILINGS['limits.cpu']} CPU, "
         f"{CEILINGS['limits.memory']} memory, {CEILINGS['requests.storage']} storage and "
         f"{CEILINGS['pods']} pods; administrators may set CPU and memory otherwise."),
    Rule("quota", r"tier|overrides\..*", ("QUOTA_EXCEEDED",),
         "What runs now fits the tier it changes to."),
    Rule("network", r"network\.preset", (_FIELD, "POLICY_DENY"),
         "One of the network presets that the environment allows."),
    Rule("egress", r"network\.(egress|cidrs(\[\d+\])?)", (_FIELD,),
         f"With `cidrs` up to {MAX_CIDRS} networks, written canonically, without the metadata "
         "service; otherwise none."),
    Rule("lifetime", r"expires_(in_days|at)", (_FIELD, "POLICY_DENY"),
         f"At least {SOONEST.seconds // 60} minute and at most what the environment allows, by one "
         "of the two fields."),
    Rule("access", r"access(\[\d+\]\.(kind|name|role|expires_at))?", (_FIELD, "POLICY_DENY"),
         f"Up to {MAX_GRANTS} grants to users, groups or ServiceAccounts, none of them the "
         "platform's own, one of them lead; in production people get viewer or lead."),
    Rule("texts", "display_name|description|owner", (_FIELD,),
         f"Printable: a display name of up to {MAX_DISPLAY_NAME}, a description of up to "
         f"{MAX_DESCRIPTION} characters."),
    Rule("labels", r"(labels|annotations)(\..*)?", (_FIELD,),
         f"Up to {MAX_EXTRA} of each, by Kubernetes' grammar, none under the platform's prefixes."),
    Rule("cost-center", "cost_center", (_FIELD, "POLICY_DENY"),
         "Required where the environment says so; 1 to 50 letters, digits, dots, dashes, "
         "underscores."),
    Rule("features", r"features\[\d+\]", ("CRD_MISSING",), "None yet: the portal sets none up."),
    Rule("pod-security", "", (), "The environment's level is enforced, restricted is warned of."),
    Rule("budget", "team|environment|tier", ("TEAM_LIMIT", "TEAM_POOL"),
         "It fits what the team's budget has left, reservations of running requests included."),
    Rule("approval", "", ("APPROVAL_EXPIRED", "APPROVAL_REJECTED"),
         f"What the table of approvals names waits for people, {APPROVAL_LIFETIME.days} days at "
         "most, never for the requester."),
)  # fmt: skip
"""All of them, in the order in which a form asks."""


def rules_of(issue: FieldIssue) -> list[Rule]:
    """The rules that a refusal can come from."""
    return [rule for rule in RULES if rule.explains(issue)]

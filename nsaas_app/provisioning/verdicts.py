"""What rules say of a wish: pass, warn, needs-approval or deny; and the preview's refusal."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..domain.amounts import in_full
from ..domain.approval import Approval
from ..domain.environments import POLICIES
from ..domain.errors import FieldIssue, InvalidFieldsError
from ..domain.resource_words import RESOURCE_WORDS
from ..domain.spec import NamespaceSpec
from .rules import rules_of

__all__ = [
    "PolicyVerdict",
    "RefusedPreviewError",
    "override_verdicts",
    "spec_verdicts",
    "warning_verdicts",
]


@dataclass(frozen=True, slots=True)
class PolicyVerdict:
    """One rule's word."""

    rule: str
    result: str
    """pass, warn, needs-approval or deny."""
    message: str
    field: str = ""


class RefusedPreviewError(InvalidFieldsError):
    """A submit would be refused: every broken rule as a verdict too."""

    def __init__(self, issues: Iterable[FieldIssue]) -> None:
        listed = list(issues)
        super().__init__(listed)
        self.verdicts = tuple(_denial(issue) for issue in listed)


def _denial(issue: FieldIssue) -> PolicyVerdict:
    # A field that no rule knows names itself.
    names = [rule.name for rule in rules_of(issue)] or [issue.field]
    return PolicyVerdict(names[0], "deny", issue.message, issue.field)


def spec_verdicts(
    spec: NamespaceSpec, approval: Approval | None, warnings: Iterable[FieldIssue]
) -> tuple[PolicyVerdict, ...]:
    """Say what every rule thinks of a spec that breaks none."""
    env, policy = spec.environment, POLICIES[spec.environment]
    end = f"live at most {policy.max_ttl.days} days" if policy.max_ttl else "have no end"
    network = f"The {spec.network.preset} network is allowed in {env}."
    level = f"Pods are held to the {policy.pod_security} level of Pod Security."
    rows = [
        PolicyVerdict("tier", "pass", f"The {spec.tier} tier is allowed in {env}.", "tier"),
        *override_verdicts(spec),
        PolicyVerdict("network", "pass", network, "network.preset"),
        PolicyVerdict("lifetime", "pass", f"Namespaces in {env} {end}.", "expires_in_days"),
        PolicyVerdict("pod-security", "pass", level),
        PolicyVerdict("budget", "pass", f"It fits the budget of {spec.team}.", "tier"),
        *warning_verdicts(warnings),
    ]
    if approval is not None:
        rows.append(PolicyVerdict("approval", "needs-approval", approval.why))
    return tuple(rows)


def warning_verdicts(warnings: Iterable[FieldIssue]) -> list[PolicyVerdict]:
    """Say what rules warn of, each at its field."""
    return [
        PolicyVerdict(_warned(warning), "warn", warning.message, warning.field)
        for warning in warnings
    ]


def _warned(warning: FieldIssue) -> str:
    """Name the rule that a warning comes from."""
    return next((rule.name for rule in rules_of(warning)), "name")


def override_verdicts(spec: NamespaceSpec) -> list[PolicyVerdict]:
    """Say what a spec has in place of its tier's numbers; nothing where it has none."""
    if not spec.overrides:
        return []
    numbers = ", ".join(
        f"{RESOURCE_WORDS.get(resource, resource)} {in_full(resource, text)}"
        for resource, text in spec.overrides.items()
    )
    message = f"In place of the {spec.tier} tier's: {numbers}. That is within what anybody gets."
    return [PolicyVerdict("overrides", "pass", message, "overrides")]

"""The wizard's vars, computed from draft, checks and budget. Pure."""

from collections.abc import Set as AbstractSet

from ...domain.environments import POLICIES, Environment
from ...domain.network import NetworkPreset
from ...domain.teams import Team
from ...domain.tiers import Tier
from ...provisioning.checks import Checked
from ...teams.teams import BudgetUse
from ..budget_views import budget_lines
from ..spec_views import facts_of
from .draft import Draft, suggested_name
from .steps import form_issues, has_expiry, messages_of
from .transform import (
    egress_options,
    network_options,
    parameter_fields,
    template_title,
    tier_options,
)

__all__ = ["form_vars", "issues_of"]


def issues_of(draft: Draft, checked: Checked) -> dict[str, str]:
    """Gather every message by field: the rules' and the page's own."""
    return messages_of(
        (*checked.issues, *form_issues(draft, needs_approval=checked.approval is not None))
    )


def form_vars(
    draft: Draft,
    checked: Checked,
    *,
    shown: AbstractSet[str],
    team: Team | None,
    use: BudgetUse | None,
) -> dict[str, object]:
    """Compute what the form shows. Only fields in `shown` tell their errors yet."""
    issues = issues_of(draft, checked)
    environment = Environment(draft.environment)
    tier, network = Tier(draft.tier), NetworkPreset(draft.network)
    is_named = bool(draft.name) and "name" not in issues
    errors = {field: text for field, text in issues.items() if field in shown}
    return {
        "errors": errors,
        "parameters": parameter_fields(draft.template, draft.parameters, errors),
        "template": template_title(draft.template),
        "warnings": messages_of(checked.warnings),
        "suggestions": list(checked.suggestions),
        "suggested": suggested_name(draft),
        "is_name_free": is_named,
        "tiers": tier_options(environment),
        "networks": network_options(environment),
        "egresses": egress_options(network),
        "has_expiry": has_expiry(draft.environment),
        "may_sleep": POLICIES[environment].may_sleep,
        "is_production": environment is Environment.PRODUCTION,
        "budget": budget_lines(team, use, tier) if team is not None and use is not None else [],
        "facts": facts_of(checked.spec) if checked.spec is not None else [],
        "approval": _approval_text(checked),
        "needs_approval": checked.approval is not None,
        "is_complete": checked.spec is not None and not checked.issues,
    }


def _approval_text(checked: Checked) -> str:
    """Say who must approve; nothing while the draft is no spec yet."""
    if checked.spec is None:
        return ""
    return "No approval needed" if checked.approval is None else checked.approval.why

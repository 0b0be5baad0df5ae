"""The wizard's vars, computed from draft, checks and budget. Pure."""

from collections.abc import Set as AbstractSet

from ...domain.environments import POLICIES, Environment
from ...domain.network import NetworkPreset
from ...domain.teams import Team
from ...domain.tiers import Tier
from ...teams.teams import BudgetUse
from ..budget_views import budget_lines
from ..costs import price_of
from ..figures import iso
from ..spec_views import facts_of
from .asking import Answer
from .draft import Draft, suggested_name
from .steps import form_issues, has_expiry, messages_of, production_name
from .transform import (
    also_options,
    egress_options,
    network_options,
    parameter_fields,
    template_title,
    tier_options,
)

__all__ = ["form_vars", "issues_of"]


def issues_of(draft: Draft, answer: Answer) -> dict[str, str]:
    """Gather every message by field: the rules' and the page's own."""
    checked = answer.checked
    return messages_of(
        (*checked.issues, *form_issues(draft, needs_approval=checked.approval is not None))
    )


def form_vars(
    draft: Draft,
    answer: Answer,
    *,
    shown: AbstractSet[str],
    team: Team | None,
    use: BudgetUse | None,
) -> dict[str, object]:
    """Compute what the form shows. Only fields in `shown` tell their errors yet."""
    checked, lines = answer.checked, answer.lines
    issues = issues_of(draft, answer)
    environment = Environment(draft.environment)
    tier, network = Tier(draft.tier), NetworkPreset(draft.network)
    sizes = [member.spec.tier for member in answer.members if member.spec] or [tier]
    is_named = bool(draft.name) and "name" not in issues
    errors = {field: text for field, text in issues.items() if field in shown}
    return {
        "errors": errors,
        "parameters": parameter_fields(draft.template, draft.parameters, errors),
        "template": template_title(draft.template),
        "warnings": messages_of(checked.warnings),
        "suggestions": list(checked.suggestions),
        "suggested": suggested_name(draft),
        "is_name_free": is_named and not draft.adopts,
        "also": also_options(draft),
        "members": lines if len(lines) > 1 else [],
        "tiers": tier_options(environment),
        "networks": network_options(environment),
        "egresses": egress_options(network),
        "has_expiry": has_expiry(draft.environment),
        "may_sleep": POLICIES[environment].may_sleep,
        "is_production": bool(production_name(draft)),
        "to_confirm": production_name(draft),
        "price": price_of(*sizes),
        "ends": iso(checked.spec.expires_at) if checked.spec is not None else "",
        "budget": budget_lines(team, use, *sizes) if team is not None and use is not None else [],
        "facts": facts_of(checked.spec) if checked.spec is not None else [],
        "approval": _approval_text(answer),
        "needs_approval": checked.approval is not None,
        "is_complete": checked.spec is not None and not checked.issues,
    }


def _approval_text(answer: Answer) -> str:
    """Say who must approve; nothing while the draft is no spec yet."""
    checked = answer.checked
    if checked.spec is None:
        return ""
    waiting = [line for line in answer.lines if line.approval]
    if len(answer.lines) > 1 and waiting:
        return " ".join(f"{line.name}: {line.approval}" for line in waiting)
    return "No approval needed" if checked.approval is None else checked.approval.why

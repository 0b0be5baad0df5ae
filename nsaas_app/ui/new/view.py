"""The wizard's vars, computed from draft, checks and budget. Pure."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final

from ...domain.environments import POLICIES, Environment
from ...domain.network import NetworkPreset
from ...domain.overrides import CEILINGS
from ...domain.teams import Team
from ...domain.tiers import Tier
from ...teams.teams import BudgetUse
from ..budget_views import budget_lines
from ..costs import price_of
from ..figures import iso
from ..spec_diff import default_spec, differences, unchanged_note
from ..spec_views import facts_of
from .asking import Answer
from .draft import Draft, suggested_name
from .error_lines import error_lines
from .meaning import access_lines, date_facts, lifetime_note
from .overriding import override_hints, size_of
from .steps import form_issues, messages_of, production_name
from .transform import (
    also_options,
    egress_options,
    environment_options,
    network_options,
    parameter_fields,
    template_title,
    tier_options,
)

__all__ = ["form_vars", "issues_of"]

_WAITS_FOR_SOMEBODY: Final = "Production waits for somebody's approval"
_MOST_DIGITS: Final = 6
_LIFETIMES: Final = (7, 14, 30, 90)
"""Days that are offered as buttons, beside what the environment gives and allows at most."""


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
    now: datetime,
    ceilings: Mapping[str, str] = CEILINGS,
) -> dict[str, object]:
    """Compute what the form shows. Only fields in `shown` tell their errors yet."""
    checked, lines = answer.checked, answer.lines
    issues = issues_of(draft, answer)
    environment = Environment(draft.environment)
    tier, network = Tier(draft.tier), NetworkPreset(draft.network)
    wished = checked.spec.size if checked.spec else size_of(tier, draft.overrides(), ceilings)
    sizes = [member.spec.size for member in answer.members if member.spec] or [wished]
    is_named = bool(draft.name) and "name" not in issues
    errors = {field: text for field, text in issues.items() if field in shown}
    return {
        **_meaning(answer, team, now=now),
        **_lifetime(environment),
        "errors": errors,
        "error_lines": error_lines(errors),
        "parameters": parameter_fields(draft.template, draft.parameters, errors),
        "template": template_title(draft.template),
        "warnings": messages_of(checked.warnings),
        "suggestions": list(checked.suggestions),
        "suggested": suggested_name(draft),
        "is_name_free": is_named and not draft.adopts,
        "environments": environment_options(draft.template, team, use),
        "also": also_options(draft),
        "members": lines if len(lines) > 1 else [],
        "tiers": tier_options(environment),
        "override_hints": override_hints(tier),
        "networks": network_options(environment),
        "egresses": egress_options(network),
        "is_production": bool(production_name(draft)),
        "to_confirm": production_name(draft),
        "price": price_of(*sizes),
        "ends": iso(checked.spec.expires_at if checked.spec else _end_of(draft, now=now)),
        "budget": budget_lines(team, use, *sizes) if team is not None and use is not None else [],
        "facts": facts_of(checked.spec) if checked.spec is not None else [],
        "approval": _approval_text(answer, environment),
        "needs_approval": checked.approval is not None,
        "is_complete": checked.spec is not None and not checked.issues,
    }


def _lifetime(environment: Environment) -> dict[str, object]:
    """Say how long what is in an environment may live, and whether it sleeps."""
    policy = POLICIES[environment]
    most = policy.max_ttl.days if policy.max_ttl else None
    offers = sorted({*_LIFETIMES, policy.default_ttl.days if policy.default_ttl else 0, most or 0})
    return {
        "has_expiry": most is not None,
        "lifetimes": [str(days) for days in offers if most is not None and 0 < days <= most],
        "lifetime_note": lifetime_note(most, policy.renewals),
        "may_sleep": policy.may_sleep,
    }


def _meaning(answer: Answer, team: Team | None, *, now: datetime) -> dict[str, object]:
    """Say what the draft means, once it is a spec."""
    spec, approval = answer.checked.spec, answer.checked.approval
    if spec is None or team is None:
        return {"found": [], "found_note": "", "access_lines": [], "dates": []}
    found = differences(default_spec(spec, team, asked_at=now), spec)
    against = "the defaults of its environment"
    return {
        "found": found,
        "found_note": unchanged_note(found, spec, against=against),
        "access_lines": access_lines(spec),
        "dates": date_facts(spec, approval, now=now),
    }


def _end_of(draft: Draft, *, now: datetime) -> datetime | None:
    """When it would end by what is typed, whatever else is missing; None where that is no span."""
    most = POLICIES[Environment(draft.environment)].max_ttl
    text = draft.expires_in_days.strip()
    days = int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else 0
    return now + timedelta(days=days) if most is not None and 0 < days <= most.days else None


def _approval_text(answer: Answer, environment: Environment) -> str:
    """Say who must approve; little while the draft is no spec yet."""
    checked = answer.checked
    if checked.spec is None:
        return _WAITS_FOR_SOMEBODY if environment is Environment.PRODUCTION else ""
    waiting = [line for line in answer.lines if line.approval]
    if len(answer.lines) > 1 and waiting:
        return " ".join(f"{line.name}: {line.approval}" for line in waiting)
    return "No approval needed" if checked.approval is None else checked.approval.why

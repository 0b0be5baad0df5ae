"""Does it fit the team's budget? Counted in the transaction that accepts the request."""

from ..domain.errors import BudgetExceededError, FieldIssue
from ..domain.quantities import binary, cores
from ..domain.spec import NamespaceSpec
from ..domain.teams import Resources, Team
from ..teams.teams import BudgetUse

__all__ = ["budget_issues", "ensure_fits"]


def _pool_issue(spec: NamespaceSpec, left: Resources) -> FieldIssue | None:
    wants = Resources.of(spec.size)
    rows = [
        ("CPU", wants.cpu, left.cpu, cores),
        ("memory", wants.memory, left.memory, binary),
        ("storage", wants.storage, left.storage, binary),
    ]
    short = [
        f"{name}: {spec.tier} needs {write(need)}, {write(has) if has > 0 else 0} is left"
        for name, need, has, write in rows
        if need > has
    ]
    if not short:
        return None
    return FieldIssue("tier", f"The budget of {spec.team} is short of {'; '.join(short)}.",
                      "TEAM_POOL")  # fmt: skip


def budget_issues(spec: NamespaceSpec, *, team: Team, use: BudgetUse) -> list[FieldIssue]:
    """Every ceiling that one more namespace of this spec would break."""
    budget, issues = team.budget, []
    if use.namespaces >= budget.namespaces:
        message = f"{team.name} uses {use.namespaces} of {budget.namespaces} namespaces."
        issues.append(FieldIssue("team", message, "TEAM_LIMIT"))
    here = use.per_environment.get(spec.environment, 0)
    allowed = budget.per_environment.get(spec.environment, 0)
    if here >= allowed:
        message = f"{team.name} uses {here} of {allowed} namespaces in {spec.environment}."
        issues.append(FieldIssue("environment", message, "TEAM_LIMIT"))
    left = budget.resources - use.used - use.reserved
    if (pool := _pool_issue(spec, left)) is not None:
        issues.append(pool)
    return issues


def ensure_fits(spec: NamespaceSpec, *, team: Team, use: BudgetUse) -> None:
    """Refuse what does not fit.

    Raises:
        BudgetExceededError: `TEAM_LIMIT` or `TEAM_POOL`, with the numbers.
    """
    issues = budget_issues(spec, team=team, use=use)
    if issues:
        first = issues[0]
        raise BudgetExceededError(first.message, code=first.code, field=first.field)

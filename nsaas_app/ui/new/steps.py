"""The wizard's steps: which fields each holds, and where an issue of the checks belongs. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final

from ...domain.approval import justification_issues
from ...domain.environments import Environment
from ...domain.errors import FieldIssue
from ...domain.names import app_issues
from .draft import Draft
from .members import base_of
from .overriding import OVERRIDE_FIELDS, OVERRIDE_PATHS

__all__ = [
    "FORM_STEPS",
    "PARAMETERS",
    "field_of",
    "first_step_with",
    "form_issues",
    "messages_of",
    "next_step",
    "open_step",
    "previous_step",
    "production_name",
    "step_of",
]

FORM_STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "basics": (
        "team", "environment", "also", "app", "name", "display_name", "description", "owner",
        "cost_center",
    ),
    "size": ("tier", *OVERRIDE_FIELDS.values()),
    "network": ("network", "gateway", "egress", "cidrs", "features"),
    "access": (
        "access", "expires_in_days", "sleep_windows", "sleep_timezone", "labels", "annotations",
    ),
    "review": ("justification", "confirm"),
}  # fmt: skip
"""Fields of each step, in the order they stand on the page."""

PARAMETERS: Final = "parameters."
"""What the names of a template's questions begin with."""

_PATHS: Final = {
    "network.preset": "network",
    "network.egress": "egress",
    "network.accept_from_gateway": "gateway",
    "network.cidrs": "cidrs",
    "expires_at": "expires_in_days",
    "sleep": "sleep_windows",
    "sleep.asleep": "sleep_windows",
    "sleep.timezone": "sleep_timezone",
    "requests.cpu": "tier",
    "requests.memory": "tier",
    "requests.storage": "tier",
    "overrides": "tier",
    **OVERRIDE_PATHS,
}


def field_of(path: str) -> str:
    """Give the form's field for a path of the spec: `access[1].name` belongs to `access`."""
    for pairs in ("labels", "annotations"):
        if path.startswith(f"{pairs}."):
            return pairs
    root = path.split("[", 1)[0]
    return _PATHS.get(root, root)


def step_of(field: str) -> str:
    """Give the step that shows a field; what has no field of its own shows in the review."""
    if field.startswith(PARAMETERS):
        return "basics"
    return next((step for step, fields in FORM_STEPS.items() if field in fields), "review")


def messages_of(issues: Iterable[FieldIssue]) -> dict[str, str]:
    """Gather messages by field; several of one field are read one after the other."""
    messages: dict[str, str] = {}
    for issue in issues:
        field = field_of(issue.field)
        earlier = messages.get(field)
        messages[field] = f"{earlier} {issue.message}" if earlier else issue.message
    return messages


def form_issues(draft: Draft, *, needs_approval: bool) -> list[FieldIssue]:
    """Check what no spec holds: the application, a template, the reason, the typed name."""
    issues = draft.template_issues()
    if not draft.adopts:
        issues += app_issues(draft.app.strip())
    if needs_approval:
        issues += justification_issues(draft.justification)
    if (wanted := production_name(draft)) and draft.confirm != wanted:
        issues.append(FieldIssue("confirm", f"Type {wanted} to confirm a production request."))
    return issues


def production_name(draft: Draft) -> str:
    """Give the name that production is confirmed by; empty where nothing of it is production."""
    production = Environment.PRODUCTION
    if draft.environment == production.value:
        return draft.name
    return f"{base_of(draft)}-{production.short}" if production.value in draft.also else ""


def first_step_with(fields: Iterable[str]) -> str:
    """Give the earliest step that shows one of the fields."""
    steps = list(FORM_STEPS)
    return min((step_of(field) for field in fields), key=steps.index, default="review")


def next_step(step: str) -> str:
    """Give the step after, the last one for itself."""
    steps = list(FORM_STEPS)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def previous_step(step: str) -> str:
    """Give the step before, the first one for itself."""
    steps = list(FORM_STEPS)
    return steps[max(steps.index(step) - 1, 0)]


def open_step(wanted: str, reached: int) -> str:
    """Give the wanted step when it was reached before, else the furthest one that was."""
    steps = list(FORM_STEPS)
    if wanted in steps and steps.index(wanted) <= reached:
        return wanted
    return steps[0] if not wanted else steps[min(reached, len(steps) - 1)]

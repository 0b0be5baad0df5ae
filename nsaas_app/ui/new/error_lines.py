"""The summary of errors: each with the name of its field, in the order of the page. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .steps import FORM_STEPS, PARAMETERS, step_of

__all__ = ["ErrorLine", "error_lines"]

_LABELS: Final = {
    "also": "Also in",
    "app": "Application",
    "cost_center": "Cost centre",
    "over_request_cpu": "CPU requested",
    "over_limit_cpu": "CPU limit",
    "over_request_memory": "Memory requested",
    "over_limit_memory": "Memory limit",
    "over_storage": "Storage",
    "over_pods": "Pods",
    "network": "Who may talk to it",
    "gateway": "Gateway",
    "egress": "Where it may talk to",
    "cidrs": "Address ranges",
    "access": "Who gets in",
    "expires_in_days": "Lifetime in days",
    "sleep_windows": "Asleep",
    "sleep_timezone": "Time zone",
    "justification": "Why is it needed",
    "confirm": "Type the name to confirm",
}
"""Where the field's name does not read as its label."""


@dataclass(frozen=True)
class ErrorLine:
    """One broken rule, and the field to go to."""

    field: str
    label: str
    message: str
    step: str


def error_lines(errors: Mapping[str, str]) -> list[ErrorLine]:
    """List errors in the order in which the fields stand; what has no field comes last."""
    order = [field for fields in FORM_STEPS.values() for field in fields]
    place = {field: position for position, field in enumerate(order)}
    fields = sorted(errors, key=lambda field: place.get(field, len(order)))
    return [ErrorLine(field, _label(field), errors[field], step_of(field)) for field in fields]


def _label(field: str) -> str:
    name = field.removeprefix(PARAMETERS)
    return _LABELS.get(name, name.replace("_", " ").capitalize())

"""The checker's vars: what the address asks, and the answer that the report gives."""

from collections.abc import Callable, Mapping
from typing import Final

from ...domain.errors import InvalidFieldsError
from ...insights.network import Cell
from ...insights.network_question import HERE, PROTOCOLS, Question
from .network_lines import CellLine
from .tabs import tab_address

__all__ = ["PROTOCOLS", "check_address", "check_vars"]

_FIELDS: Final = ("from", "to", "port", "protocol")
_DEFAULTS: Final = {"from": HERE, "to": "internet", "port": "443", "protocol": "TCP"}
_LONGEST: Final = 63


def check_address(name: str, form: Mapping[str, object]) -> str:
    """Write the address that asks what a form says."""
    wanted = {field: str(form.get(field, ""))[:_LONGEST].strip() for field in _FIELDS}
    return tab_address(name, "network", **wanted)


def check_vars(query: Mapping[str, str], ask: Callable[[Question], Cell]) -> dict[str, object]:
    """Compute the form and the answer; nothing is asked while the address names no end.

    Args:
        query: of the address.
        ask: gives the answer, from memory.
    """
    wanted = {field: query.get(field, "")[:_LONGEST] for field in _FIELDS}
    is_asked = bool(wanted["from"] or wanted["to"])
    shown = wanted if is_asked else _DEFAULTS
    values: dict[str, object] = {
        "check_from": shown["from"],
        "check_to": shown["to"],
        "check_port": shown["port"] or _DEFAULTS["port"],
        "check_protocol": shown["protocol"] or _DEFAULTS["protocol"],
        "check_key": " ".join(shown.values()),
        "check_errors": {},
        "checked": CellLine(),
    }
    if not is_asked:
        return values
    question = Question(
        wanted["from"],
        wanted["to"],
        wanted["protocol"] or _DEFAULTS["protocol"],
        wanted["port"] or _DEFAULTS["port"],
    )
    try:
        return values | {"checked": CellLine.of(ask(question))}
    except InvalidFieldsError as error:
        return values | {"check_errors": {issue.field: issue.message for issue in error.issues}}

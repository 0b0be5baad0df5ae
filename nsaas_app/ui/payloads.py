"""What an event brings along: exactly what its handler takes, or the handler does not run.

The framework hands a payload on as it came where it cannot convert it.
"""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

__all__ = ["fits"]


def fits(handler: Callable[..., Any], payload: object) -> bool:
    """Whether a payload names the handler's arguments, each with a value of its type."""
    hints = _arguments(handler)
    if not isinstance(payload, dict) or payload.keys() != hints.keys():
        return False
    return all(_is(value, hints[name]) for name, value in payload.items())


@cache
def _arguments(handler: Callable[..., Any]) -> dict[str, Any]:
    names = list(inspect.signature(handler).parameters)[1:]
    hints = get_type_hints(handler)
    return {name: hints.get(name, object) for name in names}


def _is(value: object, hint: Any) -> bool:
    """Whether a value that came as JSON is of one of JSON's types."""
    origin, inner = get_origin(hint) or hint, get_args(hint)
    if origin is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if origin in (str, bool):
        return isinstance(value, origin)
    if origin is list:
        return isinstance(value, list) and all(_is(each, inner[0]) for each in value)
    if origin is dict:
        # A form names fields that say nothing, too: what it holds is looked at by its handler.
        return isinstance(value, dict)
    return True

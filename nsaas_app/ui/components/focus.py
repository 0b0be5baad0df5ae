"""The focus goes back to what opened a dialog, where that is a row's own button.

A handler can put the focus on an element with a fixed id and no other. The browser finds a row's
button by its test id, when the dialog is closed; what is gone by then is replaced by the content.
"""

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec
from reflex_base.vars.base import VarData

__all__ = ["focus_on"]


def focus_on(test_id: Any) -> EventSpec:
    """Put the focus on the element with a test id, or on the content where there is none.

    Args:
        test_id: A text, or a var that holds one when the focus is moved.
    """
    var = rx.Var.create(test_id)
    found = f"document.querySelector(`[data-testid='${{{var}}}']`)"
    place: rx.Var[Any] = rx.Var(
        f"({{current: {found} ?? document.getElementById('main')}})",
        _var_data=VarData.merge(var._get_all_var_data()),  # noqa: SLF001 - no other way
    )
    event = rx.set_focus("")
    name, _ = event.args[0]
    return EventSpec(handler=event.handler, client_handler_name="", args=((name, place),))

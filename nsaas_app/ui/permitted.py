"""Declaring what an event handler needs. Whether somebody has it is asked in `guard.py`."""

from collections.abc import Callable
from typing import Any, TypeVarTuple

import reflex as rx
from reflex_base.event import EventCallback

from ..identity.permissions import Permission

__all__ = ["guarded"]

Args = TypeVarTuple("Args")
State = Any
"""A page's state: Reflex binds it to the handler."""


def guarded(
    permission: Permission, **options: Any
) -> Callable[[Callable[[State, *Args], Any]], EventCallback[*Args]]:
    """Declare what an event handler needs. The only way to make one."""

    def declare(
        handler: Callable[[State, *Args], Any],
    ) -> EventCallback[*Args]:
        vars(handler)["__permission__"] = permission
        return rx.event(**options)(handler)  # noqa: TID251 - here it gets its permission

    return declare

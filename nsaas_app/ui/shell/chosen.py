"""How the frame looks for one person: their preferences as its vars, and the theme put on."""

from typing import Literal

import reflex as rx
from reflex.style import set_color_mode

from ... import runtime
from ...domain.actors import Actor
from ...domain.preferences import Preferences
from .state import Shell

__all__ = ["chosen_by", "chosen_view", "theme_keeper"]


async def chosen_by(actor: Actor) -> dict[str, object]:
    """What somebody prefers, as vars of the frame."""
    return chosen_view(await runtime.current().preferences.chosen(actor))


def chosen_view(found: Preferences | None) -> dict[str, object]:
    """Write preferences into the vars of the frame; without any the browser's own theme stays."""
    usual = found or Preferences()
    return {
        "theme": found.theme.value if found else "",
        "density": usual.density.value,
        "motion": usual.motion.value,
        "time_zone": usual.time_zone,
    }


def theme_keeper() -> rx.Component:
    """Put on the theme that the person prefers, as soon as it is known and when it changes."""

    def put_on(mode: Literal["system", "light", "dark"]) -> rx.Component:
        # It comes into the page when the theme becomes this one, and says so to the browser.
        return rx.el.span(key=mode, hidden=True, on_mount=set_color_mode(mode))

    return rx.match(
        Shell.theme,
        ("system", put_on("system")),
        ("light", put_on("light")),
        ("dark", put_on("dark")),
        rx.fragment(),
    )

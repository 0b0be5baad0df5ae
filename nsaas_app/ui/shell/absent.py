"""What is not there, or not yours: the same words for both, and the ways on."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..palette.state import Palette
from ..routes import Pill

__all__ = ["absent_card"]


def _near(pill: Pill) -> rx.Component:
    return rx.el.li(
        rx.link(
            pill.label,
            href=pill.href,
            class_name="chip mono wraps",
            data_testid=f"nearest-{pill.key}",
        ),
        key=pill.key,
    )


def absent_card(
    message: str, nearest: list[Pill], *, all_label: str, all_href: str, all_id: str, test_id: str
) -> rx.Component:
    """Say that there is none, or that it is not theirs; offer the search, and names like it.

    Args:
        message: names what was looked for.
        nearest: own things with nearly that name.
        all_label: leads to the whole list.
        all_href: its address.
        all_id: test id of that link.
        test_id: of the card.
    """
    search = rx.el.button(
        rx.icon("search", size=16, aria_hidden="true"),
        "Search",
        type="button",
        on_click=Palette.open_palette(),
        class_name="button",
        data_testid="not-found-search",
    )
    near = rx.cond(
        nearest,
        rx.el.nav(
            rx.el.p("Closest of what you may see:", class_name="empty-text nearest-text"),
            rx.el.ul(rx.foreach(nearest, _near), class_name="chips nearest"),
            aria_label="Closest names",
            data_testid="nearest",
        ),
        rx.fragment(),
    )
    return card(
        empty_state(
            message,
            "Names are told only to members of the team they belong to.",
            search,
            rx.link(all_label, href=all_href, class_name="button", data_testid=all_id),
            icon="compass",
            test_id="not-found",
        ),
        near,
        test_id=test_id,
    )

"""A page that could not be read: the error in one card, and nothing that pretends to be empty."""

import reflex as rx

from ..components.problem import error_card
from ..problems import Problem
from .state import Shell

__all__ = ["page_body", "page_problem"]


def page_problem(problem: Problem) -> rx.Component:
    """Show why the page cannot be read, and the way to try again at once."""
    again = rx.el.a(
        rx.icon("rotate-cw", size=16, aria_hidden="true"),
        "Try again",
        href=Shell.address,
        reload_document=True,  # from the start: whatever was lost comes back with it
        class_name="button",
        data_testid="try-again",
    )
    # What one may not see is not there a moment later either.
    return error_card(problem, rx.cond(problem.code != "NOT_ALLOWED", again, rx.fragment()))


def page_body(problem: Problem, is_known: bool, *content: rx.Component) -> rx.Component:  # noqa: FBT001 - a Var
    """Put the problem above what was last known; without that, it stands alone.

    Args:
        problem: why the last reading failed; an empty code when it did not.
        is_known: whether any reading was good so far.
        content: the page.
    """
    return rx.fragment(
        page_problem(problem),
        rx.cond((problem.code == "") | is_known, rx.fragment(*content), rx.fragment()),
    )

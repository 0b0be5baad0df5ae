"""The wizard: one step at a time, a summary beside it, every rule told at its field."""

from typing import Any

import reflex as rx

from ..components.card import card
from ..components.skeleton import skeleton_rows
from ..components.stepper import stepper
from ..shell.frame import frame
from ..shell.trouble import page_problem
from .access_fields import access_step
from .fields import basics_step
from .moves import PANEL
from .network_fields import network_step
from .review import review_panels, submit_button
from .size_fields import size_step
from .start import adoption_banner
from .state import NewState
from .summary import error_summary, summary

__all__ = ["new_namespace"]


def _button(
    label: str, icon: str, event: Any, test_id: str, *, is_primary: bool = False, **props: Any
) -> rx.Component:
    look = "button button-primary" if is_primary else "button"
    mark = rx.icon(icon, size=16, aria_hidden="true")
    return rx.el.button(
        *((label, mark) if is_primary else (mark, label)),
        type="button",
        on_click=event,
        class_name=look,
        data_testid=test_id,
        **props,
    )


def _panel(step: str, title: str, text: str, *content: rx.Component) -> rx.Component:
    return card(error_summary(), *content, title=title, note=text, test_id=f"wizard-step-{step}")


def _moves() -> rx.Component:
    """Lead back and on; the last step hands in."""
    back = rx.cond(
        NewState.step == "basics",
        rx.fragment(),
        _button("Back", "arrow-left", NewState.go_back, "wizard-back"),
    )
    # What exists is not created: what it has stands for the defaults.
    label = rx.cond(NewState.draft.adopts == "", "Create with defaults", "Straight to the review")
    defaults = rx.cond(
        NewState.step == "basics",
        _button(label, "fast-forward", NewState.go_to_review, "wizard-defaults"),
        rx.fragment(),
    )
    next_ = _button("Next", "arrow-right", NewState.go_next, "wizard-next", is_primary=True)
    return rx.el.div(
        back,
        defaults,
        rx.cond(NewState.step == "review", submit_button(), next_),
        class_name="wizard-row",
    )


def _wizard() -> rx.Component:
    panels = rx.match(
        NewState.step,
        (
            "size",
            _panel(
                "size",
                "Size",
                "A quota for the namespace and defaults for its containers.",
                size_step(),
            ),
        ),
        (
            "network",
            _panel("network", "Network and features", "Closed unless opened.", network_step()),
        ),
        (
            "access",
            _panel("access", "Access and lifetime", "Who gets in, and until when.", access_step()),
        ),
        ("review", rx.el.div(error_summary(), review_panels())),
        _panel("basics", "Basics", "Only team, environment and name are needed.", basics_step()),
    )
    return rx.fragment(
        rx.el.div(
            stepper(NewState.step, NewState.reached + 1, is_linked=True, draft=NewState.kept_as),
            class_name="wizard-trail",
        ),
        adoption_banner(),
        rx.el.div(
            rx.el.div(
                panels,
                id=PANEL,
                tab_index=-1,
                role="group",
                aria_label="Step",
                class_name="wizard-main",
            ),
            _moves(),
            summary(),
            class_name="wizard",
        ),
    )


def new_namespace() -> rx.Component:
    """Build the wizard."""
    return frame(
        rx.cond(
            NewState.problem.code != "",
            page_problem(NewState.problem),
            rx.cond(
                NewState.is_loaded, _wizard(), card(skeleton_rows(6), test_id="wizard-loading")
            ),
        ),
        title="New namespace",
        active="",
        announcement=NewState.announcement,
        with_new=False,
    )

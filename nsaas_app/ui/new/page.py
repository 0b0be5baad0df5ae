"""The wizard: one step at a time, a summary beside it, every rule told at its field."""

from typing import Any

import reflex as rx

from ..components.budget import budget_list
from ..components.card import card
from ..components.instant import clock_time
from ..components.problem import error_card
from ..components.skeleton import skeleton_rows
from ..components.status import environment_tag
from ..components.stepper import stepper
from ..shell.frame import frame
from .access_fields import access_step
from .fields import basics_step, network_step, size_step
from .review import review_panels, submit_button
from .start import adoption_banner
from .state import NewState

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
    return card(*content, title=title, note=text, test_id=f"wizard-step-{step}")


def _next_row(*more: rx.Component) -> rx.Component:
    back = rx.cond(
        NewState.step == "basics",
        rx.fragment(),
        _button("Back", "arrow-left", NewState.go_back, "wizard-back"),
    )
    return rx.el.div(back, *more, class_name="wizard-row")


def _next() -> rx.Component:
    return _button("Next", "arrow-right", NewState.go_next, "wizard-next", is_primary=True)


def _basics() -> rx.Component:
    return rx.el.div(
        _panel(
            "basics",
            "Basics",
            "Only team, environment and name are needed.",
            basics_step(),
        ),
        _next_row(
            _button("Use defaults", "fast-forward", NewState.go_to_review, "wizard-defaults"),
            _next(),
        ),
    )


def _review() -> rx.Component:
    return rx.el.div(review_panels(), _next_row(submit_button()))


def _step(step: str, title: str, text: str, *content: rx.Component) -> rx.Component:
    return rx.el.div(_panel(step, title, text, *content), _next_row(_next()))


def _summary() -> rx.Component:
    def row(term: str, value: rx.Component) -> rx.Component:
        return rx.el.div(rx.el.dt(term), rx.el.dd(value), class_name="fact")

    facts = rx.el.dl(
        row(
            "Name",
            rx.el.span(
                rx.cond(NewState.draft.name != "", NewState.draft.name, "Not yet"),
                class_name="mono",
                data_testid="summary-name",
            ),
        ),
        row("Environment", environment_tag(NewState.draft.environment)),
        rx.cond(
            NewState.members,
            row(
                "And",
                rx.el.span(
                    rx.foreach(
                        NewState.members[1:],
                        lambda one: rx.el.span(one.name, class_name="mono block", key=one.name),
                    ),
                    data_testid="summary-members",
                ),
            ),
            rx.fragment(),
        ),
        row("Tier", rx.el.span(NewState.draft.tier, data_testid="summary-tier")),
        row("Network", rx.el.span(NewState.draft.network, data_testid="summary-network")),
        row("Cost", rx.el.span(NewState.price.text, class_name="num", data_testid="summary-cost")),
        row(
            "Ends",
            rx.cond(
                NewState.ends != "",
                clock_time(NewState.ends, test_id="summary-ends", shape="D MMM YYYY"),
                rx.el.span(rx.cond(NewState.has_expiry, "Not yet known", "Never")),
            ),
        ),
        row(
            "Approval",
            rx.el.span(
                rx.cond(NewState.approval != "", NewState.approval, "Not yet known"),
                data_testid="summary-approval",
            ),
        ),
        row(
            "Ready in",
            rx.el.span(
                rx.cond(
                    NewState.usual != "",
                    f"about {NewState.usual} (median of past requests)",
                    "No data yet",
                ),
                data_testid="summary-usual",
            ),
        ),
        class_name="facts facts-narrow",
    )
    budget = rx.cond(
        NewState.budget,
        rx.el.div(
            rx.el.h3("Team budget, before → after", class_name="part-title"),
            budget_list(NewState.budget),
        ),
        rx.el.p("Choose a team to see its budget.", class_name="field-help"),
    )
    return card(
        facts,
        budget,
        rx.cond(
            NewState.saved_at != "",
            rx.el.p(
                "Draft saved ",
                clock_time(NewState.saved_at, test_id="draft-saved", shape="HH:mm:ss"),
                class_name="field-help",
            ),
            rx.fragment(),
        ),
        _button("Start over", "rotate-ccw", NewState.start_over, "wizard-reset"),
        title="Summary",
        test_id="wizard-summary",
        class_name="summary",
    )


def _wizard() -> rx.Component:
    panels = rx.match(
        NewState.step,
        (
            "size",
            _step(
                "size",
                "Size",
                "A quota for the namespace and defaults for its containers.",
                size_step(),
            ),
        ),
        ("network", _step("network", "Network", "Closed unless opened.", network_step())),
        (
            "access",
            _step("access", "Access and lifetime", "Who gets in, and until when.", access_step()),
        ),
        ("review", _review()),
        _basics(),
    )
    return rx.fragment(
        rx.el.div(
            stepper(NewState.step, NewState.reached + 1, is_linked=True), class_name="wizard-trail"
        ),
        adoption_banner(),
        rx.el.div(rx.el.div(panels, class_name="wizard-main"), _summary(), class_name="wizard"),
    )


def new_namespace() -> rx.Component:
    """Build the wizard."""
    return frame(
        rx.cond(
            NewState.problem.code != "",
            error_card(NewState.problem),
            rx.cond(
                NewState.is_loaded, _wizard(), card(skeleton_rows(6), test_id="wizard-loading")
            ),
        ),
        title="New namespace",
        active="",
        announcement=NewState.announcement,
        with_new=False,
    )

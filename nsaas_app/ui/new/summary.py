"""The wizard's two sums: of what the draft comes to, and of what keeps it from going on."""

import reflex as rx

from ...domain.network import NetworkPreset
from ..components.budget import budget_list
from ..components.instant import clock_time
from ..components.status import environment_tag
from ..words import word_of
from .error_lines import ErrorLine
from .state import NewState

__all__ = ["error_summary", "summary"]


def summary() -> rx.Component:
    """Show what the draft comes to: beside the fields, or as a sheet above the buttons."""

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
        row(
            "Tier",
            rx.el.span(NewState.draft.tier, data_testid="summary-tier", class_name="first-capital"),
        ),
        row("Network", rx.el.span(_network(), data_testid="summary-network")),
        row("Cost", rx.el.span(NewState.price.text, class_name="num", data_testid="summary-cost")),
        row(
            "Ends",
            rx.cond(
                NewState.ends != "",
                clock_time(NewState.ends, test_id="summary-ends", shape="D MMM YYYY"),
                rx.el.span(rx.cond(NewState.has_expiry, "Once the lifetime is right", "Never")),
            ),
        ),
        row(
            "Approval",
            rx.el.span(
                rx.cond(
                    NewState.approval != "", NewState.approval, "Said once every field is right"
                ),
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
    body = rx.el.div(
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
        rx.cond(
            NewState.is_apart,
            rx.el.p(
                rx.icon("triangle-alert", size=14, class_name="shrink-0", aria_hidden="true"),
                rx.el.span(
                    "This draft was changed in another tab too. What you type here is kept as a "
                    "draft of its own; the other one is under the unfinished drafts."
                ),
                class_name="field-warning",
                role="status",
                data_testid="draft-apart",
            ),
            rx.fragment(),
        ),
        rx.el.button(
            rx.icon("rotate-ccw", size=16, aria_hidden="true"),
            "Start over",
            type="button",
            on_click=NewState.start_over,
            class_name="button",
            data_testid="wizard-reset",
        ),
        id="wizard_summary",
        class_name=rx.cond(NewState.is_summary_open, "summary-body summary-open", "summary-body"),
    )
    return rx.el.section(
        rx.el.h2("Summary", class_name="card-title summary-title"),
        _sheet_toggle(),
        body,
        class_name="card summary",
        data_testid="wizard-summary",
    )


def _network() -> rx.Component:
    words = ((preset.value, word_of(preset.value)) for preset in NetworkPreset)
    return rx.match(NewState.draft.network, *words, NewState.draft.network)


def _sheet_toggle() -> rx.Component:
    """Open the sheet where there is no room for the summary; one line says the most."""
    line = rx.el.span(
        rx.el.span(
            rx.cond(NewState.draft.name != "", NewState.draft.name, "No name yet"),
            class_name="mono summary-name",
        ),
        rx.el.span(NewState.draft.tier, class_name="first-capital"),
        rx.el.span(NewState.price.text, class_name="num"),
        class_name="summary-line",
    )
    return rx.el.button(
        line,
        rx.cond(
            NewState.is_summary_open,
            rx.icon("chevron-down", size=16, aria_hidden="true"),
            rx.icon("chevron-up", size=16, aria_hidden="true"),
        ),
        rx.el.span("Summary", class_name="sr-only"),
        type="button",
        on_click=NewState.toggle_summary,
        aria_expanded=rx.cond(NewState.is_summary_open, "true", "false"),
        aria_controls="wizard_summary",
        class_name="summary-toggle",
        data_testid="summary-toggle",
    )


def _error(line: ErrorLine) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            line.label,
            type="button",
            on_click=NewState.go_to_field(line.field),
            class_name="link-button",
            data_testid=f"error-link-{line.field}",
        ),
        rx.el.span(": ", line.message),
        key=line.field,
    )


def error_summary() -> rx.Component:
    """Sum up what keeps somebody from going on; each line leads to its field."""
    shown = rx.el.div(
        rx.el.p(
            rx.icon("octagon-x", size=16, class_name="shrink-0", aria_hidden="true"),
            rx.el.strong("Before you can go on:"),
            class_name="verdict",
        ),
        rx.el.ul(rx.foreach(NewState.error_lines, _error), class_name="error-links"),
        id="wizard_errors",
        tab_index=-1,
        role="group",
        aria_label="What keeps you from going on",
        class_name="error-summary",
        data_testid="error-summary",
    )
    return rx.cond(NewState.is_refused & (NewState.error_lines.length() > 0), shown)  # type: ignore[attr-defined]  # a Var

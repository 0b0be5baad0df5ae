"""What ends soon, and the dialog that renews all of it."""

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.fields import text_area
from ..components.instant import relative_time
from ..components.status import tone_icon
from ..namespace_views import EndingLine
from ..shell.waiting import waits_note
from .renewals import REASON, RenewAll, RenewLine
from .state import TeamState

__all__ = ["ending_card", "renew_dialog"]


def _ending_line(line: EndingLine) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.link(
                line.name,
                href=f"/namespaces/{line.name}",
                class_name="line-link mono",
                data_testid=f"ending-{line.name}",
            ),
            rx.el.p(line.owner, class_name="line-note"),
            class_name="line-main",
        ),
        rx.el.span(
            rx.cond(line.is_over, "ended ", ""),
            relative_time(line.expires_at, test_id=f"ending-{line.name}-at"),
            class_name=rx.cond(line.is_over, "line-took tone-bad", "line-took"),
        ),
        key=line.uid,
        class_name="line",
    )


def ending_card() -> rx.Component:
    """List what ends within 14 days, with one button for all of it."""
    renew = action_button(
        TeamState.renew_label,
        "calendar-plus",
        RenewAll.begin(TeamState.name),
        test_id="renew-all",
        reason=TeamState.why_not_renew,
    )
    lines = rx.fragment(
        rx.el.ul(rx.foreach(TeamState.ending, _ending_line), class_name="lines"),
        rx.cond(
            TeamState.ending_more != "",
            rx.link(
                TeamState.ending_more,
                href=f"/namespaces?team={TeamState.name}&sort=expires",
                class_name="card-link",
                data_testid="ending-all",
            ),
            rx.fragment(),
        ),
    )
    return card(
        rx.cond(
            TeamState.ending,
            lines,
            rx.el.p("None.", class_name="card-note", data_testid="ending-empty"),
        ),
        action_reason(TeamState.why_not_renew, test_id="renew-reason"),
        title="Ending within 14 days",
        note=rx.el.span(
            TeamState.ending_counted,
            class_name="num",
            data_testid="ending-count",
            data_value=TeamState.ending_total,
        ),
        action=renew,
        test_id="team-ending",
        class_name="span-5",
    )


def _line(line: RenewLine) -> rx.Component:
    asked = rx.cond(
        line.reason != "",
        line.reason,
        rx.fragment(
            rx.cond(line.is_over, "Ended ", "Ends "),
            relative_time(line.ends_at, test_id=f"renew-line-{line.name}-at"),
            "; then ",
            line.days,
            " from now",
            rx.cond(line.agreement != "", f". {line.agreement}", ""),
        ),
    )
    return rx.el.li(
        rx.match(
            line.state,
            ("accepted", tone_icon("ok")),
            ("refused", tone_icon("bad")),
            rx.cond(line.reason != "", tone_icon("none"), tone_icon("ending")),
        ),
        rx.el.div(
            rx.el.span(line.name, class_name="mono line-name"),
            rx.el.p(rx.cond(line.message != "", line.message, asked), class_name="line-note"),
            class_name="line-main",
        ),
        rx.cond(
            line.href != "",
            rx.link("Open request", href=line.href, data_testid=f"renew-request-{line.name}"),
            rx.fragment(),
        ),
        key=line.name,
        class_name="line",
        data_testid=f"renew-line-{line.name}",
        data_state=rx.cond(line.reason != "", "closed", line.state),
    )


def _why() -> rx.Component:
    return text_area(
        REASON,
        "Why",
        RenewAll.justification,
        edit=RenewAll.edit,
        leave=RenewAll.leave,
        help_text=f"Somebody must agree to {RenewAll.agreed} of them, and reads this first.",
        error=RenewAll.error,
    )


def renew_dialog() -> rx.Component:
    """Show what each gets, ask once, and tell how each was taken."""
    cancel = rx.dialog.close(
        rx.el.button(
            rx.cond(RenewAll.is_done, "Done", "Cancel"),
            type="button",
            class_name="button",
            data_testid="dialog-cancel",
        )
    )
    submit = action_button(
        f"Renew {RenewAll.ready}",
        "calendar-plus",
        RenewAll.submit,
        test_id="renew-all-submit",
        reason=rx.cond(RenewAll.ready > 0, "", "None of them can be renewed by you."),
        is_busy=RenewAll.is_busy,
        look="primary",
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(
                f"Renew what ends soon in {TeamState.title}", custom_attrs={"as": "h2"}
            ),
            rx.dialog.description(
                "One request each. Where somebody must agree, it waits for them under Approvals.",
                class_name="card-note dialog-note",
            ),
            waits_note(),
            rx.el.ul(rx.foreach(RenewAll.lines, _line), class_name="lines dialog-list"),
            rx.cond((RenewAll.agreed > 0) & ~RenewAll.is_done, _why(), rx.fragment()),
            rx.el.div(
                cancel,
                rx.cond(RenewAll.is_done, rx.fragment(), submit),
                class_name="dialog-actions",
            ),
            max_width="600px",
            on_close_auto_focus=RenewAll.give_back_focus,
            data_testid="dialog-renew-all",
        ),
        open=RenewAll.is_open,
        on_open_change=RenewAll.close,
    )

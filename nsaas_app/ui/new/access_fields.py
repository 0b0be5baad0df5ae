"""The wizard's access step: who gets in, and for how long."""

import reflex as rx

from ...domain.environments import Environment
from ..components.fields import SETTLE_MS, field_frame, text_area
from ..components.instant import clock_time
from .draft import GrantDraft
from .fields import draft_area, draft_field
from .state import NewState

__all__ = ["access_step"]


def _grant_select(
    index: int, part: str, value: str, options: tuple[str, ...], label: str
) -> rx.Component:
    return rx.el.div(
        rx.el.select(
            *(rx.el.option(option, value=option) for option in options),
            value=value,
            on_change=lambda choice: NewState.edit_grant(index, part, choice),
            class_name="control",
            aria_label=label,
            data_testid=f"field-access-{part}-{index}",
        ),
        rx.icon("chevron-down", size=16, class_name="select-mark", aria_hidden="true"),
        class_name="select",
    )


def _grant(grant: GrantDraft, index: int) -> rx.Component:
    name = rx.debounce_input(
        rx.el.input(
            type="text",
            value=grant.name,
            on_change=lambda text: NewState.edit_grant(index, "name", text),
            class_name="control",
            aria_label="Name of the group, user or account",
            auto_complete="off",
            spell_check=False,
            data_testid=f"field-access-name-{index}",
        ),
        debounce_timeout=SETTLE_MS,
    )
    return rx.el.li(
        _grant_select(index, "kind", grant.kind, ("Group", "User", "ServiceAccount"), "Kind"),
        name,
        _grant_select(index, "role", grant.role, ("viewer", "developer", "lead"), "Role"),
        rx.el.input(
            type="date",
            value=grant.until,
            on_change=lambda day: NewState.edit_grant(index, "until", day),
            class_name="control",
            aria_label="Last day of this access; empty without an end",
            title="Last day; empty without an end",
            data_testid=f"field-access-until-{index}",
        ),
        rx.el.button(
            rx.icon("x", size=16, aria_hidden="true"),
            type="button",
            on_click=NewState.remove_grant(index),
            class_name="icon-button",
            aria_label=f"Remove {grant.name}",
            data_testid=f"access-remove-{index}",
        ),
        class_name="grant",
        data_testid=f"access-line-{index}",
    )


def _lifetimes() -> rx.Component:
    """Offer usual lifetimes, and say when the chosen one ends."""

    def offer(days: str) -> rx.Component:
        return rx.el.button(
            f"{days} days",
            type="button",
            on_click=NewState.lasts(days),
            class_name="chip",
            aria_pressed=rx.cond(NewState.draft.expires_in_days == days, "true", "false"),
            data_testid=f"lifetime-{days}",
            key=days,
        )

    ends = rx.cond(
        NewState.ends != "",
        rx.el.span(
            "Ends ",
            clock_time(NewState.ends, test_id="lifetime-ends"),
        ),
        rx.fragment(),
    )
    return rx.el.div(rx.foreach(NewState.lifetimes, offer), ends, class_name="chips chips-under")


def access_step() -> rx.Component:
    """Who gets in, and for how long."""
    # Of production it is known before the rest of the draft is.
    must = NewState.needs_approval | (NewState.draft.environment == Environment.PRODUCTION.value)
    lines = rx.el.div(
        rx.el.div(
            *(rx.el.span(head) for head in ("Kind", "Name", "Role", "Last day (optional)")),
            class_name="grant grant-heads",
            aria_hidden="true",
        ),
        rx.el.ul(rx.foreach(NewState.draft.access, _grant), class_name="grants"),
        rx.el.button(
            rx.icon("plus", size=16, aria_hidden="true"),
            "Add access",
            type="button",
            on_click=NewState.add_grant,
            class_name="button",
            data_testid="access-add",
        ),
        role="group",
        aria_labelledby="label_access",
        data_testid="field-access",
    )
    ends = rx.cond(
        NewState.has_expiry,
        rx.fragment(
            draft_field(
                "expires_in_days",
                "Lifetime in days",
                NewState.draft.expires_in_days,
                f"{NewState.lifetime_note} You are warned before it ends.",
                input_mode="numeric",
            ),
            _lifetimes(),
        ),
        rx.el.p(
            "It has no end: production namespaces live until released.", class_name="field-help"
        ),
    )
    return rx.fragment(
        field_frame(
            "access",
            "Who gets in",
            lines,
            help_text="The team's groups by default. Access comes last: the limits stand first.",
            error=NewState.errors["access"],
            is_group=True,
        ),
        ends,
        rx.cond(
            NewState.may_sleep,
            _sleep(),
            rx.el.p("Production never sleeps.", class_name="field-help"),
        ),
        draft_area(
            "labels",
            "Labels (optional)",
            NewState.draft.labels,
            "One key=value a line, at most ten. They are put on the namespace.",
        ),
        draft_area(
            "annotations",
            "Annotations (optional)",
            NewState.draft.annotations,
            "One key=value a line, at most ten; for tools that read them on the namespace.",
        ),
        draft_area(
            "justification",
            rx.cond(must, "Why is it needed", "Why is it needed (optional)"),
            NewState.draft.justification,
            rx.cond(
                must,
                "Somebody must approve and reads it: at least 20 characters.",
                "Read by whoever must approve; nobody must as it stands.",
            ),
        ),
    )


def _sleep() -> rx.Component:
    """When it sleeps by itself: the environment's schedule until somebody writes another."""
    return rx.fragment(
        text_area(
            "sleep_windows",
            "Asleep (optional)",
            NewState.draft.sleep_windows,
            edit=NewState.edit,
            leave=NewState.leave,
            help_text="What runs is stopped then and comes back as it was. One window a line, "
            "such as Mon-Fri 20:00-07:00 or Sat-Sun; idle 4h: whenever nobody used it for so long. "
            "Empty: it never sleeps by itself.",
            error=NewState.errors["sleep_windows"],
        ),
        rx.cond(
            NewState.draft.sleep_windows != "",
            draft_field(
                "sleep_timezone",
                "Time zone",
                NewState.draft.sleep_timezone,
                "An IANA name such as Europe/Berlin; summer time is heeded.",
                is_mono=True,
            ),
            rx.fragment(),
        ),
    )

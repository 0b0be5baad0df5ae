"""The overview's two lists: what needs attention, and the requests in flight."""

import reflex as rx

from ..components.card import card
from ..components.empty import NOT_YOURS, empty_state
from ..components.instant import MINUTES
from ..components.skeleton import skeleton_rows
from ..components.status import status_badge, tone_icon
from ..components.table import changes_pill
from ..holding import holding
from ..renewing import renew_button
from ..shell.state import Shell
from .attention import Attention
from .flights import Flight
from .state import OverviewState

__all__ = ["attention_card", "flights_card"]


def _line(item: Attention) -> rx.Component:
    solved = rx.el.span(
        rx.icon("check", size=14, aria_hidden="true"), "Solved", class_name="bar-mark tone-ok"
    )
    return rx.el.li(
        rx.cond(item.is_solved, tone_icon("ok"), tone_icon(item.tone)),
        rx.el.div(
            rx.link(
                item.name,
                href=item.href,
                class_name="line-link mono",
                data_testid=f"attention-link-{item.key}",
            ),
            rx.el.p(
                rx.cond(
                    item.is_solved,
                    rx.el.s(item.message),
                    rx.fragment(item.message, " ", item.more),
                ),
                class_name="line-note",
            ),
            class_name="line-main",
        ),
        rx.el.span(item.team, class_name="line-took attention-team"),
        rx.el.span(
            rx.cond(
                item.is_solved,
                solved,
                rx.cond(
                    item.renew != "",
                    renew_button(item.name, item.renew, test_id=f"attention-renew-{item.key}"),
                    rx.link(
                        item.way,
                        rx.el.span(" ", item.way_to, class_name="way-to"),
                        rx.el.span(": ", item.name, class_name="sr-only"),
                        href=item.href,
                        class_name="card-link",
                        data_testid=f"attention-way-{item.key}",
                    ),
                ),
            ),
            class_name="attention-act",
        ),
        key=item.key,
        class_name="line attention-line",
        data_testid=f"attention-{item.key}",
        data_state=rx.cond(item.is_solved, "solved", item.tone),
    )


def _calm() -> rx.Component:
    ask = rx.link(
        "New namespace", href="/new", class_name="button button-primary", data_testid="empty-new"
    )
    ready = rx.cond(
        OverviewState.usual != "",
        rx.fragment("A small one is ready in about ", OverviewState.usual, " (p50, last 30 days)."),
        rx.fragment("Ask for one: quota, network isolation and access come with it."),
    )
    return rx.cond(
        OverviewState.total > 0,
        empty_state(
            "Nothing needs you",
            "Every namespace you see is healthy.",
            icon="circle-check",
            test_id="attention-empty",
        ),
        empty_state(
            "No namespace yet",
            rx.cond(Shell.may_request, ready, NOT_YOURS),
            rx.cond(Shell.may_request, ask, rx.fragment()),
        ),
    )


def attention_card() -> rx.Component:
    """List what needs somebody; nothing moves while somebody is at it."""
    more = rx.link(
        OverviewState.attention_more,
        href=OverviewState.attention_href,
        class_name="card-link",
        data_testid="attention-all",
        data_value=OverviewState.attention_count,
    )
    lines = rx.el.div(
        rx.el.ul(rx.foreach(OverviewState.attention, _line), class_name="lines"),
        rx.el.div(
            rx.cond(OverviewState.attention_more != "", more, rx.fragment()),
            changes_pill(OverviewState.waiting, OverviewState.apply_changes),
            class_name="attention-foot",
        ),
        **holding(OverviewState),
    )
    return card(
        rx.cond(
            OverviewState.is_loaded,
            rx.cond(OverviewState.attention, lines, _calm()),
            skeleton_rows(4),
        ),
        title=OverviewState.attention_title,
        note="Most harmful first",
        test_id="attention",
        class_name="span-7 card-steady",
    )


def _flight(flight: Flight) -> rx.Component:
    line = flight.line
    counted = rx.moment(
        flight.since,
        duration_from_now=True,
        interval=1000,
        format=f"d[ d] h[ h] m{MINUTES} s[ s]",
        trim="both",
    )
    return rx.el.li(
        rx.el.div(
            rx.link(
                line.kind,
                " ",
                rx.el.span(line.namespace, class_name="mono"),
                href=f"/requests/{line.request_id}",
                class_name="line-link",
                data_testid=f"in-flight-link-{line.request_id}",
            ),
            rx.el.div(
                rx.el.div(class_name="bar-fill", style={"width": f"{flight.share}%"}),
                class_name="bar flight-bar",
                role="progressbar",
                aria_label=f"Progress of {line.namespace}",
                aria_valuenow=flight.share,
                aria_valuemin=0,
                aria_valuemax=100,
                aria_valuetext=flight.way,
                title=flight.way,
                data_testid=f"in-flight-bar-{line.request_id}",
                data_value=flight.share,
            ),
            rx.el.p(flight.words, class_name="line-note"),
            class_name="line-main",
        ),
        rx.el.span(
            rx.cond(flight.since != "", counted, line.took),
            class_name="num line-took",
            data_testid=f"in-flight-since-{line.request_id}",
            data_value=flight.since,
        ),
        status_badge(
            line.word,
            line.tone,
            test_id=f"in-flight-status-{line.request_id}",
            raw=line.status,
        ),
        key=line.request_id,
        class_name="line line-wrap",
        data_testid=f"in-flight-{line.request_id}",
    )


def flights_card() -> rx.Component:
    """List the requests that wait or run, oldest first."""
    more = rx.link(
        OverviewState.in_flight_more,
        href="/requests?scope=queue",
        class_name="card-link",
        data_testid="in-flight-all",
    )
    lines = rx.el.div(
        rx.el.ul(rx.foreach(OverviewState.in_flight, _flight), class_name="lines"),
        rx.el.div(
            rx.cond(OverviewState.in_flight_more != "", more, rx.fragment()),
            changes_pill(
                OverviewState.in_flight_waiting,
                OverviewState.apply_changes,
                test_id="in-flight-apply",
            ),
            class_name="attention-foot",
        ),
        **holding(OverviewState),
    )
    quiet = empty_state(
        "Nothing under way",
        "Requests that wait or run show here, step by step.",
        icon="list-checks",
        test_id="in-flight-empty",
    )
    return card(
        rx.cond(
            OverviewState.is_loaded,
            rx.cond(OverviewState.in_flight, lines, quiet),
            skeleton_rows(4),
        ),
        title=OverviewState.in_flight_title,
        note="Waiting or running now",
        test_id="in-flight",
        class_name="span-5 card-steady",
    )

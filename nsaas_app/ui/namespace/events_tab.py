"""The events section: warnings gathered by cause, each with its fix and who can do it."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import relative_time
from ..components.pills import pill_row
from ..shell.state import Shell
from .state import NamespacePage
from .warnings_view import ShortLine, WarningCard

__all__ = ["events_tab", "warning_card"]


def _fact(term: str, value: str, test_id: str) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(value, data_testid=test_id), class_name="fact")


def _short(line: ShortLine) -> rx.Component:
    return rx.el.li(line.text, key=line.resource, data_testid=f"short-{line.resource}")


def warning_card(line: WarningCard) -> rx.Component:
    """Show one cause: what happened to what, how often, and what to do."""
    area = f"warning-{line.key}"
    return rx.el.li(
        rx.icon("triangle-alert", size=18, class_name="tone-warn shrink-0", aria_hidden="true"),
        rx.el.div(
            rx.el.div(
                rx.el.h3(line.title, class_name="line-name"),
                rx.el.span(line.times, class_name="num line-took"),
                class_name="warning-head",
            ),
            rx.el.p(
                "Last seen ",
                relative_time(line.last_seen, test_id=f"{area}-seen"),
                " on ",
                rx.el.span(line.objects, class_name="mono", data_testid=f"{area}-objects"),
                class_name="line-note",
            ),
            rx.cond(
                line.shortfalls,
                rx.el.ul(rx.foreach(line.shortfalls, _short), class_name="rules"),
                rx.fragment(),
            ),
            rx.el.dl(
                _fact("Fix", line.fix, f"{area}-fix"),
                _fact("Who can fix", line.who, f"{area}-who"),
                _fact("Code", line.code, f"{area}-code"),
                class_name="facts facts-narrow",
            ),
            rx.el.details(
                rx.el.summary("What the cluster said", data_testid=f"{area}-raw-toggle"),
                rx.el.pre(line.message, class_name="raw", data_testid=f"{area}-raw"),
                class_name="problem-raw",
            ),
            class_name="line-main",
        ),
        key=line.key,
        class_name="warning",
        data_testid=area,
        data_as_of=Shell.as_of,
    )


def _none() -> rx.Component:
    quiet = empty_state(
        "No warning in the last hour",
        "The cluster keeps its events for an hour; new ones show here at once.",
        icon="circle-check",
        test_id="events-empty",
    )
    no_match = empty_state(
        "No warning matches",
        "Others are left out by the filters.",
        rx.link(
            "Clear filters",
            href=f"/namespaces/{NamespacePage.title}?tab=events",
            class_name="button",
            data_testid="filter-clear",
        ),
        icon="filter-x",
        test_id="events-no-match",
    )
    return rx.cond(NamespacePage.is_filtered, no_match, quiet)


def events_tab() -> rx.Component:
    """Build the section."""
    filters = rx.el.div(
        pill_row(NamespacePage.warning_kinds, label="Kind of object", area="kind"),
        pill_row(NamespacePage.warning_spans, label="Seen within", area="since"),
        class_name="code-tools",
    )
    return rx.el.div(
        card(
            filters,
            rx.cond(
                NamespacePage.warnings,
                rx.el.ul(rx.foreach(NamespacePage.warnings, warning_card), class_name="lines"),
                _none(),
            ),
            title="Warnings",
            note="Gathered by cause, the newest first; the cluster's own words under each",
            test_id="namespace-events",
            class_name="span-12",
        ),
        class_name="grid",
    )

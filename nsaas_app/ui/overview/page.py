"""The overview: headline numbers, what needs attention, what is under way."""

import reflex as rx

from ..components.card import card, stat_card
from ..components.empty import empty_state
from ..components.pills import pill_row
from ..components.problem import error_card
from ..components.request_line import request_line
from ..components.skeleton import skeleton_rows
from ..components.status import tone_icon
from ..renewing import renew_button
from ..shell.frame import frame
from ..shell.state import Shell
from .attention import Attention
from .charts_view import counts_card, times_card, uses_card
from .state import OverviewState
from .transform import Share, Stat

__all__ = ["overview"]


def _stat(
    label: str, stat: Stat, *, icon: str, test_id: str, href: str, meaning: str
) -> rx.Component:
    return stat_card(
        label,
        stat.text,
        unit=stat.unit,
        note=stat.note,
        icon=icon,
        test_id=test_id,
        raw=stat.raw,
        as_of=OverviewState.as_of,
        is_loaded=OverviewState.is_loaded,
        href=href,
        meaning=meaning,
    )


def _stats() -> rx.Component:
    return rx.el.div(
        _stat(
            "Namespaces",
            OverviewState.namespaces,
            icon="box",
            test_id="metric-total-namespaces",
            href="/namespaces",
            meaning="Managed namespaces that are Active in the cluster.",
        ),
        _stat(
            "Active deployments",
            OverviewState.deployments,
            icon="rocket",
            test_id="metric-active-deployments",
            href="/namespaces",
            meaning="Deployments with at least one available replica in managed namespaces.",
        ),
        _stat(
            "Success rate",
            OverviewState.success,
            icon="circle-check",
            test_id="metric-success-rate",
            href="/requests?kind=provision",
            meaning="Completed of all that ended, without what people cancelled or let expire.",
        ),
        _stat(
            "Provision time",
            OverviewState.time,
            icon="timer",
            test_id="metric-provision-time",
            href="/requests?kind=provision&status=completed",
            meaning="From submit to completed, without waiting for approval.",
        ),
        class_name="stats",
    )


def _attention_line(item: Attention) -> rx.Component:
    return rx.el.li(
        tone_icon(item.tone),
        rx.el.div(
            rx.link(
                item.name,
                href=item.href,
                class_name="line-link mono",
                data_testid=f"attention-link-{item.key}",
            ),
            rx.el.p(item.message, " ", item.more, class_name="line-note"),
            class_name="line-main",
        ),
        rx.cond(
            item.renew != "",
            renew_button(item.name, item.renew, test_id=f"attention-renew-{item.key}"),
            rx.fragment(),
        ),
        rx.el.span(item.team, class_name="line-took"),
        key=item.key,
        class_name="line",
        data_testid=f"attention-{item.key}",
        data_state=item.tone,
    )


def _attention() -> rx.Component:
    calm = rx.cond(
        OverviewState.total > 0,
        empty_state(
            "Nothing needs you",
            "Every namespace you see is healthy.",
            icon="circle-check",
            test_id="attention-empty",
        ),
        empty_state(
            "No namespace yet",
            "Ask for one: quota, network isolation and access come with it.",
            rx.cond(
                Shell.may_request,
                rx.link(
                    "New namespace",
                    href="/new",
                    class_name="button button-primary",
                    data_testid="empty-new",
                ),
                rx.fragment(),
            ),
        ),
    )
    lines = rx.fragment(
        rx.el.ul(rx.foreach(OverviewState.attention, _attention_line), class_name="lines"),
        rx.cond(
            OverviewState.attention_more != "",
            rx.link(
                OverviewState.attention_more,
                href="/namespaces?sort=health",
                class_name="card-link",
                data_testid="attention-all",
            ),
            rx.fragment(),
        ),
    )
    return card(
        rx.cond(
            OverviewState.is_loaded,
            rx.cond(OverviewState.attention, lines, calm),
            skeleton_rows(4),
        ),
        title="Needs attention",
        note="Most harmful first",
        test_id="attention",
        class_name="span-7",
    )


def _in_flight() -> rx.Component:
    lines = rx.fragment(
        rx.el.ul(
            rx.foreach(OverviewState.in_flight, lambda line: request_line(line, area="in-flight")),
            class_name="lines",
        ),
        rx.cond(
            OverviewState.in_flight_more != "",
            rx.link(
                OverviewState.in_flight_more,
                href="/requests?status=provisioning",
                class_name="card-link",
                data_testid="in-flight-all",
            ),
            rx.fragment(),
        ),
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
        title="Requests in flight",
        note="Waiting or running now",
        test_id="in-flight",
        class_name="span-5",
    )


def _share_line(item: Share) -> rx.Component:
    return rx.el.li(
        rx.link(
            item.label, href=item.href, class_name="share-link", data_testid=f"share-{item.value}"
        ),
        rx.el.div(
            rx.el.div(class_name="bar-fill", style={"width": f"{item.share}%"}),
            class_name="bar",
            aria_hidden="true",
        ),
        rx.el.span(
            item.number,
            class_name="num share-number",
            data_testid=f"share-{item.value}-count",
            data_value=item.number,
        ),
        key=item.value,
        class_name="share",
    )


def _distribution() -> rx.Component:
    def part(title: str, shares: list[Share]) -> rx.Component:
        return rx.el.div(
            rx.el.h3(title, class_name="part-title"),
            rx.cond(
                OverviewState.is_loaded,
                rx.el.ul(rx.foreach(shares, _share_line), class_name="shares"),
                skeleton_rows(3, height="32px"),
            ),
        )

    return card(
        part("By environment", OverviewState.by_environment),
        part("By team", OverviewState.by_team),
        title="Where they are",
        note="Number of namespaces you may see",
        test_id="distribution",
        class_name="span-5",
    )


def _recent() -> rx.Component:
    lines = rx.el.ul(
        rx.foreach(OverviewState.recent, lambda line: request_line(line, area="recent")),
        class_name="lines",
    )
    return card(
        rx.cond(
            OverviewState.is_loaded,
            rx.cond(
                OverviewState.recent,
                lines,
                empty_state("No request yet", icon="list-checks", test_id="recent-empty"),
            ),
            skeleton_rows(6),
        ),
        title="Latest requests",
        note="Newest first, with the time each took",
        action=rx.link(
            "All requests", href="/requests", class_name="card-link", data_testid="recent-all"
        ),
        test_id="recent",
        class_name="span-12",
    )


def _filters() -> rx.Component:
    scopes = rx.cond(
        OverviewState.sees_fleet,
        pill_row(OverviewState.scopes, label="Whose", area="scope"),
        rx.fragment(),
    )
    return rx.el.div(
        scopes,
        pill_row(OverviewState.windows, label="Counted over", area="window"),
        rx.cond(
            OverviewState.notice != "",
            rx.el.p(OverviewState.notice, class_name="card-note", data_testid="scope-notice"),
            rx.fragment(),
        ),
        class_name="filter-bar pill-bar",
    )


def overview() -> rx.Component:
    """Build the overview."""
    return frame(
        error_card(OverviewState.problem),
        _filters(),
        _stats(),
        rx.el.div(
            _attention(),
            _in_flight(),
            counts_card(),
            uses_card(),
            times_card(),
            _distribution(),
            _recent(),
            class_name="grid",
        ),
        title="Overview",
        active="overview",
    )

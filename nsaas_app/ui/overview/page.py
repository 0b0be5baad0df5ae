"""The overview: headline numbers, what needs attention, what is under way."""

import reflex as rx

from ..components.card import card, stat_card
from ..components.empty import empty_state
from ..components.pills import pill_row
from ..components.request_line import request_line
from ..components.skeleton import skeleton_rows
from ..shell.frame import frame
from ..shell.trouble import page_body
from .changes_view import change_line
from .charts_view import counts_card, times_card
from .lists_view import attention_card, flights_card
from .state import OverviewState
from .transform import Share, Stat
from .uses_view import uses_card

__all__ = ["overview"]


def _stat(label: str, stat: Stat, *, icon: str, test_id: str, meaning: str) -> rx.Component:
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
        href=stat.href,
        meaning=rx.cond(stat.told != "", f"{meaning} {stat.told}", meaning),
        change=change_line(stat, test_id=test_id),
    )


def _stats() -> rx.Component:
    return rx.el.div(
        _stat(
            "Namespaces",
            OverviewState.namespaces,
            icon="box",
            test_id="metric-total-namespaces",
            meaning="Managed namespaces whose Namespace is Active in the cluster, now.",
        ),
        _stat(
            "Active deployments",
            OverviewState.deployments,
            icon="rocket",
            test_id="metric-active-deployments",
            meaning="Deployments with at least one available replica in managed namespaces, now.",
        ),
        _stat(
            "Success rate",
            OverviewState.success,
            icon="circle-check",
            test_id="metric-success-rate",
            meaning="Completed ÷ (completed + failed) of the requests to provision in the window. "
            "What people cancelled, rejected or let expire does not count.",
        ),
        _stat(
            "Provision time",
            OverviewState.time,
            icon="timer",
            test_id="metric-provision-time",
            meaning="Mean of the time from submit to completed, without waiting for approval. "
            "95 of 100 were ready within p95.",
        ),
        class_name="stats",
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
        rx.cond(
            OverviewState.is_loaded & ~OverviewState.by_team.length().bool(),  # type: ignore[attr-defined]  # a Var
            rx.fragment(),
            part("By team", OverviewState.by_team),
        ),
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
        pill_row(OverviewState.windows, label="Counted over", area="window"),
        # Who sees one scope alone has no choice: what stands first does not move for it.
        scopes,
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
        page_body(
            OverviewState.problem,
            OverviewState.is_known,
            _filters(),
            _stats(),
            rx.el.div(
                attention_card(),
                flights_card(),
                counts_card(),
                uses_card(),
                times_card(),
                _distribution(),
                _recent(),
                class_name="grid",
            ),
        ),
        title="Overview",
        active="overview",
    )

"""Bars of a team's budget: used solid, reserved lighter, against the limit."""

import reflex as rx

from ..team_views import BudgetBar

__all__ = ["budget_bar", "budget_cell", "plain_parts"]


def plain_parts(bar: BudgetBar) -> rx.Component:
    """Fill a bar with what is used and, hatched, what is reserved."""
    return rx.fragment(
        rx.el.div(class_name="bar-fill", style={"width": f"{bar.share_used}%"}),
        rx.cond(
            bar.share_reserved > 0,
            rx.el.div(
                class_name="bar-added bar-hatched", style={"width": f"{bar.share_reserved}%"}
            ),
            rx.fragment(),
        ),
    )


def _track(bar: BudgetBar, parts: rx.Component, look: str) -> rx.Component:
    return rx.el.div(
        parts,
        class_name=f"bar bar-parts {look} bar-{bar.tone}",
        custom_attrs={"role": "meter"},
        aria_label=bar.label,
        aria_valuenow=bar.share_used + bar.share_reserved,
        aria_valuemin=0,
        aria_valuemax=100,
        aria_valuetext=bar.sentence,
    )


def _mark(bar: BudgetBar) -> rx.Component:
    def mark(icon: str, tone: str, word: str) -> rx.Component:
        return rx.el.span(
            rx.icon(icon, size=14, aria_hidden="true"), word, class_name=f"bar-mark tone-{tone}"
        )

    return rx.match(
        bar.tone,
        ("near", mark("triangle-alert", "warn", "Near limit")),
        ("almost", mark("triangle-alert", "warn", "Almost full")),
        ("full", mark("octagon-x", "bad", "Full")),
        rx.fragment(),
    )


def budget_bar(bar: BudgetBar, *, as_of: str, pieces: rx.Component | None = None) -> rx.Component:
    """Show one limit with its numbers in words; with pieces, who takes what of it."""
    return rx.el.div(
        rx.el.div(
            rx.el.span(bar.label, class_name="quota-label"), _mark(bar), class_name="quota-head"
        ),
        _track(bar, pieces if pieces is not None else plain_parts(bar), "bar-tall"),
        rx.el.p(
            bar.sentence,
            class_name="quota-text num",
            data_testid=f"team-budget-{bar.key}",
            data_value=bar.used,
            data_reserved=bar.reserved,
            data_hard=bar.hard,
            data_as_of=as_of,
        ),
        key=bar.key,
        class_name="quota",
    )


def budget_cell(bar: BudgetBar, *, test_id: str, as_of: str) -> rx.Component:
    """Show one limit inside a table cell."""
    return rx.el.div(
        _track(bar, plain_parts(bar), "bar-slim"),
        rx.el.span(bar.short, class_name="num quota-short"),
        title=bar.sentence,
        class_name="quota-cell",
        data_testid=test_id,
        data_value=bar.used,
        data_hard=bar.hard,
        data_as_of=as_of,
    )

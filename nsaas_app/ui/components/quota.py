"""Quota bars: how much of a hard limit is requested, told by length, shape and number."""

import reflex as rx

from ..quotas import QuotaCell, QuotaView

__all__ = ["quota_bar", "quota_cell"]


def _track(
    view: QuotaView | QuotaCell, label: str, sentence: str, *marks: rx.Component
) -> rx.Component:
    return rx.el.div(
        rx.el.div(class_name="bar-fill", style={"width": f"{view.share}%"}),
        *marks,
        class_name=f"bar bar-{view.tone}",
        custom_attrs={"role": "meter"},
        aria_label=label,
        aria_valuenow=view.share,
        aria_valuemin=0,
        aria_valuemax=100,
        aria_valuetext=sentence,
    )


def _warning(view: QuotaView) -> rx.Component:
    def mark(icon: str, tone: str, word: str) -> rx.Component:
        return rx.el.span(
            rx.icon(icon, size=14, aria_hidden="true"), word, class_name=f"bar-mark tone-{tone}"
        )

    return rx.match(
        view.tone,
        ("near", mark("triangle-alert", "warn", "Near limit")),
        ("almost", mark("triangle-alert", "warn", "Almost full")),
        ("full", mark("octagon-x", "bad", "Full")),
        rx.fragment(),
    )


def quota_bar(view: QuotaView, *, as_of: str) -> rx.Component:
    """Show one resource with its numbers in words, and a mark at what is really in use."""
    in_use = rx.cond(
        view.now >= 0,
        rx.el.div(class_name="bar-now", style={"left": f"{view.now}%"}),
        rx.fragment(),
    )
    return rx.el.div(
        rx.el.div(
            rx.el.span(view.label, class_name="quota-label"),
            _warning(view),
            class_name="quota-head",
        ),
        _track(view, view.label, view.sentence, in_use),
        rx.el.p(
            view.sentence,
            class_name="quota-text num",
            data_testid=f"quota-{view.resource}",
            data_value=view.used_raw,
            data_hard=view.hard_raw,
            data_as_of=as_of,
        ),
        class_name="quota",
    )


def quota_cell(view: QuotaCell, label: str, *, test_id: str, as_of: str) -> rx.Component:
    """Show one resource inside a table cell."""
    return rx.el.div(
        _track(view, label, rx.cond(view.hard_raw != "", view.short, "No quota seen yet")),
        rx.el.span(view.short, class_name="num quota-short"),
        class_name="quota-cell",
        data_testid=test_id,
        data_value=view.used_raw,
        data_hard=view.hard_raw,
        data_as_of=as_of,
    )

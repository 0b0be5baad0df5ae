"""The calculator: replicas, CPU and memory of one pod, and whether that fits."""

import reflex as rx

from ..components.fields import SETTLE_MS
from ..components.status import tone_icon
from .state import FitLine, Fitting

__all__ = ["fit_calculator"]


def _field(about: str | rx.Var[str], field: str, label: str, hint: str) -> rx.Component:
    error = Fitting.errors[field]
    return rx.el.div(
        rx.el.label(label, html_for=f"field_fit_{field}", class_name="field-label"),
        rx.debounce_input(
            rx.el.input(
                type="text",
                id=f"field_fit_{field}",
                value=Fitting.form[field],
                on_change=lambda text: Fitting.edit(about, field, text),
                on_focus=Fitting.ask(about),
                class_name="control num",
                auto_complete="off",
                spell_check=False,
                placeholder=hint,
                aria_describedby=f"error_fit_{field}",
                aria_invalid=rx.cond(error, "true", "false"),
                data_testid=f"field-fit-{field}",
            ),
            debounce_timeout=SETTLE_MS,
        ),
        rx.cond(
            error,
            rx.el.p(
                error,
                id=f"error_fit_{field}",
                class_name="field-error",
                data_testid=f"error-fit-{field}",
            ),
            rx.fragment(),
        ),
        class_name="fit-field",
    )


def _line(line: FitLine) -> rx.Component:
    return rx.el.li(
        tone_icon(line.tone),
        rx.el.span(line.label, class_name="line-name"),
        rx.el.span(line.text, class_name="num"),
        key=line.key,
        class_name="fit-line",
        data_testid=f"fit-{line.key}",
        data_state=line.tone,
    )


def fit_calculator(about: str | rx.Var[str] = "") -> rx.Component:
    """Build it for the tiers, or for what a namespace has left now."""
    return rx.el.div(
        rx.el.h3("Will it fit?", class_name="part-title"),
        rx.el.div(
            _field(about, "replicas", "Replicas", "3"),
            _field(about, "cpu", "CPU of each", "250m"),
            _field(about, "memory", "Memory of each", "256Mi"),
            class_name="fit-fields",
        ),
        rx.cond(
            (Fitting.about == about) & (Fitting.lines.length() > 0),  # type: ignore[attr-defined]  # a Var
            rx.el.ul(rx.foreach(Fitting.lines, _line), class_name="fit-lines", aria_live="polite"),
            rx.el.button(
                "Calculate",
                type="button",
                on_click=Fitting.ask(about),
                class_name="button",
                data_testid="fit-ask",
            ),
        ),
        class_name="part part-last fit",
        data_testid="fit",
    )

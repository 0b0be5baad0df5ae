"""The week grid: seven days of 24 hours, to be read on the page and clicked in the dialog."""

from typing import Any

import reflex as rx

from .week import WeekCell, WeekDay

__all__ = ["week_buttons", "week_picture"]

_HOURS = (0, 6, 12, 18)


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.span(),
        *(rx.el.span(f"{hour:02}", class_name="week-hour num") for hour in _HOURS),
        class_name="week-head",
        aria_hidden="true",
    )


def _look(cell: WeekCell) -> Any:
    return rx.cond(cell.is_asleep, "week-cell week-asleep", "week-cell")


def week_picture(days: list[WeekDay], *, sentence: Any, test_id: str) -> rx.Component:
    """Show when it sleeps; the sentence says the same."""

    def row(day: WeekDay) -> rx.Component:
        return rx.el.div(
            rx.el.span(day.name, class_name="week-day"),
            rx.foreach(day.cells, lambda cell: rx.el.span(key=cell.key, class_name=_look(cell))),
            class_name="week-row",
            key=day.name,
        )

    return rx.el.div(
        _head(),
        rx.foreach(days, row),
        class_name="week",
        role="img",
        aria_label=sentence,
        data_testid=test_id,
    )


def week_buttons(days: list[WeekDay], event: Any) -> rx.Component:
    """Let somebody choose hours; `event` takes the number of the day and the hour."""

    def row(day: WeekDay) -> rx.Component:
        return rx.el.div(
            rx.el.span(day.name, class_name="week-day", aria_hidden="true"),
            rx.foreach(
                day.cells,
                lambda cell: rx.el.button(
                    type="button",
                    key=cell.key,
                    on_click=event(day.number, cell.hour),
                    class_name=_look(cell),
                    aria_label=cell.label,
                    aria_pressed=rx.cond(cell.is_asleep, "true", "false"),
                    title=cell.label,
                    data_testid=f"week-{cell.key}",
                ),
            ),
            class_name="week-row",
            role="group",
            aria_label=day.name,
            key=day.name,
        )

    return rx.el.div(
        _head(),
        rx.foreach(days, row),
        class_name="week week-live",
        role="group",
        aria_label="Hours asleep",
        data_testid="week",
    )

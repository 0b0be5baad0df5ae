"""The pager of a list: the pages by number, the way to the next one, and how long a page is."""

from typing import Any

import reflex as rx

from ...domain.preferences import PAGE_SIZES

__all__ = ["list_pager", "page_size", "pager"]


def list_pager(page: Any) -> rx.Component:
    """Build the pager of a page's own list; its state is `Paged` and takes `go_to` and `resize`."""
    return rx.el.div(
        page_size(page.size, page.resize),
        pager(page.page, page.pages, page.page_steps, page.go_to),
        class_name="foot-tools",
    )


def pager(
    page: int,
    pages: int,
    steps: list[int] | rx.Var[list[int]],
    event: Any,
    *,
    label: str = "Pages",
    area: str = "pager",
) -> rx.Component:
    """Go through the pages of a list; nothing where there is one page alone.

    Args:
        page: the open one.
        pages: how many there are.
        steps: which are offered; see `page_steps`.
        event: opens the page that it is given.
        label: tells this pager from another one on the same page.
        area: begins the test ids, for the same reason.
    """

    def arrow(name: str, icon: str, target: int, is_off: bool, test_id: str) -> rx.Component:  # noqa: FBT001 - a Var
        # Whoever has the focus on it keeps it at the end of the list: it is off, not disabled.
        return rx.el.button(
            rx.icon(icon, size=16, aria_hidden="true"),
            type="button",
            on_click=rx.cond(is_off, rx.noop(), event(target)),
            aria_disabled=rx.cond(is_off, "true", "false"),
            class_name="icon-button",
            aria_label=name,
            data_testid=f"{area}-{test_id}",
        )

    def step(number: int) -> rx.Component:
        is_open = number == page
        button = rx.el.button(
            number,
            type="button",
            on_click=rx.cond(is_open, rx.noop(), event(number)),
            aria_current=rx.cond(is_open, "page", "false"),
            aria_label=f"Page {number} of {pages}",
            class_name="page-step num",
            data_testid=f"{area}-page-{number}",
        )
        gap = rx.el.span("…", class_name="page-gap", aria_hidden="true")
        # By number: the focus stays on the page that was chosen.
        return rx.el.li(rx.cond(number > 0, button, gap), key=number)

    shown = rx.el.nav(
        arrow("Previous page", "chevron-left", page - 1, page <= 1, "prev"),
        rx.el.ol(rx.foreach(steps, step), class_name="page-steps", role="list"),
        arrow("Next page", "chevron-right", page + 1, page >= pages, "next"),
        class_name="pager",
        aria_label=label,
        data_testid=area,
        data_value=page,
    )
    return rx.cond(pages > 1, shown, rx.fragment())


def page_size(
    size: int, event: Any, *, label: str = "Rows on a page", area: str = "pager"
) -> rx.Component:
    """Choose how many rows a page has; `event` takes the number as text."""
    return rx.el.div(
        rx.el.span("Rows", class_name="card-note", aria_hidden="true"),
        rx.el.div(
            rx.el.select(
                *(rx.el.option(str(each), value=str(each)) for each in PAGE_SIZES),
                value=size.to_string(),  # type: ignore[attr-defined]  # a Var
                on_change=event,
                class_name="control",
                aria_label=label,
                data_testid=f"{area}-size",
            ),
            rx.icon("chevron-down", size=16, class_name="select-mark", aria_hidden="true"),
            class_name="select",
        ),
        class_name="sizes",
    )

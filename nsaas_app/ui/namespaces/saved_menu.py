"""The menu of the saved views, and the button that copies the link."""

import reflex as rx

from .saved import SavedView, SavedViews

__all__ = ["saved_views"]


def _view(view: SavedView) -> rx.Component:
    return rx.el.li(
        rx.popover.close(
            rx.link(
                view.name, href=view.href, class_name="line-link", data_testid=f"view-{view.name}"
            )
        ),
        rx.el.button(
            rx.icon("x", size=14, aria_hidden="true"),
            type="button",
            on_click=SavedViews.drop(view.name),
            class_name="icon-button",
            aria_label=f"Forget the view {view.name}",
            data_testid=f"view-{view.name}-drop",
        ),
        key=view.name,
        class_name="view-line",
    )


def _save() -> rx.Component:
    return rx.el.form(
        rx.el.label("Save this view as", html_for="field_view", class_name="field-label"),
        rx.el.div(
            rx.el.input(
                type="text",
                name="name",
                id="field_view",
                class_name="control",
                auto_complete="off",
                max_length=63,
                aria_describedby="error_view",
                data_testid="field-view",
            ),
            rx.el.button("Save", type="submit", class_name="button", data_testid="view-save"),
            class_name="view-save",
        ),
        rx.cond(
            SavedViews.error != "",
            rx.el.p(
                SavedViews.error,
                id="error_view",
                class_name="field-error",
                data_testid="error-view",
            ),
            rx.fragment(),
        ),
        on_submit=SavedViews.save,
    )


def saved_views() -> rx.Component:
    """Offer what was saved, and to save what is shown."""
    listed = rx.cond(
        SavedViews.views,
        rx.el.ul(rx.foreach(SavedViews.views, _view), class_name="facet-values"),
        rx.el.p(
            rx.cond(SavedViews.is_loaded, "Nothing saved yet.", "Reading"), class_name="card-note"
        ),
    )
    return rx.fragment(
        rx.popover.root(
            rx.popover.trigger(
                rx.el.button(
                    rx.icon("bookmark", size=16, aria_hidden="true"),
                    rx.el.span("Saved views", class_name="pill-long"),
                    rx.el.span("Views", class_name="pill-short", aria_hidden="true"),
                    rx.icon("chevron-down", size=14, aria_hidden="true"),
                    type="button",
                    class_name="button",
                    data_testid="views",
                )
            ),
            rx.popover.content(
                listed, _save(), size="2", align="end", aria_label="Saved views", width="300px"
            ),
            on_open_change=SavedViews.open_menu,
        ),
        rx.el.button(
            rx.icon("link", size=16, aria_hidden="true"),
            type="button",
            on_click=SavedViews.copy_link,
            class_name="icon-button",
            aria_label="Copy the link to this view",
            title="Copy the link to this view",
            data_testid="copy-link",
        ),
    )

"""The menu of a row: what is done most often with one namespace."""

import reflex as rx

from ...domain.namespaces import NamespaceState
from ..namespace_views import NamespaceLine
from .bulk import Bulk

__all__ = ["row_menu"]


def row_menu(line: NamespaceLine) -> rx.Component:
    """Offer what is done most often with one namespace."""
    area = f"namespace-row-{line.name}"

    def item(label: str, icon: str, event: object, key: str) -> rx.Component:
        return rx.dropdown_menu.item(
            rx.icon(icon, size=16, aria_hidden="true"),
            label,
            on_select=event,
            data_testid=f"{area}-{key}",
        )

    def ask(label: str, icon: str, action: str) -> rx.Component:
        return item(label, icon, Bulk.begin_one(action, line.name), action)

    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                rx.icon("ellipsis", size=18, aria_hidden="true"),
                type="button",
                class_name="icon-button",
                aria_label=f"Actions for {line.name}",
                data_testid=f"{area}-menu",
            )
        ),
        rx.dropdown_menu.content(
            item("Open", "box", rx.redirect(f"/namespaces/{line.name}"), "open"),
            item("Quota", "gauge", rx.redirect(f"/namespaces/{line.name}?tab=quota"), "quota"),
            item(
                "Settings", "settings", rx.redirect(f"/namespaces/{line.name}?tab=settings"),
                "settings",
            ),
            item("Clone", "copy-plus", rx.redirect(f"/new?from=clone:{line.name}"), "clone"),
            item(
                "Kubeconfig", "download",
                rx.download(url=f"/api/v1/namespaces/{line.name}/kubeconfig"), "kubeconfig",
            ),
            rx.dropdown_menu.separator(),
            ask("Renew…", "calendar-plus", "renew"),
            rx.cond(
                line.state == NamespaceState.SLEEPING.value,
                ask("Wake…", "sun", "wake"),
                ask("Sleep…", "moon", "sleep"),
            ),
            item(
                "Change size…",
                "scaling",
                rx.redirect(f"/namespaces/{line.name}?ask=resize"),
                "resize",
            ),
            ask("Release…", "archive", "release"),
            align="end",
        ),
        modal=False,
    )  # fmt: skip

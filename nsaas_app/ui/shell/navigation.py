"""Navigation: the pages there are, in their groups. A page that is not built is not listed."""

from typing import Final

import reflex as rx

from .state import Shell

__all__ = ["GROUPS", "brand", "navigation"]

GROUPS: Final = (
    (
        "Work",
        (
            ("overview", "Overview", "layout-dashboard", "/"),
            ("namespaces", "Namespaces", "box", "/namespaces"),
            ("requests", "Requests", "list-checks", "/requests"),
            ("approvals", "Approvals", "stamp", "/approvals"),
        ),
    ),
    (
        "Organisation",
        (
            ("teams", "Teams", "users", "/teams"),
            ("catalog", "Catalog", "book-open", "/catalog"),
            ("insights", "Insights", "chart-column", "/insights"),
        ),
    ),
    (
        "Govern",
        (
            ("cleanup", "Cleanup", "brush-cleaning", "/cleanup"),
            ("audit", "Audit", "scroll-text", "/audit"),
        ),
    ),
    (
        "Platform",
        (
            ("status", "Status", "activity", "/status"),
            ("settings", "Settings", "settings", "/settings"),
        ),
    ),
)


def brand() -> rx.Component:
    """Show the product's mark and name."""
    return rx.link(
        rx.el.span(rx.icon("boxes", size=20, aria_hidden="true"), class_name="brand-mark"),
        rx.el.span(
            rx.el.span(Shell.product, class_name="brand-name"),
            rx.el.span("Namespace as a Service", class_name="brand-note"),
            class_name="rail-label",
        ),
        href="/",
        class_name="brand",
        data_testid="nav-brand",
    )


def _item(key: str, label: str, icon: str, href: str, *, active: str, prefix: str) -> rx.Component:
    is_active = key == active
    item = rx.el.li(
        rx.link(
            rx.icon(icon, size=18, aria_hidden="true"),
            rx.el.span(label, class_name="rail-label"),
            _waiting(prefix) if key == "approvals" else rx.fragment(),
            href=href,
            class_name="nav-item nav-active" if is_active else "nav-item",
            aria_current="page" if is_active else "false",
            data_testid=f"{prefix}-{key}",
        )
    )
    # Who has no business there is not sent there; the page explains when they come by a link.
    seen = {"approvals": Shell.sees_approvals, "audit": Shell.sees_audit}
    seen["cleanup"] = Shell.sees_cleanup
    return rx.cond(seen[key], item, rx.fragment()) if key in seen else item


def _waiting(prefix: str) -> rx.Component:
    """Count what waits for this very person; nothing when nothing does."""
    return rx.cond(
        Shell.to_decide > 0,
        rx.el.span(
            Shell.to_decide,
            rx.el.span(" wait for you", class_name="sr-only"),
            class_name="nav-count num",
            data_testid=f"{prefix}-approvals-count",
            data_value=Shell.to_decide,
        ),
        rx.fragment(),
    )


def navigation(active: str, *, prefix: str = "nav") -> rx.Component:
    """List the pages; `active` is the key of the one that is open."""

    def group(name: str, items: tuple[tuple[str, str, str, str], ...]) -> rx.Component:
        entries = (_item(*item, active=active, prefix=prefix) for item in items)
        is_settled = name == GROUPS[0][0]
        shown = rx.el.div(
            rx.el.p(name, class_name="nav-group", aria_hidden="true"),
            rx.el.ul(*entries, aria_label=name),
            class_name="" if is_settled else rx.cond(Shell.subject == "", "nav-unknown", ""),
        )
        # No heading over nothing.
        return rx.cond(Shell.sees_audit, shown, rx.fragment()) if name == "Govern" else shown

    return rx.el.nav(*(group(*each) for each in GROUPS), class_name="nav", aria_label="Main")

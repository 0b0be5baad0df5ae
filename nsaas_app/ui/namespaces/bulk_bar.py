"""The bar of the selection, the menu of a row, and the dialog that both of them open."""

import reflex as rx

from ..components.action import action_button
from ..components.facts import fact_list
from ..components.fields import text_area, text_field
from ..components.status import tone_icon
from ..namespace_views import NamespaceLine
from .bulk import Bulk, Outcome
from .offers import Offer, Target
from .state import NamespacesState

__all__ = ["bulk_bar", "bulk_dialog", "row_menu", "select_all", "select_row"]


def select_row(line: NamespaceLine) -> rx.Component:
    """Select one row."""
    return rx.checkbox(
        checked=NamespacesState.selected.contains(line.name),  # type: ignore[attr-defined]  # a Var
        on_change=lambda _: Bulk.toggle(line.name),
        aria_label=f"Select {line.name}",
        data_testid=f"row-select-{line.name}",
    )


def select_all() -> rx.Component:
    """Select the rows of the page."""
    return rx.checkbox(
        checked=NamespacesState.is_page_selected,
        on_change=lambda _: Bulk.toggle_all(NamespacesState.names),
        aria_label="Select the rows of this page",
        data_testid="row-select-all",
    )


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
            item("Renew…", "calendar-plus", Bulk.begin_one("renew", line.name), "renew"),
            item("Sleep…", "moon", Bulk.begin_one("sleep", line.name), "sleep"),
            item("Wake…", "sun", Bulk.begin_one("wake", line.name), "wake"),
            item("Release…", "archive", Bulk.begin_one("release", line.name), "release"),
            align="end",
        ),
        modal=False,
    )  # fmt: skip


def _offer(offer: Offer) -> rx.Component:
    icon = rx.match(
        offer.key,
        ("renew", rx.icon("calendar-plus", size=16, aria_hidden="true")),
        ("sleep", rx.icon("moon", size=16, aria_hidden="true")),
        ("wake", rx.icon("sun", size=16, aria_hidden="true")),
        rx.icon("archive", size=16, aria_hidden="true"),
    )
    content = (icon, offer.label)
    usable = rx.el.button(
        *content,
        type="button",
        on_click=Bulk.begin(offer.key),
        class_name="button",
        data_testid=f"bulk-{offer.key}",
    )
    closed = rx.el.button(
        *content,
        type="button",
        aria_disabled="true",
        class_name="button",
        data_testid=f"bulk-{offer.key}",
    )
    return rx.fragment(rx.cond(offer.is_open, usable, closed), key=offer.key)


def bulk_bar() -> rx.Component:
    """Say how many are selected and what can be done with them; nothing while none is."""
    reasons = rx.cond(
        Bulk.reasons,
        rx.el.ul(
            rx.foreach(Bulk.reasons, lambda reason: rx.el.li(reason, key=reason)),
            class_name="bulk-reasons",
            data_testid="bulk-reasons",
        ),
        rx.fragment(),
    )
    number = NamespacesState.selected.length()  # type: ignore[attr-defined]  # a Var
    shown = rx.el.div(
        rx.el.span(
            number,
            " selected",
            class_name="bulk-count num",
            data_testid="bulk-count",
            data_value=number,
        ),
        rx.foreach(Bulk.offers, _offer),
        rx.el.button(
            "Select all ",
            NamespacesState.total,
            " that match",
            type="button",
            on_click=Bulk.select_matching,
            class_name="text-button",
            data_testid="bulk-select-matching",
        ),
        rx.el.button(
            "Clear",
            type="button",
            on_click=Bulk.clear,
            class_name="text-button",
            data_testid="bulk-clear",
        ),
        reasons,
        class_name="bulk-bar",
        role="region",
        aria_label="Selection",
        data_testid="bulk-bar",
    )
    return rx.cond(number > 0, shown, rx.fragment())


def _outcome(outcome: Outcome) -> rx.Component:
    return rx.el.li(
        rx.cond(outcome.is_accepted, tone_icon("ok"), tone_icon("bad")),
        rx.el.div(
            rx.el.span(outcome.name, class_name="mono line-name"),
            rx.el.p(outcome.message, class_name="line-note"),
            class_name="line-main",
        ),
        rx.cond(
            outcome.href != "",
            rx.link(
                "Open request",
                href=outcome.href,
                data_testid=f"bulk-request-{outcome.name}",
            ),
            rx.fragment(),
        ),
        key=outcome.name,
        class_name="line",
        data_testid=f"bulk-outcome-{outcome.name}",
        data_state=rx.cond(outcome.is_accepted, "accepted", "refused"),
    )


def _left_out(target: Target) -> rx.Component:
    return rx.el.li(
        rx.el.span(target.name, class_name="mono"),
        ": ",
        target.reason,
        key=target.name,
        data_testid=f"bulk-left-out-{target.name}",
    )


def _target(name: str) -> rx.Component:
    return rx.el.li(name, key=name, class_name="mono", data_testid=f"bulk-target-{name}")


def _asking() -> rx.Component:
    targets = rx.el.ul(rx.foreach(Bulk.targets, _target), class_name="rules")
    left_out = rx.cond(
        Bulk.left_out,
        rx.el.div(
            rx.el.h3("Left out", class_name="part-title"),
            rx.el.ul(rx.foreach(Bulk.left_out, _left_out), class_name="rules"),
            class_name="part",
        ),
        rx.fragment(),
    )
    impact = rx.cond(
        Bulk.impact,
        rx.el.div(
            rx.el.h3("What is inside, all together", class_name="part-title"),
            fact_list(Bulk.impact, area="bulk-impact"),
            class_name="part part-last",
        ),
        rx.fragment(),
    )
    days = text_field(
        "days", "Lifetime in days, from now", Bulk.form["days"], edit=Bulk.edit, leave=Bulk.leave,
        help_text="Each environment has its own limit; one that is beyond it is refused alone.",
        error=Bulk.errors["days"], input_mode="numeric",
    )  # fmt: skip
    why = text_area(
        "justification", "Why", Bulk.form["justification"], edit=Bulk.edit, leave=Bulk.leave,
        help_text="Needed where somebody must approve.", error=Bulk.errors["justification"],
    )  # fmt: skip
    confirm = text_field(
        "confirm", f"Type {Bulk.phrase} to confirm", Bulk.form["confirm"], edit=Bulk.edit,
        leave=Bulk.leave, help_text="Pasting it is fine.", error=Bulk.errors["confirm"],
        is_mono=True,
    )  # fmt: skip
    return rx.fragment(
        targets,
        left_out,
        impact,
        rx.cond(
            Bulk.targets,
            rx.fragment(
                rx.cond(Bulk.action == "renew", rx.fragment(days, why), rx.fragment()),
                rx.cond(Bulk.phrase != "", confirm, rx.fragment()),
            ),
            rx.fragment(),
        ),
    )


def _buttons() -> rx.Component:
    done = rx.dialog.close(
        rx.el.button(
            "Done", type="button", class_name="button button-primary", data_testid="bulk-done"
        )
    )
    cancel = rx.dialog.close(
        rx.el.button("Cancel", type="button", class_name="button", data_testid="dialog-cancel")
    )
    renew = action_button(
        "Renew", "calendar-plus", Bulk.submit, test_id="bulk-submit", is_busy=Bulk.is_busy,
        look="primary",
    )  # fmt: skip
    release = action_button(
        "Release", "archive", Bulk.submit, test_id="bulk-submit", is_busy=Bulk.is_busy,
        look="danger",
    )  # fmt: skip
    sleep = action_button(
        "Sleep", "moon", Bulk.submit, test_id="bulk-submit", is_busy=Bulk.is_busy, look="primary",
    )  # fmt: skip
    wake = action_button(
        "Wake", "sun", Bulk.submit, test_id="bulk-submit", is_busy=Bulk.is_busy, look="primary",
    )  # fmt: skip
    ask = rx.match(Bulk.action, ("renew", renew), ("sleep", sleep), ("wake", wake), release)
    return rx.el.div(
        rx.cond(
            Bulk.outcomes,
            done,
            rx.fragment(cancel, rx.cond(Bulk.targets, ask, rx.fragment())),
        ),
        class_name="dialog-actions",
    )


def bulk_dialog() -> rx.Component:
    """Show what it would mean, ask, and tell how each one was taken."""
    renewing = "Puts the end of their lifetime off: one request each."
    releasing = (
        "Everybody loses access at once; each can be restored until its grace period is over. "
        "One request each."
    )
    sleeping = (
        "What runs is scaled to zero until somebody wakes it, and comes back exactly as it was. "
        "One request each."
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(Bulk.heading, custom_attrs={"as": "h2"}),
            rx.dialog.description(
                rx.match(
                    Bulk.action,
                    ("renew", renewing),
                    ("sleep", sleeping),
                    ("wake", "What sleeps comes back as it was: one request each."),
                    releasing,
                ),
                class_name="card-note dialog-note",
            ),
            rx.cond(
                Bulk.outcomes,
                rx.el.ul(rx.foreach(Bulk.outcomes, _outcome), class_name="lines"),
                _asking(),
            ),
            _buttons(),
            max_width="600px",
            data_testid="bulk-dialog",
        ),
        open=Bulk.action != "",
        on_open_change=Bulk.close,
    )

"""The YAML section: every object as asked, as the cluster has it, and where they differ."""

import reflex as rx

from ..components.card import card
from ..components.pills import pill_row
from ..components.status import tone_icon
from .state import NamespacePage
from .yaml_view import DiffRow, ObjectLink

__all__ = ["yaml_tab"]


def _object(link: ObjectLink) -> rx.Component:
    return rx.el.li(
        rx.link(
            tone_icon(link.tone),
            rx.el.span(
                rx.el.span(link.kind, class_name="line-note"),
                rx.el.span(link.name, class_name="mono object-name"),
                class_name="line-main",
            ),
            rx.el.span(
                link.word, class_name="line-took", data_testid=f"object-state-{link.identity}"
            ),
            href=link.href,
            class_name=rx.cond(link.is_open, "object-link object-open", "object-link"),
            aria_current=rx.cond(link.is_open, "true", "false"),
            data_testid=f"object-{link.identity}",
            data_state=link.word,
        ),
        key=link.identity,
    )


def _line(row: DiffRow) -> rx.Component:
    sign = rx.el.span(row.sign, class_name="diff-sign")
    return rx.match(
        row.sign,
        ("+", rx.el.ins(sign, row.text, class_name="code-line diff-added", key=row.key)),
        ("-", rx.el.del_(sign, row.text, class_name="code-line diff-removed", key=row.key)),
        rx.el.span(sign, row.text, class_name="code-line", key=row.key),
    )


def _viewer() -> rx.Component:
    is_folded = NamespacePage.object_whole_href != ""
    plain = rx.el.pre(
        rx.cond(is_folded, NamespacePage.object_head, NamespacePage.object_yaml),
        class_name="code mono",
        tab_index=0,
        aria_label=f"YAML of {NamespacePage.object_name}",
        data_testid="yaml-text",
    )
    compared = rx.el.div(
        rx.foreach(NamespacePage.object_diff, _line),
        class_name="code mono",
        tab_index=0,
        role="region",
        aria_label=f"Difference of {NamespacePage.object_name}",
        data_testid="yaml-diff",
    )
    absent = rx.el.p(
        "There is none on this side.", class_name="card-note", data_testid="yaml-absent"
    )
    unfold = rx.link(
        "Show all ",
        NamespacePage.object_lines,
        " lines",
        href=NamespacePage.object_whole_href,
        class_name="button",
        data_testid="yaml-show-all",
    )
    return rx.fragment(
        rx.cond(
            NamespacePage.side == "diff",
            compared,
            rx.cond(NamespacePage.object_yaml != "", plain, absent),
        ),
        rx.cond(is_folded, unfold, rx.fragment()),
    )


def _download(label: str, icon: str, href: str, test_id: str) -> rx.Component:
    return rx.el.a(
        rx.icon(icon, size=16, aria_hidden="true"),
        label,
        href=href,
        reload_document=True,  # a file, not a page of the application
        class_name="button",
        data_testid=test_id,
    )


def _copy() -> rx.Component:
    return rx.el.button(
        rx.icon("copy", size=16, aria_hidden="true"),
        "Copy",
        type="button",
        on_click=[rx.set_clipboard(NamespacePage.object_yaml), NamespacePage.tell_copied],
        disabled=NamespacePage.object_yaml == "",
        class_name="button",
        data_testid="yaml-copy",
    )


def yaml_tab() -> rx.Component:
    """Build the section."""
    downloads = rx.el.div(
        _download("YAML", "file-down", NamespacePage.yaml_href, "yaml-download"),
        _download("Kustomize", "folder-down", NamespacePage.kustomize_href, "yaml-kustomize"),
        class_name="card-actions",
        role="group",
        aria_label="Download all",
    )
    return rx.el.div(
        card(
            rx.el.ul(rx.foreach(NamespacePage.objects, _object), class_name="objects"),
            title="Objects",
            note="In the order they are applied; those of others last",
            action=downloads,
            test_id="namespace-objects",
            class_name="span-5",
        ),
        card(
            rx.el.div(
                pill_row(NamespacePage.sides, label="Side", area="side"),
                _copy(),
                class_name="code-tools",
            ),
            _viewer(),
            title=NamespacePage.object_name,
            note=rx.fragment(
                rx.cond(
                    NamespacePage.object_note != "",
                    rx.el.span(
                        NamespacePage.object_note, ". ", data_testid="yaml-difference-count"
                    ),
                    rx.fragment(),
                ),
                "Secrets are never shown",
            ),
            test_id="namespace-yaml",
            class_name="span-7",
        ),
        class_name="grid",
    )

"""The review's dry runs: what every rule and the API server say, with nothing written."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.instant import clock_time
from ..components.status import status_badge, tone_icon
from .preview import DryRunLine, MemberRun, VerdictLine
from .state import NewState

__all__ = ["dry_run_card", "member_runs_card"]


def _verdict(line: VerdictLine) -> rx.Component:
    return rx.el.li(
        tone_icon(line.tone),
        rx.el.span(line.word, class_name="sr-only"),
        rx.el.span(line.message, class_name="line-main"),
        key=line.key,
        class_name="line line-short",
        data_testid=f"verdict-{line.key}",
        data_state=line.result,
    )


def _dry_run(line: DryRunLine, within: str | rx.Var[str] = "") -> rx.Component:
    area = f"dry-run-{within}{line.identity}"
    summary = rx.el.summary(
        rx.el.span(line.identity, class_name="mono line-main"),
        status_badge(
            line.word,
            line.tone,
            test_id=f"{area}-result",
            raw=line.word,
            as_of=NewState.previewed_at,
        ),
        class_name="dry-run-head",
        data_testid=f"{area}-toggle",
    )
    refusal = rx.cond(
        line.message != "", rx.el.p(line.message, class_name="field-error"), rx.fragment()
    )
    return rx.el.li(
        refusal,
        rx.el.details(summary, rx.el.pre(line.yaml, class_name="raw", tab_index=0)),
        key=line.identity,
        class_name="dry-run",
        data_testid=area,
    )


def _own_run(line: DryRunLine) -> rx.Component:
    return _dry_run(line)


def _checked() -> rx.Component:
    """Say when it was tried, and offer to try again."""
    when = rx.cond(
        NewState.is_previewing,
        rx.el.span("Asking the API server", class_name="card-note"),
        rx.cond(
            NewState.previewed_at != "",
            rx.el.span(
                "Checked at ",
                clock_time(NewState.previewed_at, test_id="preview-at", shape="HH:mm:ss"),
                class_name="card-note",
            ),
            rx.el.span("Not checked", class_name="card-note"),
        ),
    )
    return rx.el.div(
        when,
        action_button(
            "Check again",
            "refresh-cw",
            NewState.preview,
            test_id="preview-again",
            is_busy=NewState.is_previewing,
        ),
        class_name="button-row",
    )


def _take_away() -> rx.Component:
    """Offer the objects as text."""
    copy = rx.el.button(
        rx.icon("copy", size=16, aria_hidden="true"),
        "Copy all as YAML",
        type="button",
        on_click=NewState.copy_objects,
        class_name="button",
        data_testid="review-copy",
    )
    download = rx.el.button(
        rx.icon("download", size=16, aria_hidden="true"),
        "Download as kustomization",
        type="button",
        on_click=NewState.download_objects,
        class_name="button",
        data_testid="review-download",
    )
    return rx.el.div(copy, download, class_name="button-row take-away")


def dry_run_card() -> rx.Component:
    """Show every rule's word, and every object with its YAML and the API server's answer."""
    unknown = rx.cond(
        NewState.preview_problem != "",
        rx.el.p(
            rx.icon("triangle-alert", size=16, class_name="tone-warn shrink-0", aria_hidden="true"),
            rx.el.span(NewState.preview_problem),
            class_name="verdict",
            data_testid="preview-problem",
        ),
        rx.fragment(),
    )
    lists = rx.fragment(
        rx.el.ul(rx.foreach(NewState.verdicts, _verdict), class_name="lines", aria_label="Rules"),
        rx.el.h3("Objects, each tried on the API server", class_name="part-title"),
        rx.el.p(
            rx.el.span(NewState.object_counts, data_testid="review-object-counts"),
            ". Tried with a sample Pod in a namespace of the same labels: webhooks that select by "
            "the namespace's own name or labels may still answer otherwise.",
            class_name="card-note",
        ),
        _take_away(),
        rx.el.ul(rx.foreach(NewState.dry_runs, _own_run), class_name="dry-runs"),
    )
    return card(
        unknown,
        rx.cond(NewState.dry_runs, lists, rx.fragment()),
        title="Dry run",
        note="Every rule and every object, with nothing written",
        action=_checked(),
        test_id="review-preview",
    )


def _member_run(run: MemberRun) -> rx.Component:
    summary = rx.el.summary(
        rx.el.span(run.name, class_name="mono line-main"),
        rx.el.span(run.text, class_name="line-note"),
        status_badge(
            run.word,
            run.tone,
            test_id=f"member-run-{run.name}-result",
            raw=run.word,
            as_of=NewState.previewed_at,
        ),
        class_name="dry-run-head",
        data_testid=f"member-run-{run.name}-toggle",
    )
    return rx.el.li(
        rx.el.details(
            summary,
            rx.el.ul(
                rx.foreach(run.lines, lambda line: _dry_run(line, f"{run.name}-")),
                class_name="dry-runs",
            ),
        ),
        key=run.name,
        class_name="dry-run",
        data_testid=f"member-run-{run.name}",
    )


def member_runs_card() -> rx.Component:
    """Show what the API server says of the other members of a set."""
    shown = card(
        rx.el.ul(rx.foreach(NewState.member_runs, _member_run), class_name="dry-runs"),
        title="Dry run of the others",
        note="Every object of every member, tried as it is for its environment",
        test_id="review-member-runs",
    )
    return rx.cond(NewState.member_runs, shown, rx.fragment())

"""The wizard's review: what will be made, what the API server says of it, and the submit."""

from typing import Any

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.facts import fact_list
from ..components.fields import text_area, text_field
from ..components.instant import clock_time
from ..components.problem import error_card
from ..components.status import environment_tag, status_badge, tone_icon
from ..components.table import data_table, head_cell, table_cell
from .adopting import ChangeLine, NoteLine
from .members import MemberLine
from .preview import ConnectionLine, DryRunLine, VerdictLine
from .state import NewState

__all__ = ["review_panels", "submit_button"]


def _confirmation() -> rx.Component:
    def at(name: str) -> dict[str, Any]:
        return {"edit": NewState.edit, "leave": NewState.leave, "error": NewState.errors[name]}

    why = text_area(
        "justification",
        "Why is it needed",
        NewState.draft.justification,
        help_text="An approver reads this. At least 20 characters.",
        **at("justification"),
    )
    typed = text_field(
        "confirm",
        "Type the name to confirm",
        NewState.draft.confirm,
        help_text=f"A production request is confirmed by its name: {NewState.to_confirm}.",
        is_mono=True,
        **at("confirm"),
    )
    return rx.fragment(
        rx.cond(NewState.needs_approval, why, rx.fragment()),
        rx.cond(NewState.is_production, typed, rx.fragment()),
    )


def _approval() -> rx.Component:
    verdict = rx.el.p(
        rx.cond(
            NewState.needs_approval,
            rx.icon("hourglass", size=16, class_name="tone-waiting shrink-0", aria_hidden="true"),
            rx.icon("circle-check", size=16, class_name="tone-ok shrink-0", aria_hidden="true"),
        ),
        rx.el.span(NewState.approval),
        class_name="verdict",
        data_testid="review-approval",
    )
    return rx.cond(NewState.approval != "", verdict, rx.fragment())


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


def _dry_run(line: DryRunLine) -> rx.Component:
    summary = rx.el.summary(
        rx.el.span(line.identity, class_name="mono line-main"),
        status_badge(
            line.word,
            line.tone,
            test_id=f"dry-run-{line.identity}-result",
            raw=line.word,
            as_of=NewState.previewed_at,
        ),
        class_name="dry-run-head",
        data_testid=f"dry-run-{line.identity}-toggle",
    )
    refusal = rx.cond(
        line.message != "", rx.el.p(line.message, class_name="field-error"), rx.fragment()
    )
    return rx.el.li(
        refusal,
        rx.el.details(summary, rx.el.pre(line.yaml, class_name="raw", tab_index=0)),
        key=line.identity,
        class_name="dry-run",
        data_testid=f"dry-run-{line.identity}",
    )


def _connection(line: ConnectionLine) -> rx.Component:
    return rx.el.tr(
        rx.el.th(line.source, scope="row"),
        table_cell("To", line.target),
        table_cell("Port", rx.el.span(line.port, class_name="num")),
        table_cell(
            "Answer",
            status_badge(
                line.word,
                line.tone,
                test_id=f"connection-{line.key}",
                raw=line.word,
                as_of=NewState.previewed_at,
            ),
        ),
        table_cell("Decided by", rx.el.span(line.rule, class_name="mono")),
        key=line.key,
    )


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


def _dry_run_card() -> rx.Component:
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
        rx.el.ul(rx.foreach(NewState.dry_runs, _dry_run), class_name="dry-runs"),
    )
    return card(
        unknown,
        rx.cond(NewState.dry_runs, lists, rx.fragment()),
        title="Dry run",
        note="Every rule and every object, with nothing written",
        action=_checked(),
        test_id="review-preview",
    )


def _member(line: MemberLine) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.span(line.name, class_name="mono no-wrap"),
            rx.el.span(environment_tag(line.environment), class_name="block"),
            scope="row",
        ),
        table_cell(
            "Size and network", line.tier, rx.el.span(line.network, class_name="line-note block")
        ),
        table_cell(
            "Cost and end",
            rx.el.span(line.cost, class_name="num"),
            rx.el.span(line.lifetime, class_name="line-note block"),
        ),
        table_cell("Approval", rx.cond(line.approval != "", line.approval, "None needed")),
        key=line.name,
        data_testid=f"member-{line.name}",
    )


def _members_card() -> rx.Component:
    columns = ("Name", "Size and network", "Cost and end", "Approval")
    table = card(
        data_table(
            *(head_cell(label) for label in columns),
            body=rx.foreach(NewState.members, _member),
            label="Namespaces of the set",
            test_id="review-members",
        ),
        title="A set of namespaces",
        note="Accepted together or not at all; each is its own request afterwards",
        test_id="review-set",
    )
    return rx.cond(NewState.members, table, rx.fragment())


def _note(line: NoteLine) -> rx.Component:
    return rx.el.li(
        tone_icon(line.tone),
        rx.el.div(
            rx.el.span(line.title, class_name="mono"),
            rx.el.p(line.text, class_name="line-note"),
            class_name="line-main",
        ),
        key=line.key,
        class_name="line line-short",
        data_testid=f"adoption-{line.key}",
    )


def _change(line: ChangeLine) -> rx.Component:
    return rx.el.tr(
        rx.el.th(rx.el.span(line.path, class_name="mono"), scope="row"),
        table_cell("Now", rx.el.span(line.before, class_name="mono")),
        table_cell("Then", rx.el.span(line.after, class_name="mono")),
        key=line.path,
    )


def _adoption_card() -> rx.Component:
    adoption = NewState.adoption

    def part(title: str, lines: list[NoteLine], nothing: str) -> rx.Component:
        return rx.el.div(
            rx.el.h3(title, class_name="part-title"),
            rx.cond(
                lines,
                rx.el.ul(rx.foreach(lines, _note), class_name="lines"),
                rx.el.p(nothing, class_name="card-note"),
            ),
            class_name="part",
        )

    shown = card(
        part("What would break", adoption.breaks, "Nothing that runs now breaks a limit."),
        part(
            "What stays, and what gets defaults",
            adoption.stays,
            "Nothing of somebody else's is in it.",
        ),
        rx.el.div(
            rx.el.h3("Labels and annotations that change", class_name="part-title"),
            data_table(
                *(head_cell(label) for label in ("Path", "Now", "Then")),
                body=rx.foreach(adoption.changes, _change),
                label="Labels and annotations that change",
                test_id="adoption-changes",
            ),
            class_name="part part-last",
        ),
        title="Adoption",
        note="Read from the namespace as it is now",
        test_id="review-adoption",
    )
    return rx.cond(adoption.uid != "", shown, rx.fragment())


def _connectivity_card() -> rx.Component:
    columns = ("From", "To", "Port", "Answer", "Decided by")
    table = card(
        data_table(
            *(head_cell(label) for label in columns),
            body=rx.foreach(NewState.connections, _connection),
            label="Connectivity",
            test_id="review-connectivity",
        ),
        title="Who reaches whom",
        note="Computed from the network policies above",
        test_id="review-network",
    )
    return rx.cond(NewState.connections, table, rx.fragment())


def review_panels() -> rx.Component:
    """Show what a submit means, the most important first."""
    cost = rx.cond(
        NewState.cost.text != "",
        rx.el.div(
            rx.el.h3("Cost", class_name="part-title"),
            rx.el.p(NewState.cost.text, class_name="cost num", data_testid="review-cost"),
            rx.el.p(NewState.cost.note, class_name="field-help"),
            class_name="part part-last",
        ),
        rx.fragment(),
    )
    asked = card(
        error_card(NewState.refusal),
        _approval(),
        rx.cond(
            NewState.facts,
            fact_list(NewState.facts, area="review"),
            rx.el.p("Some fields break a rule: go back to them.", class_name="field-help"),
        ),
        cost,
        _confirmation(),
        title="Review",
        note="This is what will be created. Nothing is written before you submit.",
        test_id="wizard-step-review",
    )
    return rx.el.div(
        asked,
        _members_card(),
        _adoption_card(),
        _dry_run_card(),
        _connectivity_card(),
        class_name="stack",
    )


def submit_button() -> rx.Component:
    """Hand the draft in, once the preview allows it."""
    return rx.fragment(
        action_reason(NewState.blocked, test_id="submit-reason"),
        action_button(
            "Submit request",
            "check",
            NewState.submit,
            test_id="wizard-submit",
            reason=NewState.blocked,
            is_busy=NewState.is_submitting,
            look="primary",
        ),
    )

"""The access section: who has which role by which binding, and the API server's word on it."""

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import clock_time, relative_time
from ..components.problem import error_card
from ..components.skeleton import skeleton_rows
from ..components.status import status_badge
from ..components.table import data_table, head_cell, table_cell
from .access_view import QUESTION_LABELS, AnswerLine, GrantLine, ProofLine
from .acting import Acting
from .state import NamespacePage

__all__ = ["access_tab"]


def _take_away(line: GrantLine) -> rx.Component:
    button = rx.el.button(
        "Take away",
        rx.el.span(" the role of ", line.name, class_name="sr-only"),
        type="button",
        on_click=Acting.begin_revoke(line.grant),
        class_name="text-button",
        data_testid=f"grant-{line.key}-revoke",
    )
    return rx.cond(
        line.grant != "",
        rx.cond(NamespacePage.actions.access == "", button, rx.el.span("\u2013")),
        rx.el.span("kubectl delete rolebinding ", line.binding, class_name="mono line-note wraps"),
    )


def _grant(line: GrantLine) -> rx.Component:
    until = rx.cond(
        line.expires_at != "",
        rx.el.span(
            relative_time(line.expires_at, test_id=f"grant-{line.key}-until"),
            rx.el.span(
                clock_time(line.expires_at, test_id=f"grant-{line.key}-ends"),
                class_name="line-note block",
            ),
        ),
        rx.el.span("No end"),
    )
    whose = rx.cond(
        line.is_ours,
        rx.fragment(),
        status_badge(
            "Not from the portal", "warn", test_id=f"grant-{line.key}-foreign", raw="foreign"
        ),
    )
    binding = rx.cond(
        line.binding != "",
        rx.el.span(line.binding, class_name="mono"),
        status_badge("Ended", "none", test_id=f"grant-{line.key}-ended", raw="ended"),
    )
    return rx.el.tr(
        rx.el.th(
            rx.el.span(line.name, class_name="mono line-name"),
            rx.el.p(line.kind, " · ", line.source, class_name="line-note"),
            scope="row",
        ),
        table_cell("Role", rx.el.span(line.role, data_testid=f"grant-{line.key}-role")),
        table_cell("Binding", binding, " ", whose),
        table_cell("Until", until),
        table_cell("Change", _take_away(line)),
        key=line.key,
        data_testid=rx.cond(line.binding != "", f"binding-{line.binding}", f"binding-{line.key}"),
    )


def _answer(answer: AnswerLine) -> rx.Component:
    return rx.el.td(
        status_badge(answer.word, answer.tone, test_id=f"proof-{answer.key}", raw=answer.raw),
        key=answer.key,
        custom_attrs={"data-label": answer.label},
    )


def _proof(line: ProofLine) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.span(line.name, class_name="mono line-name"),
            rx.el.p(line.kind, class_name="line-note"),
            scope="row",
        ),
        rx.foreach(line.answers, _answer),
        key=line.key,
        data_testid=f"proof-{line.key}",
    )


def _proofs() -> rx.Component:
    table = data_table(
        head_cell("Who"),
        *(head_cell(label) for label in QUESTION_LABELS),
        body=rx.foreach(NamespacePage.proofs, _proof),
        label="What each may do",
        test_id="proofs",
    )
    return card(
        error_card(NamespacePage.access_problem),
        rx.cond(
            NamespacePage.proofs,
            table,
            rx.cond(NamespacePage.access_problem.code == "", skeleton_rows(4), rx.fragment()),
        ),
        title="What each may do",
        note=rx.fragment(
            "The API server's own answer to a SubjectAccessReview, asked ",
            rx.el.span(
                relative_time(NamespacePage.proven_at, test_id="proven-at"), class_name="age-room"
            ),
            ". Nobody in a team should open the network, change the quota or delete it.",
        ),
        action=action_button(
            "Ask again",
            "refresh-cw",
            NamespacePage.prove_again,
            test_id="access-prove",
            is_busy=NamespacePage.is_proving,
        ),
        test_id="namespace-proofs",
        class_name="span-12 card-wide-table",
    )


def access_tab() -> rx.Component:
    """Build the section."""
    table = data_table(
        head_cell("Who"),
        head_cell("Role"),
        head_cell("By binding"),
        head_cell("Until"),
        head_cell("Change"),
        body=rx.foreach(NamespacePage.grants, _grant),
        label="Who gets in",
        test_id="grants",
    )
    return rx.el.div(
        card(
            rx.cond(
                NamespacePage.grants,
                table,
                empty_state(
                    "Nobody has access",
                    "No RoleBinding names anybody: the namespace was released, or access ended.",
                    icon="users",
                    test_id="access-empty",
                ),
            ),
            action_reason(NamespacePage.actions.access, test_id="access-reason"),
            title="Who gets in",
            note="RoleBindings as the cluster has them; each change is a request",
            action=action_button(
                "Let somebody in",
                "user-plus",
                Acting.begin_grant,
                test_id="action-grant",
                reason=NamespacePage.actions.access,
            ),
            test_id="namespace-access",
            class_name="span-12 card-wide-table",
        ),
        _proofs(),
        class_name="grid",
    )

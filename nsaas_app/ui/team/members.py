"""The members section: which groups give which role, and who was seen with them."""

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import relative_time
from ..components.status import tone_icon
from ..components.table import data_table, head_cell, table_cell
from ..team_forms.state import TeamForm
from .state import TeamState
from .transform import GroupLine, MemberLine

__all__ = ["members_tab"]


def _group(line: GroupLine) -> rx.Component:
    return rx.el.li(
        tone_icon(rx.cond(line.is_seen, "ok", "warn")),
        rx.el.div(
            rx.el.span(line.name, class_name="mono line-name"),
            rx.el.p(line.note, class_name="line-note"),
            class_name="line-main",
        ),
        rx.el.span(line.role, class_name="line-took"),
        key=f"{line.role} {line.name}",
        class_name="line",
        data_testid=f"group-{line.name}",
        data_state=rx.cond(line.is_seen, "seen", "unseen"),
    )


def _groups() -> rx.Component:
    return card(
        rx.cond(
            TeamState.groups,
            rx.el.ul(rx.foreach(TeamState.groups, _group), class_name="lines"),
            rx.el.p("No group belongs to this team yet.", class_name="card-note"),
        ),
        action_reason(TeamState.why_not_members, test_id="members-reason"),
        title="Groups",
        note="Who is in one has its role here",
        action=action_button(
            "Edit",
            "pencil",
            TeamForm.begin_members(TeamState.name),
            test_id="team-members",
            reason=TeamState.why_not_members,
        ),
        test_id="team-groups",
    )


def _member(line: MemberLine) -> rx.Component:
    area = f"member-{line.subject}"
    return rx.el.tr(
        rx.el.th(
            rx.el.span(line.display_name),
            rx.el.p(line.subject, class_name="line-note mono"),
            scope="row",
        ),
        table_cell("Role", rx.el.span(line.role, data_testid=f"{area}-role")),
        table_cell("Through", rx.el.span(line.groups, class_name="mono wraps")),
        table_cell("Seen", relative_time(line.seen_at, test_id=f"{area}-seen")),
        key=line.subject,
        data_testid=area,
    )


def _members() -> rx.Component:
    table = data_table(
        *(head_cell(label) for label in ("Member", "Role", "Through", "Seen")),
        body=rx.foreach(TeamState.members, _member),
        label="Members",
        test_id="members-table",
    )
    return card(
        rx.cond(
            TeamState.members,
            table,
            empty_state(
                "Nobody was seen yet",
                "People show here once they sign in with one of the groups.",
                icon="users",
                test_id="members-empty",
            ),
        ),
        title="Members",
        note=rx.el.span(
            "People with a sign-in or token in force · ",
            TeamState.members_counted,
            class_name="num",
        ),
        test_id="members-card",
        class_name="span-7 card-wide-table",
    )


def _review() -> rx.Component:
    review = TeamState.review
    last = rx.cond(
        review.reviewed_at != "",
        rx.fragment(
            "Confirmed ",
            relative_time(review.reviewed_at, test_id="review-at"),
            " by ",
            rx.el.strong(review.by, data_testid="review-by"),
            ".",
        ),
        "Nobody has confirmed it so far.",
    )
    due = rx.cond(
        review.due_at != "",
        rx.fragment(" Due ", relative_time(review.due_at, test_id="review-due"), "."),
        " Due now.",
    )
    return card(
        rx.el.p(
            rx.cond(review.is_due, tone_icon("warn"), tone_icon("ok")),
            rx.el.span(last, due),
            class_name="verdict",
            data_testid="access-review",
            data_state=rx.cond(review.is_due, "due", "done"),
            data_value=review.due_at,
        ),
        title="Access review",
        note="Every 90 days a lead looks at the groups and says that they are right",
        action=action_button(
            "Confirm access",
            "shield-check",
            TeamState.confirm_access(review.version),
            test_id="review-confirm",
            reason=TeamState.why_not_members,
        ),
        test_id="team-review",
    )


def members_tab() -> rx.Component:
    """Build the section."""
    side = rx.el.div(_groups(), _review(), class_name="stack span-5")
    return rx.el.div(_members(), side, class_name="grid")

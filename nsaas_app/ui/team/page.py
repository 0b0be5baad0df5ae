"""One team: what it has, uses and pays, and who gets in."""

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import relative_time
from ..components.pills import pill_row
from ..components.problem import error_card
from ..components.request_line import request_line
from ..components.skeleton import skeleton_rows
from ..components.status import environment_tag
from ..components.team_budget import budget_bar
from ..keeping.panel import keep_card
from ..namespace_views import EndingLine
from ..shell.frame import frame
from ..shell.state import Shell
from ..team_forms.dialogs import team_dialogs
from ..team_forms.state import TeamForm
from .members import members_tab
from .namespaces import namespaces_tab
from .state import TeamState
from .transform import EnvironmentLine

__all__ = ["team"]


def _fact(term: str, *value: rx.Component | str) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(*value), class_name="headline-fact")


def _headline() -> rx.Component:
    def text(value: str, test_id: str) -> rx.Component:
        return rx.el.span(rx.cond(value != "", value, "\u2013"), data_testid=test_id)

    namespaces = rx.link(
        TeamState.namespaces,
        href=f"/namespaces?team={TeamState.name}",
        class_name="line-link num",
        data_testid="team-namespaces",
        data_value=TeamState.namespaces,
        data_as_of=Shell.as_of,
    )
    return rx.el.dl(
        _fact("Name", rx.el.span(TeamState.name, class_name="mono", data_testid="team-name")),
        _fact("Cost centre", text(TeamState.cost_center, "team-cost-center")),
        _fact("Namespaces", namespaces),
        _fact(
            "A month",
            rx.el.span(
                TeamState.cost,
                title=TeamState.cost_note,
                class_name="num",
                data_testid="team-cost",
            ),
        ),
        class_name="card headline",
    )


def _budget() -> rx.Component:
    return card(
        rx.el.div(
            rx.foreach(TeamState.bars, lambda bar: budget_bar(bar, as_of=Shell.as_of)),
            class_name="quota-grid",
        ),
        rx.el.p("A month: ", TeamState.cost_note, ".", class_name="field-help list-note"),
        action_reason(TeamState.why_not_edit, test_id="edit-reason"),
        title="Budget",
        note="Used by namespaces, reserved by requests that have not ended, and what is left",
        action=action_button(
            "Edit",
            "pencil",
            TeamForm.begin_edit(TeamState.name),
            test_id="team-edit",
            reason=TeamState.why_not_edit,
        ),
        test_id="team-budget",
        class_name="span-7",
    )


def _environment(line: EnvironmentLine) -> rx.Component:
    return rx.el.li(
        rx.link(
            environment_tag(line.key),
            href=line.href,
            class_name="share-link",
            data_testid=f"team-env-{line.key}",
        ),
        rx.el.div(
            rx.el.div(class_name="bar-fill", style={"width": f"{line.share}%"}),
            class_name="bar",
            aria_hidden="true",
        ),
        rx.el.span(
            line.number,
            " of ",
            line.limit,
            class_name="num share-number",
            data_testid=f"team-env-{line.key}-count",
            data_value=line.number,
        ),
        key=line.key,
        class_name="share share-wide",
    )


def _environments() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(TeamState.environments, _environment), class_name="shares"),
        title="By environment",
        note="Namespaces of the allowed number",
        test_id="team-environments",
        class_name="span-5",
    )


def _ending_line(line: EndingLine) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.link(
                line.name,
                href=f"/namespaces/{line.name}",
                class_name="line-link mono",
                data_testid=f"ending-{line.name}",
            ),
            rx.el.p(line.owner, class_name="line-note"),
            class_name="line-main",
        ),
        rx.el.span(
            relative_time(line.expires_at, test_id=f"ending-{line.name}-at"),
            class_name="line-took",
        ),
        key=line.uid,
        class_name="line",
    )


def _ending() -> rx.Component:
    return card(
        rx.cond(
            TeamState.ending,
            rx.el.ul(rx.foreach(TeamState.ending, _ending_line), class_name="lines"),
            rx.el.p("None.", class_name="card-note", data_testid="ending-empty"),
        ),
        title="Ending within 14 days",
        note="Open one to renew it",
        test_id="team-ending",
        class_name="span-5",
    )


def _requests() -> rx.Component:
    return card(
        rx.cond(
            TeamState.requests,
            rx.el.ul(
                rx.foreach(TeamState.requests, lambda line: request_line(line, area="recent")),
                class_name="lines",
            ),
            rx.el.p("None in the last 30 days.", class_name="card-note"),
        ),
        title="Latest requests",
        test_id="team-requests",
        class_name="span-7",
    )


def _body() -> rx.Component:
    overview = rx.el.div(
        keep_card(TeamState.concerns),
        _budget(), _environments(), _requests(), _ending(), class_name="grid",
    )  # fmt: skip
    return rx.fragment(
        _headline(),
        rx.el.div(
            pill_row(TeamState.tabs, label="Sections", area="tab"),
            class_name="filter-bar pill-bar",
        ),
        rx.match(
            TeamState.tab,
            ("members", members_tab()),
            ("namespaces", namespaces_tab()),
            overview,
        ),
        team_dialogs(),
    )


def team() -> rx.Component:
    """Build the page of one team."""
    absent = card(
        empty_state(
            TeamState.problem.message,
            "Look at the list of teams you may see.",
            rx.link("All teams", href="/teams", class_name="button", data_testid="to-teams"),
            icon="compass",
            test_id="not-found",
        ),
        test_id="team-absent",
    )
    broken = rx.cond(TeamState.problem.code == "NOT_FOUND", absent, error_card(TeamState.problem))
    return frame(
        rx.cond(
            TeamState.problem.code != "",
            broken,
            rx.cond(TeamState.is_loaded, _body(), card(skeleton_rows(8), test_id="team-loading")),
        ),
        title=TeamState.title,
        active="teams",
        announcement=TeamState.announcement,
    )

"""One team: what it has, uses and pays, and who gets in."""

import reflex as rx

from ..components.card import card
from ..components.pills import dropped_note, pill_row
from ..components.request_line import request_line
from ..components.skeleton import skeleton_rows
from ..components.status import environment_tag
from ..keeping.panel import keep_card
from ..shell.absent import absent_card
from ..shell.frame import frame
from ..shell.state import Shell
from ..shell.trouble import page_body
from ..team_forms.dialogs import team_dialogs
from .budget_view import budget_card
from .cost_view import cost_tab
from .members import members_tab
from .namespaces import namespaces_tab
from .renew_view import ending_card, renew_dialog
from .score_view import score_tab
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
        _fact("Leads", text(TeamState.leads, "team-leads")),
        _fact("Namespaces", namespaces, rx.el.span("\u00a0of ", TeamState.namespaces_top)),
        _fact(
            "Scorecard",
            rx.link(
                rx.cond(TeamState.score != "", TeamState.score, "\u2013"),
                href=f"/teams/{TeamState.name}?tab=scorecard",
                class_name="line-link num",
                data_testid="team-score-link",
                data_value=TeamState.score,
            ),
            rx.cond(TeamState.score != "", rx.el.span("\u00a0of 100"), rx.fragment()),
        ),
        _fact(
            "Monthly cost",
            rx.el.span(
                TeamState.cost,
                title=TeamState.cost_note,
                class_name="num",
                data_testid="team-cost",
            ),
        ),
        class_name="card headline",
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
        budget_card(), _environments(), _requests(), ending_card(), class_name="grid",
    )  # fmt: skip
    return rx.fragment(
        _headline(),
        rx.el.div(
            pill_row(TeamState.tabs, label="Sections", area="tab"),
            dropped_note(TeamState.dropped),
            class_name="filter-bar pill-bar",
        ),
        rx.match(
            TeamState.tab,
            ("members", members_tab()),
            ("namespaces", namespaces_tab()),
            ("cost", cost_tab()),
            ("scorecard", score_tab()),
            overview,
        ),
        team_dialogs(),
        renew_dialog(),
    )


def team() -> rx.Component:
    """Build the page of one team."""
    absent = absent_card(
        TeamState.problem.message,
        TeamState.nearest,
        all_label="All teams",
        all_href="/teams",
        all_id="to-teams",
        test_id="team-absent",
    )
    body = rx.cond(TeamState.is_loaded, _body(), card(skeleton_rows(8), test_id="team-loading"))
    return frame(
        rx.cond(
            TeamState.problem.code == "NOT_FOUND",
            absent,
            page_body(TeamState.problem, TeamState.is_known, body),
        ),
        title=TeamState.title,
        active="teams",
        announcement=TeamState.announcement,
    )

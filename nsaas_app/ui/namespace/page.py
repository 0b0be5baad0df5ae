"""One namespace: what stands above all sections, and the section that is open."""

import reflex as rx

from ..components.card import card
from ..components.command import command_list
from ..components.instant import clock_time
from ..components.request_line import request_line
from ..components.skeleton import skeleton_rows
from ..components.status import environment_tag, status_badge
from ..keeping.panel import keep_banner
from ..shell.absent import absent_card
from ..shell.frame import frame
from ..shell.state import Shell
from ..shell.trouble import page_problem
from .access_dialogs import access_dialogs
from .access_tab import access_tab
from .activity_tab import activity_tab
from .bar import action_bar, banners
from .cards import health_card, lifetime_card, owned_card, quota_card
from .dialogs import dialogs
from .drift_card import drift_card
from .events_tab import events_tab
from .network_tab import network_tab
from .quota_tab import quota_tab
from .rest_dialogs import rest_dialogs
from .settings_tab import settings_tab
from .state import NamespacePage
from .tab_bar import tab_bar
from .workloads_tab import workloads_tab
from .yaml_tab import yaml_tab

__all__ = ["namespace"]


def _fact(term: str, *value: rx.Component | str) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(*value), class_name="headline-fact")


def _headline() -> rx.Component:
    state = status_badge(
        NamespacePage.word,
        NamespacePage.tone,
        test_id="namespace-state",
        raw=NamespacePage.state,
        as_of=Shell.as_of,
    )
    return rx.el.dl(
        _fact("State", state),
        _fact("Environment", environment_tag(NamespacePage.environment)),
        _fact("Tier", rx.el.span(NamespacePage.tier, data_testid="namespace-tier")),
        _fact("Team", rx.el.span(NamespacePage.team, data_testid="namespace-team")),
        _fact("Owner", rx.el.span(NamespacePage.owner, data_testid="namespace-owner")),
        _fact("Cost centre", rx.el.span(NamespacePage.cost_center)),
        _fact("Created", clock_time(NamespacePage.created_at, test_id="namespace-created")),
        _fact("Ready", clock_time(NamespacePage.ready_at, test_id="namespace-ready")),
        class_name="card headline",
    )


def _requests() -> rx.Component:
    lines = rx.el.ul(
        rx.foreach(NamespacePage.requests, lambda line: request_line(line, area="history")),
        class_name="lines",
    )
    return card(
        rx.cond(
            NamespacePage.requests,
            lines,
            rx.el.p("None in the last 30 days.", class_name="card-note"),
        ),
        title="Latest requests",
        test_id="namespace-requests",
        class_name="span-7",
    )


def _connect() -> rx.Component:
    kubeconfig = rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        "Kubeconfig",
        href=NamespacePage.kubeconfig_href,
        reload_document=True,  # a file, not a page of the application
        class_name="button",
        data_testid="kubeconfig-download",
    )
    is_shut = NamespacePage.no_way_in != ""
    shut = rx.el.p(NamespacePage.no_way_in, class_name="card-note", data_testid="no-way-in")
    return card(
        rx.cond(is_shut, shut, command_list(NamespacePage.commands, is_local=Shell.is_dev)),
        title="How to get in",
        note=rx.cond(
            is_shut, "", "The kubeconfig says where the cluster is; it holds no credential"
        ),
        action=rx.cond(is_shut, rx.fragment(), kubeconfig),
        test_id="namespace-connect",
        class_name="span-5",
    )


def _overview() -> rx.Component:
    return rx.el.div(
        drift_card(),
        quota_card(),
        rx.el.div(health_card(), lifetime_card(), class_name="span-5 stack"),
        _requests(),
        _connect(),
        owned_card(),
        class_name="grid",
    )


def _section() -> rx.Component:
    """Show the open section once its own values are there."""
    sections = rx.match(
        NamespacePage.tab,
        ("quota", quota_tab()),
        ("workloads", workloads_tab()),
        ("network", network_tab()),
        ("access", access_tab()),
        ("events", events_tab()),
        ("activity", activity_tab()),
        ("yaml", yaml_tab()),
        ("settings", settings_tab()),
        _overview(),
    )
    loading = card(skeleton_rows(6), test_id="section-loading")
    return rx.el.div(
        rx.cond(NamespacePage.shown_tab == NamespacePage.tab, sections, loading),
        data_testid="section",
        data_state=NamespacePage.shown_tab,
    )


def _body() -> rx.Component:
    return rx.fragment(
        banners(),
        keep_banner(NamespacePage.concerns),
        rx.cond(
            NamespacePage.description != "",
            rx.el.p(NamespacePage.description, class_name="lead"),
            rx.fragment(),
        ),
        _headline(),
        action_bar(),
        tab_bar(),
        _section(),
        dialogs(),
        rest_dialogs(),
        access_dialogs(),
    )


def namespace() -> rx.Component:
    """Build the page of one namespace."""
    absent = absent_card(
        NamespacePage.problem.message,
        NamespacePage.nearest,
        all_label="All namespaces",
        all_href="/namespaces",
        all_id="to-namespaces",
        test_id="namespace-absent",
    )
    broken = rx.cond(
        NamespacePage.problem.code == "NOT_FOUND", absent, page_problem(NamespacePage.problem)
    )
    loading = card(skeleton_rows(8), test_id="namespace-loading")
    return frame(
        rx.cond(
            NamespacePage.problem.code != "",
            broken,
            rx.cond(NamespacePage.is_loaded, _body(), loading),
        ),
        title=NamespacePage.title,
        active="namespaces",
        announcement=NamespacePage.announcement,
    )

"""The entry: the app, the list of pages, the gate, the mounted API, the lifespan. Nothing else."""

import reflex as rx
from starlette.types import ASGIApp

from . import runtime
from .api.app import asgi_transformers
from .api.odd_paths import OddPaths
from .ui.approvals.page import approvals
from .ui.approvals.state import ApprovalsState
from .ui.audit.page import audit
from .ui.audit.state import AuditState
from .ui.catalog.page import catalog
from .ui.catalog.state import CatalogState
from .ui.cleanup.page import cleanup
from .ui.cleanup.state import CleanupState
from .ui.exports.page import exports
from .ui.exports.state import ExportsState
from .ui.guard import Guard
from .ui.inbox.page import inbox
from .ui.inbox.state import InboxState
from .ui.insights.page import insights
from .ui.insights.state import InsightsState
from .ui.namespace.page import namespace
from .ui.namespace.state import NamespacePage
from .ui.namespaces.page import namespaces
from .ui.namespaces.state import NamespacesState
from .ui.new.page import new_namespace
from .ui.new.state import NewState
from .ui.not_found.page import not_found
from .ui.not_found.state import NotFoundState
from .ui.overview.page import overview
from .ui.overview.state import OverviewState
from .ui.problems import toast_for_breakdown
from .ui.request.page import request
from .ui.request.state import RequestState
from .ui.requests.page import requests
from .ui.requests.state import RequestsState
from .ui.settings.page import settings
from .ui.settings.state import SettingsState
from .ui.shell.fonts import preloaded_fonts
from .ui.shell.toaster import toaster
from .ui.status.page import status
from .ui.status.state import StatusState
from .ui.tab_loops import attend
from .ui.team.page import team
from .ui.team.state import TeamState
from .ui.teams.page import teams
from .ui.teams.state import TeamsState

__all__ = ["app", "served"]

app = rx.App(
    stylesheets=["/fonts.css", "/app.css"],
    head_components=preloaded_fonts(),
    html_lang="en",
    toaster=toaster(),
    backend_exception_handler=toast_for_breakdown,
    api_transformer=asgi_transformers(),
)
# The frame has its own offline banner; the framework's toast would say it a second time.
app.app_wraps.pop((5, "Overlay"))
app.add_middleware(Guard(), index=0)
attend(app)
app.register_lifespan_task(runtime.lifespan)

app.add_page(overview, route="/", title="Overview · NSaaS", on_load=OverviewState.watch)
app.add_page(
    namespaces, route="/namespaces", title="Namespaces · NSaaS", on_load=NamespacesState.watch
)
app.add_page(
    namespace,
    route="/namespaces/[name]",
    title=f"{NamespacePage.title} · {NamespacePage.section} · NSaaS",
    on_load=NamespacePage.watch,
)
app.add_page(new_namespace, route="/new", title="New namespace · NSaaS", on_load=NewState.watch)
app.add_page(requests, route="/requests", title="Requests · NSaaS", on_load=RequestsState.watch)
app.add_page(
    request,
    route="/requests/[id]",
    title=f"{RequestState.title} · NSaaS",
    on_load=RequestState.watch,
)
app.add_page(approvals, route="/approvals", title="Approvals · NSaaS", on_load=ApprovalsState.watch)
app.add_page(teams, route="/teams", title="Teams · NSaaS", on_load=TeamsState.watch)
app.add_page(
    team,
    route="/teams/[team]",
    title=f"{TeamState.title} · {TeamState.section} · NSaaS",
    on_load=TeamState.watch,
)
app.add_page(
    catalog,
    route="/catalog",
    title=f"Catalog · {CatalogState.section} · NSaaS",
    on_load=CatalogState.watch,
)
app.add_page(exports, route="/exports", title="Kept exports · NSaaS", on_load=ExportsState.watch)
app.add_page(inbox, route="/inbox", title="Inbox · NSaaS", on_load=InboxState.watch)
app.add_page(
    insights,
    route="/insights",
    title=f"Insights · {InsightsState.section} · NSaaS",
    on_load=InsightsState.watch,
)
app.add_page(audit, route="/audit", title="Audit · NSaaS", on_load=AuditState.watch)
app.add_page(status, route="/status", title="Status · NSaaS", on_load=StatusState.watch)
app.add_page(
    settings,
    route="/settings",
    title=f"Settings · {SettingsState.section_word} · NSaaS",
    on_load=SettingsState.watch,
)
app.add_page(cleanup, route="/cleanup", title="Cleanup · NSaaS", on_load=CleanupState.watch)
app.add_page(not_found, route="404", title="Not found · NSaaS", on_load=NotFoundState.watch)


def served() -> ASGIApp:
    """Build what a server runs: the framework's application, with nothing in front but ours."""
    return OddPaths(app())

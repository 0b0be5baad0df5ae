"""Reading the open section of a namespace's page: memory on every turn, the rest now and then."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

from ... import runtime
from ...directory.requests import RequestQuery
from ...domain.actors import Actor
from ...domain.audit import AuditFilter
from ...domain.errors import PortalError
from ...domain.namespaces import NamespaceState
from ...identity.permissions import Permission, may
from ...insights.access import BindingLine
from ..paging import pages_of, size_in, span_words
from ..problems import Problem
from ..request_views import RequestLine
from ..routes import number_in
from .access_view import grant_lines, proof_vars
from .activity_view import EntryLine
from .network_asking import check_vars
from .network_view import network_vars
from .tabs import tab_links
from .topology_view import topology_vars
from .transform import owned_lines
from .trend_view import forecast_note, trend_charts, window_of, window_pills
from .usage_view import usage_vars
from .warnings_view import WarningCard, kind_pills, since_of, since_pills
from .week import week_of
from .workloads_view import workload_vars
from .yaml_view import yaml_vars

__all__ = ["TabReader"]

Vars = Mapping[str, object]

_WARNED: Final = ("quota", "events")
"""Sections that show warnings; the others only count them."""
_TREND_AGE: Final = timedelta(seconds=20)
"""How old the past of a quota may be: it is sampled once a minute."""
_DATABASE_AGE: Final = timedelta(seconds=5)
"""How old what comes from the database may be on a page that changes twice a second."""


class TabReader:
    """Reads one section for as long as it is open."""

    def __init__(self, tab: str, name: str, query: Mapping[str, str]) -> None:
        self.tab = tab
        self._name = name
        self._query = query
        self._kept: Vars = {}
        self._read_at = runtime.current().clock() - _DATABASE_AGE
        self._proven: tuple[BindingLine, ...] | None = None
        readers: dict[str, Callable[[Actor], Awaitable[Vars]]] = {
            "overview": self._overview,
            "quota": self._usage,
            "workloads": self._workloads,
            "network": self._network,
            "access": self._access,
            "activity": self._activity,
            "events": self._events,
            "settings": self._settings,
            "yaml": self._yaml,
        }
        self._reader = readers.get(tab)

    async def read(self, actor: Actor) -> Vars:
        """Compute the vars of the section that is open."""
        found = await self._reader(actor) if self._reader is not None else {}
        reports = runtime.current().reports.warnings
        warnings = reports.report(self._name, actor=actor)
        cards = [WarningCard.of(group) for group in warnings] if self.tab in _WARNED else []
        return {
            "warnings": cards,
            "refusals": [card for card in cards if card.shortfalls],
            "tabs": tab_links(self._name, self.tab, {"events": len(warnings)}),
            "shown_tab": self.tab,
            **found,
        }

    async def _events(self, actor: Actor) -> Vars:
        reports, query = runtime.current().reports.warnings, self._query
        kind, within = query.get("kind", ""), since_of(query)
        found = reports.report(self._name, actor=actor, kind=kind, within=within)
        return {
            "warnings": [WarningCard.of(group) for group in found],
            "warning_kinds": kind_pills(self._name, reports.kinds(self._name, actor=actor), query),
            "warning_spans": since_pills(self._name, query),
            "is_filtered": bool(kind) or within is not None,
        }

    async def _overview(self, actor: Actor) -> Vars:
        found = runtime.current().reports.objects.report(self._name, actor=actor)
        state = runtime.current().directory.row(self._name, actor=actor).state
        is_ending = state in (NamespaceState.TERMINATING, NamespaceState.STUCK)
        return {"owned": owned_lines(self._name, found, is_ending=is_ending)}

    async def _settings(self, actor: Actor) -> Vars:
        sleep = runtime.current().directory.row(self._name, actor=actor).sleep
        return {"week": week_of(sleep.texts) if sleep else []}

    async def _workloads(self, actor: Actor) -> Vars:
        report = runtime.current().reports.workloads.report(self._name, actor=actor)
        drawn = runtime.current().reports.topology.report(self._name, actor=actor)
        return {**workload_vars(report), **topology_vars(self._name, drawn, self._query)}

    async def _network(self, actor: Actor) -> Vars:
        networks = runtime.current().reports.network
        found = networks.report(self._name, actor=actor)
        asked = check_vars(self._query, lambda one: networks.ask(self._name, one, actor=actor))
        return {**network_vars(found, self._name, self._query), **asked}

    async def _yaml(self, actor: Actor) -> Vars:
        found = runtime.current().reports.objects.report(self._name, actor=actor)
        return yaml_vars(self._name, found, self._query)

    async def _usage(self, actor: Actor) -> Vars:
        portal = runtime.current()
        report = await portal.reports.usage.report(self._name, actor=actor)
        window = window_of(self._query.get("window", ""))
        if portal.clock() - self._read_at >= _TREND_AGE or not self._kept:
            trends = await portal.reports.trends.report(self._name, window=window, actor=actor)
            pills = window_pills(self._name, window)
            self._kept = {
                "trends": trend_charts(trends),
                "forecast": forecast_note(trends, now=portal.clock()),
                "windows": pills,
            }
            self._read_at = portal.clock()
        return {**usage_vars(report), **self._kept}

    async def _access(self, actor: Actor) -> Vars:
        reports = runtime.current().reports.access
        bindings = reports.bindings(self._name, actor=actor)
        ended = reports.ended(self._name, actor=actor)
        values: dict[str, object] = {"grants": grant_lines(bindings, ended)}
        if bindings == self._proven:
            return values
        # Asked when the section is opened, and again when somebody's binding changed.
        self._proven = bindings
        try:
            proofs = await reports.prove(self._name, actor=actor)
        except PortalError as error:
            return values | {"access_problem": Problem.from_error(error)}
        return values | proof_vars(proofs) | {"access_problem": Problem()}

    async def _activity(self, actor: Actor) -> Vars:
        portal = runtime.current()
        page = number_in(self._query.get("page", ""), default=1)
        usual = (await portal.preferences.of(actor)).page_size
        size = size_in(self._query.get("size", ""), usual)
        query = RequestQuery(namespace=self._name, offset=(page - 1) * size, limit=size)
        found = portal.requests.find(query, actor=actor)
        if portal.clock() - self._read_at >= _DATABASE_AGE:
            self._kept = await self._entries(actor, size)
            self._read_at = portal.clock()
        return {
            "page_size": size,
            "history": [RequestLine.from_request(request) for request in found.items],
            "history_page": page,
            "history_pages": pages_of(found.total, size),
            "history_total": found.total,
            "history_counted": _counted(page, size, found.total, "request", "requests"),
            **self._kept,
        }

    async def _entries(self, actor: Actor, size: int) -> Vars:
        portal = runtime.current()
        row = portal.directory.row(self._name, actor=actor)
        if not may(actor, Permission.AUDIT_READ, row.team):
            return {"reads_audit": False}
        page = number_in(self._query.get("audit", ""), default=1)
        found = await portal.audit_trail.find(
            AuditFilter(namespace=self._name),
            actor=actor,
            limit=size,
            offset=(page - 1) * size,
        )
        return {
            "reads_audit": True,
            "entries": [EntryLine.of(event) for event in found.items],
            "entries_page": page,
            "entries_pages": pages_of(found.total, size),
            "entries_total": found.total,
            "entries_counted": _counted(page, size, found.total, "entry", "entries"),
        }


def _counted(page: int, size: int, total: int, one: str, many: str) -> str:
    return f"{span_words(page, size, total)} {one if total == 1 else many}"

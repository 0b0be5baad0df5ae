"""State of one namespace's page: what stands above the sections, and the one that is open."""

from collections.abc import AsyncIterator
from typing import Final

import reflex as rx
from reflex_base.event import EventCallback, EventSpec

from ... import runtime
from ...directory.hub import CLEANUP, namespace_topic
from ...directory.requests import RequestQuery
from ...domain.actors import Actor
from ...domain.errors import NotFoundError, PortalError
from ...identity.permissions import Permission
from ...insights.topology import MOST_NODES
from ...insights.workloads import MOST as MOST_PODS
from ..awaiting import awaiting_names
from ..connect import Command, commands_for
from ..figures import count
from ..guard import actor_of, guarded
from ..keeping.state import Keeping
from ..keeping.transform import KeepLine, keep_lines
from ..live import LivePage, assign, follow
from ..paging import page_in, size_in
from ..pairs import lines_of
from ..places import Places
from ..problems import Problem
from ..quotas import QuotaView
from ..request_views import RequestLine
from ..routes import last_part, number_in
from ..toasts import say
from .access_view import proof_vars
from .acting import Acting
from .actions import Actions, reasons_of
from .gone import gone_vars
from .network_asking import check_address
from .reading import TabReader
from .section_vars import SectionVars
from .standing import Banner, DriftLine, banners_of, drift_lines
from .tabs import TABS, tab_address, tab_links, tab_of
from .topology_view import NodeView
from .transform import Reason, namespace_vars, no_way_in
from .workloads_view import PodRow

__all__ = ["NODES", "PODS", "NamespacePage"]

_LAST = 5
NODES: Final = Places("nodes", NodeView, most=MOST_NODES, key=lambda node: node.key)
"""What the topology draws."""
PODS: Final = Places("pods", PodRow, most=MOST_PODS, key=lambda pod: pod.name)


@PODS.declared
@NODES.declared
class NamespacePage(SectionVars, LivePage, rx.State):
    """Vars of the page."""

    title: str = "Namespace"
    section: str = TABS["overview"]
    """The open section in words."""
    display_name: str = ""
    description: str = ""
    state: str = ""
    word: str = ""
    tone: str = "none"
    environment: str = ""
    tier: str = ""
    team: str = ""
    owner: str = ""
    cost_center: str = ""
    created_at: str = ""
    ready_at: str = ""
    expires_at: str = ""
    certified_at: str = ""
    certify_by: str = ""
    """Until when somebody must confirm that it is still needed; empty where nobody must."""
    life_share: int = 0
    uid: str = ""
    health: int = 100
    unrated: str = ""
    """Why no score is told; empty where one is."""
    quota_gone: str = ""
    """Why no quota will show; empty where one does or will."""
    reasons: list[Reason] = []
    quotas: list[QuotaView] = []
    requests: list[RequestLine] = []
    commands: list[Command] = []
    no_way_in: str = ""
    """Why nobody gets in as it stands; empty where the commands help."""
    restorable_until: str = ""
    kubeconfig_href: str = ""
    export_href: str = ""
    sleep_windows: str = ""
    sleep_timezone: str = ""
    labels: list[str] = []
    """`key=value`; the portal's own left out."""
    annotations: list[str] = []
    runs_on: list[str] = []
    """What does not sleep while the namespace does, each with the reason."""
    banners: list[Banner] = []
    concerns: list[KeepLine] = []
    """What cleanup has in mind."""
    drift: list[DriftLine] = []
    actions: Actions = Actions()
    why_not: list[str] = []

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> AsyncIterator[EventSpec | EventCallback[()]]:
        """Follow the namespace and the section named in the address."""
        name, query = self._name(), self.router.url.query_parameters
        reader = TabReader(tab_of(query), name, query)
        async with self:
            is_known = self.title == name and self.is_loaded and not self.problem.code
            if self.title != name:
                # Another namespace's values must not stand under this one's name.
                assign(self, {"title": name, "is_loaded": False, "shown_tab": ""})
            section = {"section": TABS[reader.tab]}
            assign(self, section | {"tab": reader.tab, "tabs": tab_links(name, reader.tab, {})})
            # A dialog belongs to the page it was opened on.
            assign(await self.get_state(Acting), {"action": ""})
            assign(await self.get_state(Keeping), {"is_open": False})
        if query.get("ask") == "resize":
            yield Acting.begin_resize("action-resize")

        async def read(actor: Actor) -> dict[str, object]:
            nonlocal is_known
            try:
                values = {**_page_vars(name, actor), **await reader.read(actor)}
            except NotFoundError:
                gone = gone_vars(name, reader.tab, actor) if is_known else None
                if gone is None:
                    raise
                return gone
            is_known = True
            concerns = await keep_lines(actor, name=name)
            return {**values, "runs_on": await _runs_on(name, actor), "concerns": concerns}

        await follow(self, topics=(namespace_topic(name), CLEANUP), read=read)

    @guarded(Permission.NAMESPACE_READ)
    async def open_tab(self, tab: str) -> EventSpec:
        """Open a section: the choice of narrow screens."""
        return rx.redirect(tab_address(self._name(), tab_of({"tab": str(tab)})))

    @guarded(Permission.NAMESPACE_READ)
    async def go_to_requests(self, page: int) -> EventSpec:
        """Open another page of the requests."""
        return self._turn("page", page, self.history_pages)

    @guarded(Permission.NAMESPACE_READ)
    async def go_to_entries(self, page: int) -> EventSpec:
        """Open another page of the audit entries."""
        return self._turn("audit", page, self.entries_pages)

    @guarded(Permission.NAMESPACE_READ)
    async def resize_pages(self, size: str) -> EventSpec:
        """Show more or fewer requests and entries on a page."""
        wanted = str(size_in(str(size), self.page_size))
        return rx.redirect(tab_address(self._name(), "activity", size=wanted))

    @guarded(Permission.NAMESPACE_READ)
    async def tell_copied(self) -> EventSpec:
        """Say how much the browser has put into the clipboard."""
        number = self.object_lines
        self.announcement = f"Copied {count(number)} {'line' if number == 1 else 'lines'}"
        return say(f"{self.announcement}.", tone="plain")

    @guarded(Permission.NAMESPACE_READ)
    async def check_network(self, form: dict[str, object]) -> EventSpec:
        """Ask whether a connection gets through; the question is in the address."""
        return rx.redirect(check_address(self._name(), form))

    @guarded(Permission.NAMESPACE_READ, background=True)
    async def prove_again(self) -> None:
        """Ask the API server once more who may do what."""
        async with self:
            self.is_proving = True
            actor = await actor_of(self)
        try:
            reports = runtime.current().reports.access
            proofs = await reports.prove(self._name(), actor=actor, is_anew=True)
        except PortalError as error:
            values: dict[str, object] = {"access_problem": Problem.from_error(error)}
        else:
            values = proof_vars(proofs) | {"access_problem": Problem()}
        async with self:
            assign(self, values | {"is_proving": False})

    def _name(self) -> str:
        return last_part(self.router.url.path)

    def _turn(self, which: str, page: int, pages: int) -> EventSpec:
        query = self.router.url.query_parameters
        kept = {
            key: str(number_in(query[key], default=1))
            for key in ("page", "audit", "size")
            if key in query
        }
        wanted = page_in(page, pages)
        kept[which] = "" if wanted == 1 else str(wanted)
        return rx.redirect(tab_address(self._name(), "activity", **kept))


async def _runs_on(name: str, actor: Actor) -> list[str]:
    """Name what does not sleep; asked for only while the namespace does."""
    portal = runtime.current()
    if portal.directory.row(name, actor=actor).asleep is None:
        return []
    _, workloads = await portal.changes.sleep_of(name, actor=actor)
    return [f"{one.identity}: {one.skipped}" for one in workloads if one.skipped]


def _page_vars(name: str, actor: Actor) -> dict[str, object]:
    portal = runtime.current()
    row, record = portal.directory.row(name, actor=actor), portal.directory.record(name)
    is_awaiting = name in awaiting_names()
    actions = Actions.of(row, actor, is_awaiting=is_awaiting)
    endings = portal.reports.endings
    found = portal.requests.find(RequestQuery(namespace=name, limit=_LAST), actor=actor)
    return {
        **namespace_vars(
            row,
            now=portal.clock(),
            is_awaiting=is_awaiting,
            in_use=portal.reports.usage.in_use(name, actor=actor),
        ),
        "labels": lines_of(record.spec.labels).splitlines() if record else [],
        "annotations": lines_of(record.spec.annotations).splitlines() if record else [],
        "banners": banners_of(
            row,
            endings.blockers(name, actor=actor),
            release=endings.release(name, actor=actor),
            repaired=portal.directory.repairs.of(name),
        ),
        "drift": drift_lines(row),
        "actions": actions,
        "why_not": reasons_of(actions),
        "requests": [RequestLine.from_request(request) for request in found.items],
        "commands": commands_for(name, actor, is_local=portal.environment == "dev"),
        "no_way_in": no_way_in(row.state, is_awaiting=is_awaiting),
        "export_href": f"/api/v1/namespaces/{name}/export",
        "sleep_windows": row.sleep.in_words if row.sleep else "",
        "sleep_timezone": row.sleep.timezone if row.sleep else "",
        "kubeconfig_href": f"/api/v1/namespaces/{name}/kubeconfig",
    }

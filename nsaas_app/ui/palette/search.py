"""What the palette finds for somebody: in memory, and only what they may see."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from ... import runtime
from ...directory.query import RowQuery
from ...directory.requests import RequestQuery
from ...directory.rows import NamespaceRow
from ...domain.actors import Actor
from ...domain.errors import NotFoundError
from ...domain.requests import ProvisioningRequest
from ...domain.teams import Team
from ...identity.permissions import Permission, may
from ..awaiting import awaiting_names, state_look
from ..shell.navigation import GROUPS
from ..shell.state import shell_view
from ..words import KIND_WORDS, word_of
from .items import PaletteGroup, PaletteItem, Wanted, best

__all__ = ["found", "is_thing"]

_LOOKED_AT: Final = 10_000
_LATEST: Final = 1_000
_LABELS: Final = {
    "recent": "Recent",
    "namespaces": "Namespaces",
    "teams": "Teams",
    "requests": "Requests",
    "pages": "Pages",
    "actions": "Actions",
}
_ACTIONS: Final = (
    ("new", "New namespace", "Ask for one", "/new"),
    ("template", "Start from a template", "Catalog", "/catalog?kind=templates"),
    ("my-requests", "Show my requests", "Requests", "/requests?scope=mine"),
    ("failed-requests", "Show failed requests", "Requests", "/requests?status=failed"),
)


def is_thing(path: str) -> bool:
    """Whether a path is about one namespace, team or request."""
    parts = path.strip("/").split("/")
    return len(parts) == 2 and parts[0] in ("namespaces", "teams", "requests")  # noqa: PLR2004 - kind, name


async def found(typed: str, *, actor: Actor, recent: Sequence[str]) -> list[PaletteGroup]:
    """Answer what was typed; without anything, where one was lately and where one can go.

    Raises:
        PortalError: the teams cannot be read.
    """
    wanted = Wanted.of(typed)
    if wanted.group == "help":
        return []
    if not wanted.text and not wanted.group:
        teams = await runtime.current().teams.all()
        lately = [_recent(path, actor, teams.values()) for path in recent]
        return _groups(
            recent=[item for item in lately if item is not None],
            pages=_pages(actor, ""),
            actions=_actions(actor, ""),
        )
    return _groups(
        namespaces=_namespaces(actor, wanted.text) if wanted.includes("namespaces") else [],
        teams=await _teams(actor, wanted.text) if wanted.includes("teams") else [],
        requests=_requests(actor, wanted.text) if wanted.includes("requests") else [],
        pages=_pages(actor, wanted.text) if wanted.includes("pages") else [],
        actions=_actions(actor, wanted.text) if wanted.includes("actions") else [],
    )


def _groups(**items: list[PaletteItem]) -> list[PaletteGroup]:
    return [PaletteGroup(name, _LABELS[name], tuple(each)) for name, each in items.items() if each]


def _namespace(row: NamespaceRow) -> PaletteItem:
    word, _tone = state_look(row.state, is_awaiting=row.name in awaiting_names())
    note = f"{row.team}, {word_of(row.environment.value)}, {word}"
    href = f"/namespaces/{row.name}"
    return PaletteItem(f"namespace-{row.name}", "namespace", row.name, note, href)


def _team(team: Team) -> PaletteItem:
    label = team.display_name or str(team.name)
    return PaletteItem(f"team-{team.name}", "team", label, str(team.name), f"/teams/{team.name}")


def _request(request: ProvisioningRequest) -> PaletteItem:
    return PaletteItem(
        key=f"request-{request.request_id}",
        kind="request",
        label=f"{KIND_WORDS[request.kind]} {request.namespace}",
        note=f"{word_of(request.status.value)}, asked by {request.requested_by}",
        href=f"/requests/{request.request_id}",
    )


def _namespaces(actor: Actor, text: str) -> list[PaletteItem]:
    rows = runtime.current().directory.find(RowQuery(q=text, limit=_LOOKED_AT), actor=actor).items

    def words(row: NamespaceRow) -> tuple[str, ...]:
        return (row.name, row.display_name, str(row.team), row.owner, row.description)

    return [_namespace(row) for row in best(rows, text, words)]


async def _teams(actor: Actor, text: str) -> list[PaletteItem]:
    teams = await runtime.current().teams.all()
    seen = [team for team in teams.values() if may(actor, Permission.TEAM_READ, team.name)]
    seen.sort(key=lambda team: team.name)
    return [_team(t) for t in best(seen, text, lambda t: (str(t.name), t.display_name))]


def _requests(actor: Actor, text: str) -> list[PaletteItem]:
    newest = runtime.current().requests.find(RequestQuery(limit=_LATEST), actor=actor).items

    def words(request: ProvisioningRequest) -> tuple[str, ...]:
        return (str(request.namespace), request.request_id, request.requested_by)

    return [_request(request) for request in best(newest, text, words)]


def _pages(actor: Actor, text: str) -> list[PaletteItem]:
    view = shell_view(actor)
    # A page that is not for everybody has a flag of its own in the frame.
    pages = [
        PaletteItem(f"page-{key}", "page", label, group, href)
        for group, entries in GROUPS
        for key, label, _icon, href in entries
        if view.get(f"sees_{key}", True)
    ]
    # Without a text all of them: it is how one learns what there is.
    return best(pages, text, _words) if text else pages


def _actions(actor: Actor, text: str) -> list[PaletteItem]:
    may_request = shell_view(actor)["may_request"]
    items = [
        PaletteItem(f"action-{key}", "action", label, note, href)
        for key, label, note, href in _ACTIONS
        if may_request or key not in ("new", "template")
    ]
    return best(items, text, _words)


def _words(item: PaletteItem) -> tuple[str, ...]:
    return (item.label, item.note)


def _recent(path: str, actor: Actor, teams: Iterable[Team]) -> PaletteItem | None:
    """Look a visited page up again: it may be gone, or no longer be theirs."""
    portal = runtime.current()
    kind, name = path.strip("/").split("/")

    def team() -> PaletteItem:
        for one in teams:
            if str(one.name) == name and may(actor, Permission.TEAM_READ, one.name):
                return _team(one)
        raise NotFoundError("team", name)

    readers: dict[str, Callable[[], PaletteItem]] = {
        "namespaces": lambda: _namespace(portal.directory.row(name, actor=actor)),
        "requests": lambda: _request(portal.requests.get(name, actor=actor)),
        "teams": team,
    }
    try:
        return readers[kind]()
    except NotFoundError:
        return None

"""What there is with nearly the name that was not found: own things only, so nothing is told."""

import asyncio
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from .. import runtime
from ..directory.requests import RequestQuery
from ..domain.actors import Actor
from ..domain.errors import PortalError
from ..identity.permissions import Permission, may
from .routes import Pill
from .shell.navigation import GROUPS

__all__ = ["closest", "nearest_of"]

MOST: Final = 3
_ALIKE: Final = 0.6
"""From this likeness on, of 1, a name may have been meant."""
_LATEST: Final = 200


def closest(wanted: str, names: Iterable[str]) -> list[str]:
    """Find the names most like the wanted one, best first; those that contain it come first."""
    known = {name.casefold(): name for name in sorted(set(names))}
    text = wanted.casefold()
    inside = [name for folded, name in known.items() if text and text in folded]
    alike = [known[one] for one in get_close_matches(text, known, n=MOST, cutoff=_ALIKE)]
    return list(dict.fromkeys([*inside, *alike]))[:MOST]


async def nearest_of(path: str, *, actor: Actor) -> list[Pill]:
    """Offer what of one's own is named nearly as a path of one thing; else pages."""
    kind, _, wanted = path.strip("/").partition("/")
    names = await _names(kind, actor) if wanted else None
    if names is None:
        wanted = kind
        names = {label: href for _, entries in GROUPS for _, label, _, href in entries}
    # So many names take long enough to be in everybody else's way.
    found = await asyncio.to_thread(closest, wanted, names)
    return [Pill(name, name, names[name], is_open=False) for name in found]


async def _names(kind: str, actor: Actor) -> dict[str, str] | None:
    """Names of one kind that the actor may see, each with its address; None: it is no kind."""
    portal = runtime.current()
    if kind == "namespaces":
        rows = portal.directory.rows(actor=actor)
        return {row.name: f"/namespaces/{row.name}" for row in rows}
    if kind == "requests":
        latest = portal.requests.find(RequestQuery(limit=_LATEST), actor=actor).items
        return {one.request_id: f"/requests/{one.request_id}" for one in latest}
    if kind == "teams":
        try:
            teams = await portal.teams.all()
        except PortalError:
            return {}
        own = (name for name in teams if may(actor, Permission.TEAM_READ, name))
        return {str(name): f"/teams/{name}" for name in own}
    return None

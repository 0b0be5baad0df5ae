"""Trying a draft: the preview of it, or why there is none."""

from datetime import timedelta
from typing import Final

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import InvalidFieldsError, PortalError, UnavailableError
from ...domain.teams import Team
from ..figures import iso
from .adopting import AdoptionView
from .draft import Draft
from .members import member_drafts
from .preview import MemberRun, preview_vars, unchecked_vars

__all__ = ["FRESH_FOR", "tried"]

FRESH_FOR: Final = timedelta(seconds=60)
"""An older preview is made anew before its draft is handed in."""


async def tried(draft: Draft, actor: Actor, *, team: Team | None) -> dict[str, object]:
    """Ask for the preview of a draft; gives the review's vars whatever the answer is.

    A silent cluster holds nobody back: the request is accepted and waits for it. An adoption waits
    for a look at what is there.
    """
    try:
        return await (_adoption(draft, actor) if draft.adopts else _new(draft, actor, team))
    except InvalidFieldsError as error:
        # Of an adoption some rules are about what is in the cluster: no field could show them.
        words = error.issues[0].message if draft.adopts else "go back to them."
        return unchecked_vars(blocked=f"Some fields break a rule: {words}")
    except UnavailableError as error:
        if draft.adopts:
            return unchecked_vars(blocked=error.message)
        text = "The request is accepted all the same and starts when the cluster answers."
        return unchecked_vars(blocked="", problem=f"{error.message} {text}")
    except PortalError as error:
        return unchecked_vars(blocked=error.message)


async def _new(draft: Draft, actor: Actor, team: Team | None) -> dict[str, object]:
    portal = runtime.current()
    first, *others = member_drafts(draft, team=team)
    preview = await portal.previews.preview(first.spec(), actor=actor)
    values = preview_vars(preview, at=iso(portal.clock()))
    found = [await portal.previews.preview(other.spec(), actor=actor) for other in others]
    refused = [str(one.spec.name) for one in found if not one.is_allowed]
    if refused and not values["blocked"]:
        values["blocked"] = f"The API server refuses objects of {', '.join(refused)}."
    return values | {"member_runs": [MemberRun.of(one) for one in found]}


async def _adoption(draft: Draft, actor: Actor) -> dict[str, object]:
    portal = runtime.current()
    preview = await portal.adoptions.preview(draft.spec(), actor=actor)
    values = preview_vars(preview.base, at=iso(portal.clock()))
    return values | {"adoption": AdoptionView.of(preview)}

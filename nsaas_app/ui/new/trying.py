"""Trying a draft: the preview of it, or why there is none."""

from datetime import timedelta
from typing import Final

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import InvalidFieldsError, PortalError, UnavailableError
from ...domain.spec import SpecDraft
from ..figures import iso
from .preview import preview_vars, unchecked_vars

__all__ = ["FRESH_FOR", "tried"]

FRESH_FOR: Final = timedelta(seconds=60)
"""An older preview is made anew before its draft is handed in."""


async def tried(draft: SpecDraft, actor: Actor) -> dict[str, object]:
    """Ask for the preview of a draft; gives the review's vars whatever the answer is.

    A silent cluster holds nobody back: the request is accepted and waits for it.
    """
    portal = runtime.current()
    try:
        preview = await portal.previews.preview(draft, actor=actor)
    except InvalidFieldsError:
        return unchecked_vars(blocked="Some fields break a rule: go back to them.")
    except UnavailableError as error:
        text = "The request is accepted all the same and starts when the cluster answers."
        return unchecked_vars(blocked="", problem=f"{error.message} {text}")
    except PortalError as error:
        return unchecked_vars(blocked=error.message)
    return preview_vars(preview, at=iso(portal.clock()))

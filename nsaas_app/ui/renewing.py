"""Renewal by one click, from wherever a lifetime's end is told of."""

import secrets

import reflex as rx
from reflex_base.event import EventSpec

from .. import runtime
from ..domain.actors import Actor
from ..domain.approval import justification_issues
from ..domain.environments import POLICIES
from ..domain.errors import InvalidFieldsError, PortalError
from ..domain.requests import ProvisioningRequest
from ..identity.permissions import Permission
from ..provisioning.intake import Submission
from .components.action import action_button
from .guard import actor_of, guarded
from .problems import toast_for
from .toasts import say

__all__ = ["Renewing", "renew_button"]

_REASON = justification_issues("")[0].field
"""The field that is asked for where somebody must agree."""


class Renewing(rx.State):
    """The event behind the buttons; the pages learn of the new end by themselves."""

    @guarded(Permission.NAMESPACE_CHANGE)
    async def renew(self, name: str) -> list[EventSpec] | EventSpec | None:
        """Put the end off by what the environment gives, or confirm that production is needed."""
        actor, name = await actor_of(self), str(name)
        try:
            request = await _renew(name, actor)
        except InvalidFieldsError as error:
            if any(issue.field == _REASON for issue in error.issues):
                text = "A lead must agree to this renewal: say why under Renew."
                return [say(text), rx.redirect(f"/namespaces/{name}")]
            return toast_for(error)
        except PortalError as error:
            return toast_for(error)
        if request is None:
            return say(f"{name} was confirmed a moment ago.")
        return rx.redirect(f"/requests/{request.request_id}")


async def _renew(name: str, actor: Actor) -> ProvisioningRequest | None:
    portal = runtime.current()
    row = portal.directory.row(name, actor=actor)
    end = row.certify_by or row.expires_at
    submission = Submission(
        actor=actor,
        # A second click about the same end is the same request.
        idempotency_key=f"renew/{row.request_id}/{end.isoformat() if end else ''}",
        correlation_id=secrets.token_hex(8),
        source="ui",
        justification="",
    )
    if row.certify_by is not None:
        return await portal.changes.certify(name, submission)
    given = POLICIES[row.environment].default_ttl
    days = given.days if given else 0
    return await portal.changes.change(name, {"expires_in_days": days}, submission)


def renew_button(name: str, label: str, *, test_id: str) -> rx.Component:
    """Offer it; the label says whether it renews or confirms."""
    return action_button(label, "calendar-plus", Renewing.renew(name), test_id=test_id)

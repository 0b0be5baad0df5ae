"""What happens to a request, as it stands in the audit log."""

from collections.abc import Mapping
from typing import Any

from ..domain.actors import Actor
from ..domain.audit import AuditEvent, Outcome
from ..domain.requests import ProvisioningRequest

__all__ = ["request_event", "said"]


def request_event(
    request: ProvisioningRequest,
    *,
    actor: str,
    action: str,
    outcome: Outcome,
    source: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """The event that something happened to a request.

    Args:
        request: to which it happened.
        actor: the subject who did it, or `system`.
        action: what it is, as in `request.approve`.
        outcome: how it ended.
        source: the way in, and how the actor proved who they are; or `worker`.
        before: how it stood before.
        after: how it stands now.
    """
    return AuditEvent(
        actor=actor,
        action=action,
        object=f"request/{request.request_id}",
        outcome=outcome,
        team=str(request.team),
        namespace=str(request.namespace),
        request_id=request.request_id,
        correlation_id=request.correlation_id,
        source=source,
        before=before,
        after=after,
    )


def said(
    request: ProvisioningRequest, *, actor: Actor, verb: str, comment: str, source: str
) -> AuditEvent:
    """The event that somebody did something with a request, in their own words.

    Args:
        request: of which it is said.
        actor: who says it.
        verb: what it is, as in `request.approve`.
        comment: the words.
        source: the way in: `ui`, `rest` or `cli`.
    """
    return request_event(
        request,
        actor=actor.subject,
        action=f"request.{verb}",
        outcome=Outcome.ALLOWED,
        source=f"{source}/{actor.auth.value}",
        after={"comment": comment},
    )

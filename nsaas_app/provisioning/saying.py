"""What somebody says of a request, as it stands in the audit log."""

from ..domain.actors import Actor
from ..domain.audit import AuditEvent, Outcome
from ..domain.requests import ProvisioningRequest

__all__ = ["said"]


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
    return AuditEvent(
        actor=actor.subject,
        action=f"request.{verb}",
        object=f"request/{request.request_id}",
        outcome=Outcome.ALLOWED,
        team=str(request.team),
        namespace=str(request.namespace),
        request_id=request.request_id,
        correlation_id=request.correlation_id,
        source=f"{source}/{actor.auth.value}",
        after={"comment": comment},
    )

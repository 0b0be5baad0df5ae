"""Who calls, and what a route declares it needs. A route that declares nothing does not run."""

from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Request

from .. import runtime
from ..domain.actors import Actor
from ..domain.errors import Fault, ForbiddenError, PortalError
from ..identity.permissions import Permission, may_anywhere, refusal_of

__all__ = [
    "ACTOR",
    "CurrentActor",
    "CurrentRuntime",
    "SignedOutError",
    "authorise",
    "needs",
    "permission_of",
]

ACTOR: Final = "nsaas.actor"
"""Key in the ASGI scope under which the gate leaves the actor."""
_DECLARED: Final = "__permission__"

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class SignedOutError(PortalError):
    """There is no living login session or token."""

    code = "SIGNED_OUT"
    fault = Fault.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("Sign in, or send a valid token.")


def needs(permission: Permission) -> Callable[[Endpoint], Endpoint]:
    """Declare what a route needs at least."""

    def declare(endpoint: Endpoint) -> Endpoint:
        vars(endpoint)[_DECLARED] = permission
        return endpoint

    return declare


def permission_of(endpoint: object) -> Permission | None:
    """What an endpoint declared."""
    return getattr(endpoint, _DECLARED, None)


async def authorise(request: Request) -> None:
    """Let a call through that is declared and allowed somewhere; the use case looks closer.

    Raises:
        SignedOutError: nobody is signed in.
        ForbiddenError: the role does not include it, or the route declares nothing.
    """
    actor = request.scope.get(ACTOR)
    if actor is None:
        raise SignedOutError
    permission = permission_of(request.scope.get("endpoint"))
    if permission is None or not may_anywhere(actor, permission):
        if permission is None:
            raise ForbiddenError("Nobody may call this: it declares no permission.")
        raise refusal_of(permission, actor)


def _actor(request: Request) -> Actor:
    actor = request.scope.get(ACTOR)
    if not isinstance(actor, Actor):
        raise SignedOutError
    return actor


CurrentActor = Annotated[Actor, Depends(_actor)]
CurrentRuntime = Annotated[runtime.Runtime, Depends(runtime.current)]

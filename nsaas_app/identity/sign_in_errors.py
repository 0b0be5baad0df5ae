"""How a sign-in ends otherwise than well; each says what happened and what to do."""

from ..domain.errors import Fault, PortalError

__all__ = ["GroupsOverageError", "SignInRefusedError", "SignInUnavailableError"]


class SignInRefusedError(PortalError):
    """The sign-in was not accepted: by the provider, or by our own checks of its answer."""

    code = "SIGN_IN_REFUSED"
    fault = Fault.UNAUTHENTICATED

    def __init__(self, message: str, *, hint: str = "", reason: str = "refused") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        """One word for logs and figures."""


class SignInUnavailableError(PortalError):
    """The identity provider cannot be asked now."""

    code = "SIGN_IN_UNAVAILABLE"
    fault = Fault.UNAVAILABLE

    def __init__(self, raw: str, *, hint: str = "") -> None:
        super().__init__("The identity provider does not answer.", raw=raw, hint=hint)


class GroupsOverageError(PortalError):
    """The provider left the groups out because they are too many: nobody knows the rights."""

    code = "GROUPS_OVERAGE"
    fault = Fault.FORBIDDEN

    def __init__(self) -> None:
        super().__init__(
            "Your token has an overage claim: you are in too many groups for the identity "
            "provider to list, so the portal cannot know your teams and lets nobody in."
        )

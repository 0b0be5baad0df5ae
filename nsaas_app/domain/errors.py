"""How the portal says no: one error tree that knows a fault and a code, never HTTP or toasts."""

from dataclasses import dataclass, replace
from enum import Enum

from .failures import FAILURES, Failure

__all__ = [
    "BudgetExceededError",
    "ChangedMeanwhileError",
    "DuplicateError",
    "Fault",
    "FieldIssue",
    "ForbiddenError",
    "IdempotencyMismatchError",
    "InvalidFieldsError",
    "NameTakenError",
    "NotFoundError",
    "PortalError",
    "StoreBusyError",
    "UnavailableError",
]


class Fault(Enum):
    """What kind of no it is; edges map each to one status code and one tone."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    TOO_MANY = "too-many"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class FieldIssue:
    """One rule that one field breaks."""

    field: str
    """Path in the spec, for example `name` or `network.cidrs[0]`."""
    message: str
    code: str = "INVALID_FIELD"
    hint: str = ""


class PortalError(Exception):
    """A refusal or failure with a stable code from the failure catalogue."""

    code: str = "INTERNAL"
    fault: Fault = Fault.INVALID

    def __init__(
        self, message: str, *, code: str = "", field: str = "", hint: str = "", raw: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field
        self.raw = raw
        """The cluster's own words, kept beside ours."""
        self.hint = hint or self.failure.fix

    @property
    def failure(self) -> Failure:
        """The row of the catalogue for this code."""
        return FAILURES.get(self.code, FAILURES["INTERNAL"])


class InvalidFieldsError(PortalError):
    """A spec breaks rules; `issues` holds every broken one."""

    code = "INVALID_FIELD"
    fault = Fault.INVALID

    def __init__(self, issues: list[FieldIssue]) -> None:
        first = issues[0]
        others = len(issues) - 1
        more = f" {others} more {'field needs' if others == 1 else 'fields need'} a change."
        super().__init__(
            f"{first.message}{more if others else ''}",
            code=first.code,
            field=first.field,
            hint=first.hint,
        )
        self.issues = issues


class NameTakenError(PortalError):
    """The name belongs to a namespace or request already."""

    code = "NS_EXISTS"
    fault = Fault.CONFLICT

    def __init__(self, name: str, *, owner: str = "", suggestions: tuple[str, ...] = ()) -> None:
        whose = f", owned by team {owner}" if owner else ""
        free = f" Free names: {', '.join(suggestions)}." if suggestions else ""
        super().__init__(f"{name} already exists{whose}.{free}", field="name")
        self.suggestions = suggestions


class ChangedMeanwhileError(PortalError):
    """What is to be changed is no longer what the editor saw."""

    code = "CHANGED_MEANWHILE"
    fault = Fault.CONFLICT

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"{kind.capitalize()} {name} was changed by somebody else meanwhile.")


class DuplicateError(PortalError):
    """Two writers wanted to store the same key; the other one was first."""

    code = "DUPLICATE"
    fault = Fault.CONFLICT

    def __init__(self, *, raw: str = "") -> None:
        super().__init__("Somebody else wrote this first.", raw=raw)


class BudgetExceededError(PortalError):
    """The team's budget has too little left."""

    code = "TEAM_POOL"
    fault = Fault.INVALID


class NotFoundError(PortalError):
    """There is no such thing, or it is not the actor's: the two are told apart nowhere."""

    code = "NOT_FOUND"
    fault = Fault.NOT_FOUND

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"There is no {kind} {name}, or it is not yours.")


class ForbiddenError(PortalError):
    """The actor may see it but not do this."""

    code = "NOT_ALLOWED"
    fault = Fault.FORBIDDEN

    def __init__(self, message: str, *, hint: str = "", who: str = "") -> None:
        self._who = who
        super().__init__(message, hint=hint)

    @property
    def failure(self) -> Failure:
        """The row of the catalogue, with whoever can really do this where that is known."""
        row = super().failure
        return replace(row, who_can_fix=self._who) if self._who else row


class IdempotencyMismatchError(PortalError):
    """The same idempotency key came with a different body."""

    code = "IDEMPOTENCY_MISMATCH"
    fault = Fault.INVALID

    def __init__(self, key: str) -> None:
        super().__init__(f"Idempotency key {key} was used for a different request before.")


class UnavailableError(PortalError):
    """A part the portal needs does not answer now."""

    code = "API_UNREACHABLE"
    fault = Fault.UNAVAILABLE


class StoreBusyError(UnavailableError):
    """The database did not take the write in time."""

    code = "STORE_BUSY"

"""Problems: a refusal or failure as an error card shows it, and as a toast."""

from dataclasses import dataclass
from typing import Self

import structlog
from reflex_base.event import EventSpec

from ..domain.errors import PortalError
from ..domain.failures import FAILURES
from ..domain.requests import RequestFailure
from .figures import iso
from .toasts import say

__all__ = ["FixAction", "Problem", "toast_for", "toast_for_breakdown"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class FixAction:
    """One way to mend it, as a link."""

    key: str
    label: str
    href: str


@dataclass(frozen=True)
class Problem:
    """Message, cause, fix and who can fix it. An empty code means there is no problem."""

    code: str = ""
    message: str = ""
    cause: str = ""
    fix: str = ""
    who: str = ""
    raw: str = ""
    correlation_id: str = ""
    is_retryable: bool = False
    retry_at: str = ""
    """When it is tried again by itself; empty where it is not."""
    actions: tuple[FixAction, ...] = ()
    """What this reader can do about it."""

    @classmethod
    def from_error(cls, error: PortalError, *, correlation_id: str = "") -> Self:
        """Take what an error knows."""
        row = error.failure
        return cls(
            code=error.code,
            message=error.message,
            cause=row.cause,
            fix=error.hint,
            who=row.who_can_fix,
            raw=error.raw,
            correlation_id=correlation_id,
            is_retryable=row.retryable,
        )

    @classmethod
    def from_failure(
        cls,
        failure: RequestFailure,
        *,
        correlation_id: str = "",
        actions: tuple[FixAction, ...] = (),
    ) -> Self:
        """Take what a failed request or step recorded."""
        row = FAILURES.get(failure.code, FAILURES["INTERNAL"])
        return cls(
            code=failure.code,
            message=failure.message,
            cause=row.cause,
            fix=failure.fix,
            who=row.who_can_fix,
            raw=failure.raw,
            correlation_id=correlation_id,
            is_retryable=row.retryable,
            retry_at=iso(failure.retry_at),
            actions=actions,
        )


def toast_for(error: PortalError) -> EventSpec:
    """Say in one line why one's own action was refused."""
    return say(error.message, hint=error.hint, tone="error")


def toast_for_breakdown(exception: Exception) -> EventSpec:
    """Say what an event ended with that its handler did not take care of.

    A refusal tells its reason, as anywhere; of everything else only the log knows more.
    """
    if isinstance(exception, PortalError):
        log.info("event refused", code=exception.code, detail=exception.message)
        return toast_for(exception)
    log.error("event broke", exc_info=exception)
    return toast_for(PortalError("Something in the portal broke.", code="INTERNAL"))

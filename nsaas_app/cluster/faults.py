"""What went wrong on the cluster: a status and its words become a stable code and a verdict.

The texts are those of kube-apiserver 1.36; a test holds each against the real one.
"""

import re
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any, Final

__all__ = ["ClusterError", "Verdict", "error_from_status", "unreachable"]

MAX_RAW: Final = 2000
"""An RBAC escalation message runs to 8,000 characters; the rest says nothing more."""


class Verdict(Enum):
    """What the caller may do next."""

    RETRY = "retry"
    """Nothing happened; the same call can succeed later."""
    UNKNOWN = "unknown"
    """The reply was lost: read back before anything else."""
    PERMANENT = "permanent"
    """The same call fails again."""


class ClusterError(Exception):
    """A call to the API server did not succeed."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        verdict: Verdict,
        status: int = 0,
        reason: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        self.message = message[:MAX_RAW]
        super().__init__(self.message)
        self.code = code
        """A code of the failure catalogue."""
        self.verdict = verdict
        self.status = status
        self.reason = reason
        """Kubernetes' own reason, for example `AlreadyExists`."""
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class _Signal:
    """A row of the table: what must match, and what it means."""

    status: int
    reason: str
    text: str
    code: str
    verdict: Verdict = Verdict.PERMANENT


_SIGNALS: Final = (
    _Signal(403, "Forbidden", r"because it is being terminated", "NS_TERMINATING", Verdict.RETRY),
    _Signal(409, "AlreadyExists", r"object is being deleted", "NS_TERMINATING", Verdict.RETRY),
    _Signal(409, "AlreadyExists", r"", "NS_EXISTS"),
    _Signal(409, "Conflict", r"Apply failed with", "FIELD_CONFLICT"),
    _Signal(409, "Conflict", r"UID in (the )?precondition|uid mismatch", "UID_CHANGED"),
    _Signal(409, "Conflict", r"", "FIELD_CONFLICT", Verdict.RETRY),
    _Signal(403, "Forbidden", r"attempting to grant RBAC permissions", "RBAC_ESCALATION"),
    # Whatever says so, a webhook too: the namespace is somebody else's.
    _Signal(0, "", r"managed by ARM", "MANAGED_BY_ARM"),
    _Signal(403, "", r"ValidatingAdmissionPolicy .* denied request", "WEBHOOK_DENIED"),
    _Signal(422, "", r"ValidatingAdmissionPolicy .* denied request", "WEBHOOK_DENIED"),
    _Signal(0, "", r"admission webhook .* denied the request", "WEBHOOK_DENIED"),
    _Signal(403, "Forbidden", r"exceeded quota", "QUOTA_EXCEEDED"),
    _Signal(403, "Forbidden", r"failed quota: .* must specify", "QUOTA_MUST_SPECIFY"),
    _Signal(403, "Forbidden", r"violates PodSecurity", "PSA_VIOLATION"),
    _Signal(403, "Forbidden", r"(max|min)imum .* usage per|limit to request ratio", "LIMITRANGE"),
    _Signal(403, "", r"", "K8S_FORBIDDEN"),
    _Signal(401, "", r"", "API_UNREACHABLE", Verdict.RETRY),
    _Signal(404, "", r"", "NOT_FOUND"),
    _Signal(410, "", r"", "WATCH_GONE", Verdict.RETRY),
    _Signal(422, "Invalid", r"metadata\.uid: Invalid value", "UID_CHANGED"),
    _Signal(422, "", r"", "INVALID_FIELD"),
    _Signal(400, "", r"", "INVALID_FIELD"),
    _Signal(429, "", r"", "API_THROTTLED", Verdict.RETRY),
    _Signal(500, "", r"failed calling webhook", "WEBHOOK_DOWN", Verdict.RETRY),
    # Server-side apply answers malformed data with a bare 500: blind retries would never end.
    _Signal(500, "", r"failed to (create typed patch object|convert new object)", "INVALID_FIELD"),
    _Signal(504, "", r"", "OUTCOME_UNKNOWN", Verdict.UNKNOWN),
)  # fmt: skip


def _matches(signal: _Signal, status: int, reason: str, message: str) -> bool:
    return (
        signal.status in (0, status)
        and signal.reason in ("", reason)
        and re.search(signal.text, message, re.DOTALL) is not None
    )


def error_from_status(
    status: int, body: dict[str, Any], *, text: str = "", retry_after_s: float | None = None
) -> ClusterError:
    """Classify an answer of 400 and above.

    Args:
        status: HTTP status.
        body: the Kubernetes Status object, empty when the answer was no JSON.
        text: the body as text, for answers that are no Status.
        retry_after_s: the Retry-After header in seconds.
    """
    reason, message = str(body.get("reason") or ""), str(body.get("message") or text)
    for signal in _SIGNALS:
        if _matches(signal, status, reason, message):
            return ClusterError(
                message,
                code=signal.code,
                verdict=signal.verdict,
                status=status,
                reason=reason,
                retry_after_s=retry_after_s,
            )
    is_ours = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return ClusterError(
        message or f"HTTP {status}",
        # A call that the server understands and does not take is our mistake, today and tomorrow.
        code="INTERNAL" if is_ours else "API_UNREACHABLE",
        verdict=Verdict.PERMANENT if is_ours else Verdict.RETRY,
        status=status,
        reason=reason,
        retry_after_s=retry_after_s,
    )


def unreachable(error: BaseException, *, is_write: bool) -> ClusterError:
    """Classify a call without an answer: a lost write may have happened, a lost read has not."""
    words = str(error) or type(error).__name__
    if is_write:
        return ClusterError(words, code="OUTCOME_UNKNOWN", verdict=Verdict.UNKNOWN)
    return ClusterError(words, code="API_UNREACHABLE", verdict=Verdict.RETRY)

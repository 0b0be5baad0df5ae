"""What every refusal looks like on the wire."""

import re
from typing import Any

import httpx

from nsaas_app.domain.failures import FAILURES

__all__ = ["CORRELATION_ID", "problem_in"]

CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

_MEMBERS = {
    "type", "title", "status", "detail", "code", "field", "hint", "fix_actions", "who_can_fix",
    "retryable", "correlation_id",
}  # fmt: skip
_MORE = {"errors", "suggestions", "verdicts"}


def problem_in(reply: httpx.Response, status: int, code: str, *, field: str = "") -> dict[str, Any]:
    """Check that the reply is this very problem, whole; give its members."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = reply.json()
    assert set(body) - _MORE == _MEMBERS
    assert (body["status"], body["code"], body["field"]) == (status, code, field or None)
    known = FAILURES[code]
    assert body["title"] == known.cause
    # Who may really do what was refused depends on the thing; whoever refuses says it.
    assert (
        body["who_can_fix"] if code == "NOT_ALLOWED" else body["who_can_fix"] == known.who_can_fix
    )
    assert body["retryable"] is known.retryable
    assert body["type"] == f"/api/docs#failure-{code.lower()}"
    assert body["detail"]
    assert body["fix_actions"] == [body["hint"]]
    assert CORRELATION_ID.fullmatch(body["correlation_id"])
    assert body["correlation_id"] == reply.headers["x-correlation-id"]
    return body

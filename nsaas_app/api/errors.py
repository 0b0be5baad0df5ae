"""From a fault to a status code and problem+json (RFC 9457). Mapped once, here."""

from typing import Any, Final

import structlog
from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ..domain.errors import (
    BudgetExceededError,
    Fault,
    FieldIssue,
    InvalidFieldsError,
    NameTakenError,
    PortalError,
)
from ..provisioning.verdicts import RefusedPreviewError
from .preview_models import verdict_out

__all__ = ["install_handlers", "problem", "problem_of"]

log = structlog.get_logger()

_STATUS: Final = {
    Fault.INVALID: 422,
    Fault.UNAUTHENTICATED: 401,
    Fault.FORBIDDEN: 403,
    Fault.NOT_FOUND: 404,
    Fault.CONFLICT: 409,
    Fault.TOO_MANY: 429,
    Fault.UNAVAILABLE: 503,
}
_MEDIA_TYPE: Final = "application/problem+json"


def problem(
    error: PortalError, *, status: int | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Answer with one error."""
    code = status or _STATUS[error.fault]
    return JSONResponse(
        problem_of(error, status=code), code, media_type=_MEDIA_TYPE, headers=headers
    )


def problem_of(error: PortalError, *, status: int) -> dict[str, Any]:
    """The body of one error."""
    failure = error.failure
    body: dict[str, Any] = {
        "type": f"/api/docs#failure-{error.code.lower()}",
        "title": failure.cause,
        "status": status,
        "detail": error.message,
        "code": error.code,
        "field": error.field or None,
        "hint": error.hint,
        "fix_actions": [error.hint] if error.hint else [],
        "who_can_fix": failure.who_can_fix,
        "retryable": failure.retryable,
        "correlation_id": correlation_id.get(),
    }
    if isinstance(error, InvalidFieldsError):
        body["errors"] = [_issue(issue) for issue in error.issues]
    elif isinstance(error, NameTakenError | BudgetExceededError):
        body["errors"] = [_issue(FieldIssue(error.field, error.message, error.code))]
    if isinstance(error, RefusedPreviewError):
        body["verdicts"] = [verdict_out(verdict) for verdict in error.verdicts]
    if isinstance(error, NameTakenError):
        body["suggestions"] = list(error.suggestions)
    return body


def _issue(issue: FieldIssue) -> dict[str, str]:
    return {"field": issue.field, "message": issue.message, "code": issue.code}


async def _portal_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PortalError)  # noqa: S101 - registered for this type
    log.info("action refused", code=error.code, field=error.field, detail=error.message)
    return problem(error)


async def _invalid_body(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type
    found = error.errors()
    if any(entry["type"] == "json_invalid" for entry in found):
        return problem(PortalError("The body is no valid JSON.", code="INVALID_BODY"))
    issues = [
        FieldIssue(".".join(str(part) for part in entry["loc"][1:]) or "body", entry["msg"])
        for entry in found
    ]
    return problem(InvalidFieldsError(issues))


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
    codes = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 413: "TOO_LARGE"}
    code = codes.get(error.status_code, "INVALID_BODY")
    return problem(
        PortalError(str(error.detail), code=code),
        status=error.status_code,
        headers=dict(error.headers or {}),
    )


async def _unexpected(_request: Request, error: Exception) -> JSONResponse:
    log.error("request broke", exc_info=error)
    return problem(PortalError("Something in the portal broke.", code="INTERNAL"), status=500)


def install_handlers(app: FastAPI) -> None:
    """Register the mapping with the application."""
    app.add_exception_handler(PortalError, _portal_error)
    app.add_exception_handler(RequestValidationError, _invalid_body)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)

"""What surrounds every write: who, under which key, with which correlation id."""

from typing import Annotated

from asgi_correlation_id import correlation_id
from fastapi import Depends, Header, Response

from ..domain.requests import ProvisioningRequest
from ..provisioning.identifiers import new_key
from ..provisioning.intake import Submission
from .access import CurrentActor
from .models import RequestOut

__all__ = ["CurrentSubmission", "IdempotencyKey", "accepted"]

IdempotencyKey = Annotated[
    str | None, Header(alias="Idempotency-Key", min_length=1, max_length=128)
]


def _submission(actor: CurrentActor, idempotency_key: IdempotencyKey = None) -> Submission:
    return Submission(
        actor=actor,
        idempotency_key=idempotency_key or new_key(),
        correlation_id=correlation_id.get() or new_key(),
        source="rest",
    )


CurrentSubmission = Annotated[Submission, Depends(_submission)]


def accepted(request: ProvisioningRequest, response: Response) -> RequestOut:
    """Answer with the accepted request and where it can be followed."""
    response.headers["Location"] = f"/api/v1/requests/{request.request_id}"
    return RequestOut.from_request(request)

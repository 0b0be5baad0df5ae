"""POST /namespace-sets: one base name in several environments, all accepted or none."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ..identity.permissions import Permission
from ..provisioning.sets import SetWish
from .access import CurrentRuntime, needs
from .models import Body, RequestOut, Text
from .submission import CurrentSubmission

__all__ = ["router"]

router = APIRouter(prefix="/namespace-sets", tags=["requests"])

Word = Annotated[str, Field(max_length=63)]


class SetBody(Body):
    """A set: names are `<base>-dev`, `-test`, `-stg`, `-prod`; overrides are merge patches."""

    base: Word
    team: Word
    environments: Annotated[list[Word], Field(min_length=1, max_length=8)]
    spec: dict[str, Any] = {}
    overrides: dict[str, dict[str, Any]] = {}
    justification: Text = ""


class SetOut(BaseModel):
    """The requests of a set, in the order of its environments."""

    set_id: str
    """The correlation id that all of them carry."""
    requests: list[RequestOut]


@router.post("", summary="Ask for one namespace in each of several environments", status_code=202)
@needs(Permission.NAMESPACE_REQUEST)
async def submit(body: SetBody, rt: CurrentRuntime, submission: CurrentSubmission) -> SetOut:
    wish = SetWish(
        base=body.base,
        team=body.team,
        environments=tuple(body.environments),
        spec=body.spec,
        overrides=body.overrides,
    )
    asked = replace(submission, justification=body.justification)
    accepted = await rt.sets.submit(wish, asked)
    return SetOut(
        set_id=accepted[0].correlation_id,
        requests=[RequestOut.from_request(request) for request in accepted],
    )

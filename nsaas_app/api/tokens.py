"""Own API tokens and login sessions: /tokens, /sessions."""

from datetime import datetime
from typing import Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from ..identity.own_tokens import DEFAULT_DAYS, NewToken, StoredToken
from ..identity.permissions import Permission
from .access import CurrentActor, CurrentRuntime, needs
from .submission import IdempotencyKey

__all__ = ["router"]

router = APIRouter(tags=["identity"])


class TokenIn(BaseModel):
    """What a new token should be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    scopes: list[str]
    expires_in_days: int = DEFAULT_DAYS


class TokenOut(BaseModel):
    """A token, without its secret."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class TokenPage(BaseModel):
    """The actor's living tokens."""

    items: list[TokenOut]
    total: int
    next_cursor: str | None = None


class NewTokenOut(TokenOut):
    """A new token, with its secret this one time."""

    token: str

    @classmethod
    def of(cls, new: NewToken) -> Self:
        """Show it once."""
        return cls(**_out(new.token).model_dump(), token=new.text)


class SessionOut(BaseModel):
    """A login session of the actor."""

    id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    is_current: bool


class SessionPage(BaseModel):
    """The actor's living login sessions."""

    items: list[SessionOut]
    total: int
    next_cursor: str | None = None


def _out(token: StoredToken) -> TokenOut:
    return TokenOut(
        id=token.id,
        name=token.name,
        scopes=sorted(token.scopes),
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )


@router.get("/tokens", summary="Your API tokens")
@needs(Permission.SELF)
async def list_tokens(actor: CurrentActor, rt: CurrentRuntime) -> TokenPage:
    found = await rt.own_tokens.list(actor=actor)
    return TokenPage(items=[_out(token) for token in found], total=len(found))


@router.post("/tokens", summary="Make an API token; its secret is shown once", status_code=201)
@needs(Permission.SELF_CHANGE)
async def create_token(
    body: TokenIn,
    actor: CurrentActor,
    rt: CurrentRuntime,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> NewTokenOut:
    new = await rt.own_tokens.create(
        name=body.name,
        scopes=frozenset(body.scopes),
        expires_in_days=body.expires_in_days,
        actor=actor,
        source="rest",
        idempotency_key=idempotency_key or "",
    )
    response.headers["Cache-Control"] = "no-store"
    return NewTokenOut.of(new)


@router.delete("/tokens/{token_id}", summary="Revoke an API token", status_code=204)
@needs(Permission.SELF_CHANGE)
async def revoke_token(token_id: str, actor: CurrentActor, rt: CurrentRuntime) -> None:
    await rt.own_tokens.revoke(token_id, actor=actor, source="rest")


@router.get("/sessions", summary="Where you are signed in")
@needs(Permission.SELF)
async def list_sessions(actor: CurrentActor, rt: CurrentRuntime) -> SessionPage:
    items = [
        SessionOut(
            id=one.id_hash[:12],
            created_at=one.created_at,
            last_seen_at=one.last_seen_at,
            expires_at=one.expires_at,
            is_current=one.id_hash == actor.session,
        )
        for one in await rt.sign_in.of(actor)
    ]
    return SessionPage(items=items, total=len(items))


@router.delete("/sessions", summary="Sign out everywhere", status_code=204)
@needs(Permission.SELF_CHANGE)
async def end_sessions(actor: CurrentActor, rt: CurrentRuntime) -> None:
    await rt.sign_in.end_all(actor.subject, source="rest")

"""What ends with a token is told once the database says so too."""

from sqlalchemy import text

from nsaas_app.identity.own_tokens import OwnTokens
from nsaas_app.identity.secrets_hash import hash_of
from nsaas_app.store.database import Database
from nsaas_app.store.sessions import SessionStore
from tests.identity.desk import opened
from tests.support.actors import actor
from tests.support.databases import plain_connection


async def test_the_lost_text_is_over_by_the_time_that_is_told(database: Database) -> None:
    desk, told = await opened(database), list[list[str]]()
    address = database.url.render_as_string(hide_password=False)

    def look() -> None:
        with plain_connection(address) as connection:
            living = text("SELECT secret_hash FROM api_token WHERE revoked_at IS NULL")
            told.append(list(connection.execute(living).scalars()))

    own = OwnTokens(
        database=database,
        store=SessionStore(),
        tokens=desk.tokens,
        audit=desk.audit,
        clock=lambda: desk.now,
        on_ended=look,
    )
    owner = actor("frontend-dev")

    async def made() -> str:
        scopes = frozenset({"read"})
        new = await own.create(
            name="ci", scopes=scopes, expires_in_days=7, actor=owner, source="test",
            idempotency_key="once",
        )  # fmt: skip
        return new.text

    first = await made()
    assert told == [], "nothing ended"
    assert await desk.tokens.actor_of(first) is not None
    second = await made()
    assert told == [[hash_of(second)]]
    assert await desk.tokens.actor_of(first) is None
    (token,) = await own.list(actor=owner)
    await own.revoke(token.id, actor=owner, source="test")
    assert told[1:] == [[]]

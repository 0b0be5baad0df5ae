"""Anchors of the audit log: written by the hour, and the newest entries cannot vanish unseen."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from nsaas_app.domain.audit import AuditEvent, Outcome
from nsaas_app.domain.audit_anchors import ANCHOR_EVENT, Anchor
from nsaas_app.domain.errors import ForbiddenError, InvalidFieldsError
from nsaas_app.identity.audit_anchors import ANCHOR_EVERY, AuditAnchors
from nsaas_app.identity.audit_trail import AuditTrail
from nsaas_app.store.audit import AuditStore
from nsaas_app.store.database import Database
from tests.support.actors import actor
from tests.support.clocks import Clock
from tests.support.databases import plain_connection
from tests.support.specs import NOW

STORE = AuditStore(key=b"k" * 32)
COUNT = 6


async def append(database: Database, count: int = 1, *, store: AuditStore = STORE) -> None:
    event = AuditEvent("frontend-dev", "request.submit", "request/r1", Outcome.ALLOWED)
    for _ in range(count):
        async with database.transaction() as connection:
            await store.append(connection, event, at=NOW)


def trail_of(database: Database, clock: Clock) -> AuditTrail:
    """The trail as one process has it: another one knows no anchor of this one."""
    anchors = AuditAnchors(database=database, audit=STORE, clock=clock)
    return AuditTrail(database=database, audit=STORE, anchors=anchors, clock=clock)


async def found(trail: AuditTrail, *anchors: Anchor) -> tuple[int, int | None]:
    check = await trail.verify(actor=actor("auditor"), anchors=[str(each) for each in anchors])
    return check.checked, check.first_bad_seq


def tamper(database: Database, statement: str, **values: int) -> None:
    """What an administrator of the database can do and nobody else."""
    with plain_connection(database.url.render_as_string(hide_password=False)) as connection:
        if database.is_sqlite:
            names = "SELECT name FROM sqlite_master WHERE type='trigger'"
            for (name,) in connection.exec_driver_sql(names).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER ALL")
        assert connection.execute(text(statement), values).rowcount > 0


def told(logged: list[Any]) -> list[str]:
    return [line["anchor"] for line in logged if line["event"] == ANCHOR_EVENT]


async def test_the_head_is_told_to_the_log_every_hour(database: Database) -> None:
    clock = Clock(NOW)
    anchors = trail_of(database, clock).anchors
    await append(database)
    with capture_logs() as logged:
        first = await anchors.look()
        await append(database)
        clock.now += ANCHOR_EVERY - timedelta(seconds=1)
        assert await anchors.look() is None
        clock.now += timedelta(seconds=1)
        second = await anchors.look()

    assert first is not None
    assert second is not None
    assert (first.seq, second.seq) == (1, 2)
    assert told(logged) == [str(first), str(second)]
    assert Anchor.parse(str(second)) == second
    assert anchors.known == (first, second)


async def test_an_empty_log_has_no_head(database: Database) -> None:
    trail = trail_of(database, Clock(NOW))
    with capture_logs() as logged:
        assert await trail.anchors.look() is None
    assert told(logged) == []
    assert await found(trail) == (0, None)


async def anchored(database: Database) -> Anchor:
    await append(database, COUNT)
    anchor = await trail_of(database, Clock(NOW)).anchors.look()
    assert anchor is not None
    assert anchor.seq == COUNT
    return anchor


async def test_an_untouched_log_holds_its_anchors_and_grows_on(database: Database) -> None:
    anchor = await anchored(database)
    await append(database, 2)
    assert await found(trail_of(database, Clock(NOW)), anchor) == (COUNT + 2, None)


async def test_entries_taken_from_the_end_are_missed(database: Database) -> None:
    anchor = await anchored(database)
    tamper(database, "DELETE FROM audit WHERE seq > :seq", seq=COUNT - 2)
    trail = trail_of(database, Clock(NOW))

    assert await found(trail) == (COUNT - 2, None), "the chain alone is whole"
    assert await found(trail, anchor) == (COUNT - 2, COUNT - 1)


async def test_entries_written_anew_over_the_end_are_seen(database: Database) -> None:
    anchor = await anchored(database)
    tamper(database, "DELETE FROM audit WHERE seq = :seq", seq=COUNT)
    async with database.transaction() as connection:
        other = AuditEvent("mallory", "nothing", "request/r2", Outcome.ALLOWED)
        await STORE.append(connection, other, at=NOW)
    trail = trail_of(database, Clock(NOW))

    assert await found(trail) == (COUNT, None)
    assert await found(trail, anchor) == (COUNT, COUNT)


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("UPDATE audit SET actor = 'mallory' WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("UPDATE audit SET seq = seq + 100 WHERE seq = 4", 4),
    ],
)
async def test_what_the_chain_finds_is_still_found(
    database: Database, statement: str, bad: int
) -> None:
    anchor = await anchored(database)
    tamper(database, statement)
    assert (await found(trail_of(database, Clock(NOW)), anchor))[1] == bad


async def test_a_process_remembers_its_own_anchors(database: Database) -> None:
    await append(database, COUNT)
    trail = trail_of(database, Clock(NOW))
    await trail.anchors.look()
    tamper(database, "DELETE FROM audit WHERE seq = :seq", seq=COUNT)
    assert await found(trail) == (COUNT - 1, COUNT)


@pytest.mark.parametrize("wrong", ["", "7", "0:" + "a" * 64, "1:xyz", "1:" + "A" * 64])
async def test_what_is_no_anchor_is_refused(database: Database, wrong: str) -> None:
    trail = trail_of(database, Clock(NOW))
    with pytest.raises(InvalidFieldsError):
        await trail.verify(actor=actor("auditor"), anchors=[wrong])
    with pytest.raises(ForbiddenError):
        await trail.verify(actor=actor("frontend-lead"), anchors=[wrong])

"""Keys of the audit chain in one setting; what was a key before there were several stays one."""

import pytest
from pydantic import SecretStr

from nsaas_app.domain.audit import AuditEvent, Outcome
from nsaas_app.runtime.clock import utc_now
from nsaas_app.runtime.identity import build_identity
from nsaas_app.settings import Settings
from nsaas_app.store.audit import AuditStore
from nsaas_app.store.database import Database

EVENT = AuditEvent("admin", "team.change", "team/frontend", Outcome.COMPLETED)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("one", ("one",)),
        (" correct horse battery\n", (" correct horse battery\n",)),
        ("new, old key ,", ("new", "old key", "new, old key ,")),
        (" , ", ()),
        ("", ()),
    ],
)
def test_commas_alone_part_keys(text: str, keys: tuple[str, ...]) -> None:
    assert Settings(audit_key=SecretStr(text)).audit_keys == keys


@pytest.mark.parametrize("text", ["correct horse, battery", "correct horse battery"])
async def test_rows_of_an_odd_key_hold_after_an_upgrade(database: Database, text: str) -> None:
    before = AuditStore(key=text.encode())
    async with database.transaction() as connection:
        await before.append(connection, EVENT, at=utc_now())
    audit = build_identity(Settings(audit_key=SecretStr(text)), database).audit
    async with database.transaction() as connection:
        await audit.append(connection, EVENT, at=utc_now())
        assert await audit.verify(connection) == (2, None)

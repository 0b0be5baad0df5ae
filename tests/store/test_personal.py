"""What people keep for themselves, on both databases: by person, the newest first, replaced."""

from dataclasses import replace
from datetime import timedelta

from nsaas_app.store.database import Database
from nsaas_app.store.personal import PersonalItem, PersonalStore
from tests.support.specs import NOW

STORE = PersonalStore()
ITEM = PersonalItem("shop", "frontend-shop-dev", {"draft": {"name": "frontend-shop-dev"}}, NOW)
HERS = {"subject": "frontend-dev", "kind": "draft"}


async def kept(database: Database, **who: str) -> list[PersonalItem]:
    async with database.reading() as connection:
        return await STORE.all(connection, **{**HERS, **who})


async def test_it_comes_back_is_replaced_and_goes(database: Database) -> None:
    later = replace(ITEM, key="pay", updated_at=NOW + timedelta(minutes=1))
    async with database.transaction() as connection:
        await STORE.put(connection, ITEM, **HERS)
        await STORE.put(connection, later, **HERS)
    assert await kept(database) == [later, ITEM]

    newest = replace(ITEM, document={}, updated_at=NOW + timedelta(minutes=2))
    async with database.transaction() as connection:
        await STORE.put(connection, newest, **HERS)
        assert await STORE.remove(connection, "pay", **HERS)
        assert not await STORE.remove(connection, "pay", **HERS)
    assert await kept(database) == [newest]


async def test_another_person_and_another_kind_are_another_matter(database: Database) -> None:
    async with database.transaction() as connection:
        await STORE.put(connection, ITEM, **HERS)
        assert not await STORE.remove(connection, "shop", subject="payments-dev", kind="draft")
    assert await kept(database, subject="payments-dev") == []
    assert await kept(database, kind="view") == []

"""Preferences on both databases: a choice changes one field, whatever this process remembers."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from nsaas_app.domain.errors import InvalidFieldsError, PortalError
from nsaas_app.domain.preferences import Preferences, Theme
from nsaas_app.identity.personal import Personal
from nsaas_app.identity.preferences import PreferenceBook
from nsaas_app.store.database import Database
from nsaas_app.store.personal import PersonalStore
from tests.support.actors import actor
from tests.support.databases import plain_connection
from tests.support.specs import NOW

ADA = actor("frontend-dev")


def book_of(database: Database, *, retry_s: float = 5.0) -> PreferenceBook:
    """What one process of the portal knows."""
    personal = Personal(database=database, store=PersonalStore(), clock=lambda: NOW)
    return PreferenceBook(personal=personal, retry_s=retry_s)


@contextmanager
def unreadable(database: Database) -> Iterator[None]:
    """The table is away: a failure that each kind of database reports in its own way."""
    address = database.url.render_as_string(hide_password=False)
    for before, after in (("personal", "personal_away"), ("personal_away", "personal")):
        with plain_connection(address) as connection:
            connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))
        if after == "personal_away":
            yield


async def test_a_choice_in_one_process_keeps_what_another_one_kept(database: Database) -> None:
    here, there = book_of(database), book_of(database)
    await here.put({"page_size": 50}, actor=ADA)
    assert await there.of(ADA) == Preferences(page_size=50)
    await here.change("time_zone", "Europe/Berlin", actor=ADA)

    kept = await there.change("theme", "dark", actor=ADA)

    assert kept == Preferences(theme=Theme.DARK, page_size=50, time_zone="Europe/Berlin")
    assert await book_of(database).of(ADA) == kept


async def test_choices_at_the_same_moment_are_all_kept(database: Database) -> None:
    await book_of(database).put({}, actor=ADA)
    wanted: dict[str, str | int] = {
        "theme": "dark",
        "density": "compact",
        "page_size": 50,
        "motion": "reduced",
    }
    await asyncio.gather(
        *(book_of(database).change(name, value, actor=ADA) for name, value in wanted.items())
    )
    kept = (await book_of(database).of(ADA)).to_document()
    assert kept == wanted | {"time_zone": ""}


async def test_a_choice_after_a_failed_reading_resets_nothing(database: Database) -> None:
    await book_of(database).put({"page_size": 50, "time_zone": "Europe/Berlin"}, actor=ADA)
    anew = book_of(database)
    with unreadable(database):
        assert await anew.chosen(ADA) is None, "a page is shown all the same"
        with pytest.raises((PortalError, DBAPIError)):
            await anew.change("theme", "dark", actor=ADA)

    kept = await anew.change("theme", "dark", actor=ADA)

    assert kept == Preferences(theme=Theme.DARK, page_size=50, time_zone="Europe/Berlin")


async def test_a_failed_reading_is_not_repeated_by_every_page(database: Database) -> None:
    await book_of(database).put({"page_size": 50}, actor=ADA)
    patient, eager = book_of(database, retry_s=3600), book_of(database, retry_s=0)
    with unreadable(database):
        assert await patient.chosen(ADA) is None
        assert await eager.chosen(ADA) is None

    assert await patient.chosen(ADA) is None, "asked again too soon"
    assert await eager.chosen(ADA) == Preferences(page_size=50)


async def test_a_value_that_is_none_changes_nothing(database: Database) -> None:
    book = book_of(database)
    await book.put({"page_size": 50}, actor=ADA)
    with pytest.raises(InvalidFieldsError):
        await book.change("theme", "pink", actor=ADA)
    with pytest.raises(InvalidFieldsError):
        await book.change("colour", "pink", actor=ADA)
    assert await book_of(database).of(ADA) == Preferences(page_size=50)

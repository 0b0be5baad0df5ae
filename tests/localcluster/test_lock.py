import asyncio
import os
from pathlib import Path

import pytest

from nsaas_app.localcluster.lock import AlreadyLockedError, locked, waiting_for_lock
from tests.localcluster.conftest import Heard


def test_the_second_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "somewhere" / "lock"

    with locked(path), pytest.raises(AlreadyLockedError) as refused, locked(path):
        pytest.fail("two held the lock")

    assert refused.value.holder == str(os.getpid())
    with locked(path):
        pass


async def test_a_waiter_says_so_and_gets_the_lock_next(tmp_path: Path, heard: Heard) -> None:
    path = tmp_path / "lock"
    order: list[str] = []

    async def wait() -> None:
        async with waiting_for_lock(path, progress=heard, phase="waiting"):
            order.append("waiter")

    with locked(path):
        waiter = asyncio.create_task(wait())
        async with asyncio.timeout(30):
            while not heard.lines:  # noqa: ASYNC110 - reported from inside the waiter
                await asyncio.sleep(0.01)
        order.append("holder")
    await waiter

    assert heard.lines == ["waiting"]
    assert order == ["holder", "waiter"]

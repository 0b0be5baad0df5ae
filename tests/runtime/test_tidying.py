"""Old garbage is looked for by a loop, in its own time, and by nobody else while we serve."""

import asyncio
import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from nsaas_app import runtime
from nsaas_app.runtime.loops import tidy
from nsaas_app.runtime.serving import NEVER, lifespan
from tests.support.databases import migrated_home
from tests.support.waiting import eventually


class Closed:
    """What a tab that was closed leaves: things that only know each other."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def nobody_else_looks() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("nobody_else_looks")
async def test_what_grew_old_and_was_left_goes_with_the_next_look() -> None:
    left = Closed()
    gc.collect()  # it grows old
    gone = weakref.ref(left)
    del left
    assert gone() is not None
    looking = asyncio.create_task(tidy(every_s=0.01))
    try:
        await eventually(lambda: gone() is None, within_s=30)
    finally:
        looking.cancel()
        await asyncio.wait([looking])


async def test_whoever_serves_looks_for_old_garbage_by_the_loop_alone_and_then_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = gc.get_threshold()
    monkeypatch.setenv("NSAAS_ENV", "dev")
    monkeypatch.setenv("NSAAS_NO_CLUSTER", "true")
    monkeypatch.setenv("NSAAS_HOME", str(migrated_home(tmp_path / "home")))
    async with lifespan():
        assert gc.get_threshold() == (*before[:2], NEVER)
        assert "tidying" in {task.get_name() for task in asyncio.all_tasks()}
        assert runtime.current() is not None
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0

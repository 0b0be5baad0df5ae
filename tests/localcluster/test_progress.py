import asyncio

from nsaas_app.localcluster.progress import HEARTBEAT_SECONDS, ticking
from tests.localcluster.conftest import Heard


async def test_silent_work_is_heard_of_within_two_seconds(heard: Heard) -> None:
    assert HEARTBEAT_SECONDS < 2

    async with ticking(heard, "Building") as phase, asyncio.timeout(30):
        assert heard.lines == ["Building"]
        phase.text, phase.fraction = "Building more", 0.5
        while len(heard.lines) < 2:  # noqa: ASYNC110 - reported from inside the ticker
            await asyncio.sleep(0.01)

    assert heard.lines[1] == "Building more"
    assert heard.fractions[:2] == [None, 0.5]
    elapsed = heard.elapsed[1]
    assert elapsed is not None
    assert elapsed >= HEARTBEAT_SECONDS


async def test_after_the_work_nothing_more_is_said(heard: Heard) -> None:
    async with ticking(heard, "Building"):
        pass

    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}

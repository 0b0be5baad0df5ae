"""Calls made at the same time: a refusal comes out as itself; effects are heard out before it."""

import asyncio

import pytest

from nsaas_app.cluster.faults import ClusterError, Verdict
from nsaas_app.domain.errors import UnavailableError
from nsaas_app.provisioning.effects import all_of, heard_out


async def _never() -> str:
    await asyncio.Event().wait()
    return ""


async def _refuse(error: Exception) -> str:
    raise error


@pytest.mark.parametrize(
    "error",
    [ClusterError("no", code="NOT_FOUND", verdict=Verdict.PERMANENT), UnavailableError("gone")],
    ids=["cluster", "portal"],
)
async def test_the_first_error_comes_out_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        await all_of([_never(), _refuse(error)])
    assert caught.value is error


async def test_an_effect_on_its_way_lands_before_the_error_of_another_comes_out() -> None:
    error = ClusterError("no", code="NOT_FOUND", verdict=Verdict.PERMANENT)
    refused, landed = asyncio.Event(), []

    async def refuse() -> str:
        refused.set()
        raise error

    async def land() -> str:
        await refused.wait()
        await asyncio.sleep(0)
        landed.append("it")
        return "it"

    with pytest.raises(ClusterError) as caught:
        await heard_out([refuse(), land()])
    assert caught.value is error
    assert landed == ["it"]
    assert await heard_out([land(), land()]) == ["it", "it"]

"""Every event handler with what no page would send: nothing breaks, nothing gets going."""

import inspect
import random
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from reflex_base.registry import RegistrationContext

from nsaas_app.identity.permissions import Permission
from nsaas_app.ui.guard import required
from nsaas_app.ui.namespaces.state import NamespacesState
from tests.api.test_websocket import Opening, cookie_of
from tests.support.served import ServedPortal

WHO: Final = "frontend-lead"
ROUNDS: Final = 4
TOGETHER: Final = 20
"""So many handlers share a tab."""
BREAKDOWNS: Final = frozenset({"error", "critical"})
ODD: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 10**30, 1.5, float("inf"), "", " ", "x" * 3000, "\x00", "🚀", "a\nb",
    "<script>alert(1)</script>", "../../etc/passwd", "' OR 1=1 --", "{{7*7}}", [], [None],
    ["a", 1, {}], {}, {"a": [1]}, {"name": None, "value": []}, [[[[]]]], {"__class__": "x"},
)  # fmt: skip


@pytest.fixture
async def tabs(patient: ServedPortal) -> AsyncIterator[Opening]:
    async with Opening(patient) as opening:
        yield opening


def handlers() -> dict[str, list[str]]:
    """Every handler of ours with the names of its arguments, in a fixed order."""
    import nsaas_app.nsaas_app  # noqa: PLC0415 - registers every page

    assert nsaas_app.nsaas_app.app is not None
    return {
        name: list(inspect.signature(entry.handler.fn).parameters)[1:]
        for name, entry in sorted(RegistrationContext.get().event_handlers.items())
        if isinstance(required(name), Permission)
    }


def payloads(arguments: list[str], chance: random.Random) -> list[Any]:
    """What is sent: odd values for each argument, too few, too many, no mapping at all."""
    odd = [{name: chance.choice(ODD) for name in arguments} for _ in range(ROUNDS)]
    more = {**odd[0], "no_such_argument": chance.choice(ODD)}
    return [*odd, {}, more, chance.choice([[], "x", 7, None])]


async def test_no_event_breaks_it_or_gets_anything_going(
    patient: ServedPortal, tabs: Opening
) -> None:
    chance, cookie = random.Random(6), cookie_of(patient, WHO)  # noqa: S311 - the same each time
    before = len(patient.log_lines())
    tab = await tabs.tab("/namespaces", cookie)
    for number, (name, arguments) in enumerate(handlers().items()):
        if number % TOGETHER == 0:
            await tab.close()
            tab = await tabs.tab("/namespaces", cookie)
        for payload in payloads(arguments, chance):
            await tab.emit(name, payload)
        await tab.go(f"/namespaces?q=after-{number}")
        await tab.until(
            lambda: tab.of(NamespacesState).get("q") == f"after-{number}",  # noqa: B023
            f"it answers after {name}",
        )

    broken = [line for line in patient.log_lines()[before:] if line["level"] in BREAKDOWNS]
    assert broken == []
    with patient.client("admin") as client:
        assert client.get("/requests").json()["items"] == []

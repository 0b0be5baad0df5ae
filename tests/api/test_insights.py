"""Insights over REST: what really happened, as JSON and as CSV, for those who may see it."""

import csv
import io

import httpx

from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.requests import ended, submit
from tests.support.waiting import eventually_async

VIEWS = ("usage", "rightsizing", "provisioning")


async def test_a_namespace_shows_in_use_size_and_times_once_it_is_ready(
    portal: Runtime, calling: Caller, name: str
) -> None:
    caller = await calling("frontend-viewer")
    empty = (await caller.get("/insights/usage")).json()
    assert (empty["known_since"], empty["days"]) == (None, [])
    assert [team["team"] for team in empty["teams"]] == ["frontend"]
    await ended(portal, await submit(portal, name, tier="medium"))

    async def is_counted() -> bool:
        found = (await caller.get("/insights/usage", params={"window": "7d"})).json()
        return bool(found["teams"][0]["namespaces"] == 1)

    await eventually_async(is_counted, what="the namespace is booked")
    (team,) = (await caller.get("/insights/usage")).json()["teams"]
    assert team["booked"] == {
        "requests.cpu": "2", "requests.memory": "4Gi", "requests.storage": "50Gi",
    }  # fmt: skip
    assert team["requested"]["requests.cpu"] == "0"
    assert team["monthly"] == 60.52

    async def is_sized() -> bool:
        return bool((await caller.get("/insights/rightsizing")).json()["total"])

    await eventually_async(is_sized, what="the quota is seen")
    (size,) = (await caller.get("/insights/rightsizing")).json()["items"]
    assert (size["namespace"], size["too_early"], size["advice"]) == (name, True, None)

    times = (await caller.get("/insights/provisioning", params={"team": "frontend"})).json()
    assert (times["n"], times["completed"], times["failures"]) == (1, 1, [])
    assert {"namespace", "quota", "network", "access"} <= {one["step"] for one in times["steps"]}

    file = await caller.get("/insights/usage/export", params={"window": "7d"})
    assert file.headers["Content-Disposition"] == 'attachment; filename="usage.csv"'
    (row,) = csv.DictReader(io.StringIO(file.text))
    assert (row["team"], row["namespaces"], row["whole"]) == ("frontend", "1", "false")
    assert "OpenCost" in row["prices"]

    await _every_table_is_a_file(caller)


async def _every_table_is_a_file(caller: httpx.AsyncClient) -> None:
    file = await caller.get("/insights/usage/export", params={"part": "teams"})
    (row,) = csv.DictReader(io.StringIO(file.text))
    assert (row["team"], row["booked cpu"], row["monthly"]) == ("frontend", "2", "60.52")
    spread = await caller.get("/insights/provisioning/export", params={"part": "spread"})
    assert sum(int(one["n"]) for one in csv.DictReader(io.StringIO(spread.text))) == 1
    failures = await caller.get("/insights/provisioning/export", params={"part": "failures"})
    assert failures.text.splitlines() == ["code,n,cause"]


async def test_another_team_looks_absent_and_a_window_nobody_offers_is_refused(
    calling: Caller,
) -> None:
    caller = await calling("payments-dev")
    for view in [*VIEWS, *(f"{view}/export" for view in VIEWS)]:
        problem_in(
            await caller.get(f"/insights/{view}", params={"team": "frontend"}), 404, "NOT_FOUND"
        )
        assert (
            await caller.get(f"/insights/{view}", params={"team": "payments"})
        ).status_code == 200
        if not view.startswith("rightsizing"):
            refused = await caller.get(f"/insights/{view}", params={"window": "1y"})
            assert refused.status_code == 422

"""Drafts and saved views over REST: one's own alone, replaced by key, bounded."""

import httpx
import pytest

from nsaas_app.identity.personal import MAX_BYTES, MAX_ITEMS
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in


async def keys(client: httpx.AsyncClient, path: str) -> list[str]:
    return [item["key"] for item in (await client.get(path)).json()["items"]]


@pytest.mark.parametrize("path", ["/drafts", "/views"])
async def test_what_is_kept_is_ones_own(calling: Caller, portal: Runtime, path: str) -> None:
    mine, theirs = await calling("frontend-viewer"), await calling("payments-dev")
    body = {"title": "Staging of ours", "document": {"query": "env=staging"}}

    assert (await mine.put(f"{path}/one", json=body)).json()["title"] == "Staging of ours"
    await mine.put(f"{path}/one", json=body | {"document": {"query": "env=testing"}})

    (kept,) = (await mine.get(path)).json()["items"]
    assert (kept["key"], kept["document"]) == ("one", {"query": "env=testing"})
    assert "one" not in await keys(theirs, path)
    problem_in(await theirs.delete(f"{path}/one"), 404, "NOT_FOUND")
    assert (await mine.delete(f"{path}/one")).status_code == 204
    assert await keys(mine, path) == []


async def test_it_is_bounded_and_the_oldest_draft_makes_room(
    calling: Caller, portal: Runtime
) -> None:
    mine = await calling("payments-lead")
    for number in range(MAX_ITEMS + 1):
        assert (await mine.put(f"/drafts/d{number}", json={})).status_code == 200
        reply = await mine.put(f"/views/v{number}", json={})
    problem_in(reply, 422, "INVALID_FIELD", field="key")

    kept = await keys(mine, "/drafts")
    assert len(kept) == MAX_ITEMS
    assert "d0" not in kept
    assert f"d{MAX_ITEMS}" in kept
    long = {"document": {"text": "x" * MAX_BYTES}}
    assert (
        "bytes"
        in problem_in(
            await mine.put("/drafts/long", json=long), 422, "INVALID_FIELD", field="document"
        )["detail"]
    )


async def test_an_auditor_keeps_nothing(calling: Caller, portal: Runtime) -> None:
    auditor = await calling("auditor")
    assert await keys(auditor, "/views") == []
    problem_in(await auditor.put("/views/one", json={}), 403, "NOT_ALLOWED")


@pytest.mark.parametrize("value", [b"NaN", b'"\\ud800"'])
async def test_what_no_database_and_no_browser_reads_is_not_kept(
    calling: Caller, value: bytes
) -> None:
    mine = await calling("frontend-dev")
    headers = {"Content-Type": "application/json"}
    body = b'{"document": {"odd": ' + value + b"}}"

    reply = await mine.put("/drafts/odd", content=body, headers=headers)

    problem_in(reply, 422, "INVALID_FIELD", field="document")
    assert "odd" not in await keys(mine, "/drafts")

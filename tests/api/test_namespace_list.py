"""Every namespace that matches, as a file: what it holds, for whom, and that it can be applied."""

import csv
import io

import httpx
import yaml

from nsaas_app.domain.namespaces import ManagedNamespace
from nsaas_app.domain.request_document import request_document
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.support.requests import ended, submit


async def test_a_file_has_all_that_match_and_nothing_of_other_teams(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name, display_name="=1+1"))
    member, stranger = await calling("frontend-viewer"), await calling("payments-dev")

    reply = await member.get("/namespace-list", params={"q": name, "sort": "-expires"})
    assert reply.headers["Content-Type"].startswith("text/csv")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="namespaces.csv"'
    (row,) = csv.DictReader(io.StringIO(reply.text))
    assert (row["name"], row["team"], row["tier"]) == (name, "frontend", "small")
    # No spreadsheet takes a name for a formula.
    assert row["display_name"] == "'=1+1"

    others = {"environment": "production", "q": name}
    assert list(csv.DictReader(io.StringIO(await _text(member, others)))) == []
    assert list(csv.DictReader(io.StringIO(await _text(stranger, {"q": name})))) == []


async def test_the_yaml_file_is_what_apply_takes(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    text = await _text(await calling("frontend-dev"), {"q": name, "format": "yaml"})

    (document,) = yaml.safe_load_all(text)
    record = portal.directory.record(name)
    assert isinstance(record, ManagedNamespace)
    assert document == request_document(record.spec)
    assert (document["kind"], document["metadata"]["name"]) == ("NamespaceRequest", name)
    # Applied where it came from, nothing is asked for.
    caller = await calling("frontend-dev")
    unchanged = await caller.patch(f"/namespaces/{name}", json=document["spec"])
    assert unchanged.status_code == 200, unchanged.text


async def _text(caller: httpx.AsyncClient, query: dict[str, str]) -> str:
    reply = await caller.get("/namespace-list", params=query)
    assert reply.status_code == 200, reply.text
    return reply.text

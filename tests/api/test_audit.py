"""The audit log over REST: told to those who may know, exported whole, proven untouched."""

import csv
import io
import json

import pytest
from sqlalchemy import text

from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor
from tests.support.databases import plain_connection
from tests.support.requests import ended, submit


async def test_an_auditor_finds_who_did_what(portal: Runtime, calling: Caller, name: str) -> None:
    request = await ended(portal, await submit(portal, name))
    auditor = await calling("auditor")

    page = (await auditor.get("/audit", params={"namespace": name})).json()
    assert [event["action"] for event in page["items"]] == [
        "request.provision",
        "request.submit.provision",
    ]
    assert (page["total"], page["next_cursor"]) == (2, None)
    newest = page["items"][0]
    assert newest["request_id"] == request.request_id
    assert newest["previous_hash"] == page["items"][1]["hash"]
    assert page["items"][1]["after"]["name"] == name


async def test_each_filter_narrows(portal: Runtime, calling: Caller, name: str) -> None:
    await ended(portal, await submit(portal, name))
    auditor = await calling("auditor")

    for wanted, found in [
        ({"actor": "frontend-dev"}, {"request.submit.provision"}),
        ({"action": "request"}, {"request.submit.provision", "request.provision"}),
        ({"action": "request.submit"}, {"request.submit.provision"}),
        ({"action": "req"}, set()),
        ({"outcome": "denied"}, set()),
        ({"q": "SUBMIT.prov"}, {"request.submit.provision"}),
        ({"q": "%"}, set()),
        ({"team": "payments"}, set()),
        ({"until": "2020-01-01T00:00:00Z"}, set()),
        ({"since": "2020-01-01T00:00:00Z"}, {"request.submit.provision", "request.provision"}),
    ]:
        page = (await auditor.get("/audit", params={"namespace": name, **wanted})).json()
        assert {event["action"] for event in page["items"]} == found
        assert page["total"] == len(found)


async def test_a_lead_reads_what_concerns_the_own_team_alone(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    own, other = await calling("frontend-lead"), await calling("payments-lead")

    assert (await own.get("/audit", params={"namespace": name})).json()["total"] == 2
    hidden = (await other.get("/audit", params={"namespace": name})).json()
    assert (hidden["items"], hidden["total"]) == ([], 0)
    everything = (await other.get("/audit", params={"limit": 200})).json()
    assert {event["team"] for event in everything["items"]} == {"payments"}
    assert name not in (await other.get("/audit/export")).text


@pytest.mark.parametrize("who", ["frontend-dev", "frontend-viewer"])
async def test_others_read_the_activity_of_their_namespaces_instead(
    calling: Caller, who: str
) -> None:
    client = await calling(who)
    for path in ("/audit", "/audit/export"):
        assert problem_in(await client.get(path), 403, "NOT_ALLOWED")
    assert problem_in(await client.post("/audit/verify"), 403, "NOT_ALLOWED")


async def test_a_lead_does_not_verify_what_a_lead_cannot_read(calling: Caller) -> None:
    reply = await (await calling("frontend-lead")).post("/audit/verify")
    assert problem_in(reply, 403, "NOT_ALLOWED")


async def test_pages_follow_each_other(portal: Runtime, calling: Caller, name: str) -> None:
    await ended(portal, await submit(portal, name))
    auditor = await calling("auditor")

    wanted = {"namespace": name, "limit": "1"}
    first = (await auditor.get("/audit", params=wanted)).json()
    wanted["cursor"] = first["next_cursor"]
    second = (await auditor.get("/audit", params=wanted)).json()
    assert first["items"][0]["seq"] == second["items"][0]["seq"] + 1
    assert second["next_cursor"] is None


async def test_an_export_holds_everything_oldest_first(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name, display_name="=1+1"))
    auditor = await calling("auditor")

    lines = (await auditor.get("/audit/export")).text.splitlines()
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, len(lines) + 1))
    table = (await auditor.get("/audit/export", params={"format": "csv", "namespace": name})).text
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["action"] for row in rows] == ["request.submit.provision", "request.provision"]
    assert json.loads(rows[0]["after"])["name"] == name


async def test_no_cell_of_a_spreadsheet_becomes_a_formula(portal: Runtime, calling: Caller) -> None:
    client = await calling("auditor")
    refused = await (await calling("frontend-dev")).delete("/namespaces/=cmd")
    assert refused.status_code == 404
    rows = csv.reader(io.StringIO((await client.get("/audit/export?format=csv")).text))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


async def test_verify_tells_where_the_chain_is_broken(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    auditor = await calling("auditor")
    whole = (await auditor.post("/audit/verify")).json()
    assert (whole["valid"], whole["first_bad_seq"], whole["first_bad"]) == (True, None, None)

    with plain_connection(portal.settings.database) as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        statement = text("UPDATE audit SET actor = 'somebody-else' WHERE seq = 2")
        assert connection.execute(statement).rowcount == 1
    broken = (await auditor.post("/audit/verify")).json()
    assert (broken["valid"], broken["first_bad_seq"]) == (False, 2)
    link = broken["first_bad"]
    assert link["seq"] == 2
    assert link["previous_hash"] == link["hash_before"] != ""
    assert "" != link["hash"] != link["computed_hash"] != "", "its content gives another hash"
    latest = portal.audit_trail.latest_check(actor=actor("auditor"))
    assert latest is not None
    assert latest.first_bad_seq == 2

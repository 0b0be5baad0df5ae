"""Teams and status by the command line: the same use cases as REST, with their exit codes."""

from pathlib import Path

import yaml

from nsaas_app.runtime import Runtime
from tests.cli.conftest import DONE, REFUSED, Command
from tests.support.waiting import eventually_async


async def test_a_team_is_made_changed_and_shown(nsaas: Command, tmp_path: Path) -> None:
    made = await nsaas(
        "teams", "put", "risk", "--display-name", "Risk", "--namespaces", "3", "--cpu", "8",
        "-o", "json", who="admin",
    )  # fmt: skip
    assert made.code == DONE, made.err
    team = made.document
    assert (team["display_name"], team["budget"]["namespaces"]) == ("Risk", 3)
    assert (team["budget"]["requests.cpu"], team["budget"]["requests.memory"]) == ("8", "32Gi")

    # What a reply shows may be handed in again, with one thing changed.
    path = tmp_path / "risk.yaml"
    path.write_text(yaml.safe_dump(team | {"cost_center": "r-1"}))
    again = await nsaas("teams", "put", "risk", "-f", str(path), "-o", "json", who="admin")
    assert again.code == DONE, again.err
    assert again.document["cost_center"] == "r-1"
    assert again.document["budget"] == team["budget"]

    seen = (await nsaas("teams", "review", "risk", "-o", "json", who="admin")).document
    assert seen["groups"]["lead"] == team["groups"]["lead"]
    members = await nsaas("teams", "set-members", "risk", "--lead", "risk-leads", who="admin")
    assert members.code == DONE, members.err
    assert "risk-leads matches nobody seen so far." in members.out
    late = await nsaas(
        "teams", "review", "risk", "--confirm", "--seen", seen["version"], who="admin"
    )
    assert (late.code, "CHANGED_MEANWHILE" in late.err) == (REFUSED, True), late.err
    confirmed = await nsaas("teams", "review", "risk", "--confirm", who="admin")
    assert confirmed.code == DONE, confirmed.err
    assert "lead: risk-leads" in confirmed.out
    listed = await nsaas("teams", "list", who="admin")
    assert all(name in listed.out for name in ("frontend", "payments", "risk"))


async def test_what_a_role_may_not_do_ends_with_two(nsaas: Command) -> None:
    refused = await nsaas("teams", "put", "frontend", "--namespaces", "1", who="frontend-lead")
    assert refused.code == REFUSED
    assert "NOT_ALLOWED" in refused.err
    wrong = await nsaas("teams", "put", "frontend", "--cpu", "lots", who="admin")
    assert wrong.code == REFUSED
    assert "budget.requests.cpu" in wrong.err
    assert (await nsaas("teams", "set-members", "frontend")).code == REFUSED
    hidden = await nsaas("teams", "show", "payments", who="frontend-lead")
    assert hidden.code == REFUSED
    assert "NOT_FOUND" in hidden.err


async def test_status_tells_the_policies_to_who_is_signed_in(
    portal: Runtime, nsaas: Command
) -> None:
    async def is_ready() -> bool:
        return all(check.is_ok for check in await portal.readiness())

    await eventually_async(is_ready, within_s=60, what="the portal is ready")
    told = await nsaas("status", "-o", "json")
    assert told.code == DONE, told.err
    checkup = told.document["checkup"]
    assert {one["state"] for one in checkup["policies"]} == {"active"}
    found = await nsaas("preflight", who="auditor")
    assert found.code == DONE, found.err
    assert " pass" in found.out
    assert "not served" in found.out, "this control plane has no metrics"

    shown = await nsaas("status")
    assert "nsaas-guard-deletion" in shown.out
    assert "Rights on the cluster" in shown.out

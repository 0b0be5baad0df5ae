"""A preview tells all that would happen, by the API server's own word, and writes nothing."""

import pytest

from nsaas_app.domain.actors import Role
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import InvalidFieldsError, NameTakenError
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.auditlog import portal_writes
from tests.support.controlplane import ControlPlane
from tests.support.requests import draft, ended, submit


async def test_every_environments_defaults_are_accepted_by_the_api_server(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    for environment in Environment:
        before = controlplane.audit_log.stat().st_size
        wanted = draft(name, environment=environment.value, cost_center="cc")

        preview = await portal.previews.preview(wanted, actor=actor("frontend-dev"))

        refused = [one for one in preview.objects if not one.is_accepted]
        assert not refused
        kinds = [one.manifest["kind"] for one in preview.objects]
        assert kinds[0] == "Namespace"
        assert kinds[-1] == "Pod"
        assert portal_writes(controlplane.audit_log, since=before, about=name) == []
        assert controlplane.kubectl("get", "ns", name, "--ignore-not-found") == ""
        is_production = environment is Environment.PRODUCTION
        assert (preview.approval is not None) == is_production
        if preview.approval is not None:
            assert preview.approval.needed == (Role.LEAD, Role.ADMIN)


async def test_connectivity_is_what_the_preset_says(portal: Runtime, name: str) -> None:
    async def allowed(**fields: str) -> set[tuple[str, str, str]]:
        preview = await portal.previews.preview(draft(name, **fields), actor=actor("frontend-dev"))
        return {(c.source, c.target, c.port) for c in preview.connectivity if c.is_allowed}

    here = "this namespace"
    isolated = await allowed(preset="isolated")
    shared = await allowed(preset="team-shared")
    assert isolated == {
        (here, here, "TCP 8080"),
        ("monitoring", here, "TCP metrics"),
        (here, "cluster DNS", "UDP 53"),
    }
    assert shared - isolated == {
        ("own team", here, "TCP 8080"),
        (here, "own team", "TCP 8080"),
        (here, "internet", "TCP 443"),
    }
    assert ("other teams", here, "TCP 8080") in await allowed(preset="open")
    assert (here, "metadata service", "TCP 80") not in await allowed(preset="open")


async def test_cost_and_budget_have_their_numbers(portal: Runtime, name: str) -> None:
    preview = await portal.previews.preview(draft(name), actor=actor("frontend-dev"))

    assert str(preview.cost.monthly) == "30.06"
    assert preview.takes.to_quantities()["requests.cpu"] == "1"


async def test_what_a_submit_would_be_refused_for_is_refused_here(
    portal: Runtime, name: str
) -> None:
    with pytest.raises(InvalidFieldsError):
        await portal.previews.preview(draft(name, tier="large"), actor=actor("frontend-dev"))
    await ended(portal, await submit(portal, name))
    with pytest.raises(NameTakenError):
        await portal.previews.preview(draft(name), actor=actor("frontend-dev"))


async def test_an_owner_whom_nobody_saw_in_the_team_is_warned_of_and_not_refused(
    portal: Runtime, name: str
) -> None:
    developer = actor("frontend-dev")
    own = await portal.previews.preview(draft(name, owner="frontend-dev"), actor=developer)
    assert "owner" not in {verdict.field for verdict in own.verdicts}
    other = await portal.previews.preview(draft(name, owner="somebody"), actor=developer)
    assert other.is_allowed
    (told,) = [verdict for verdict in other.verdicts if verdict.field == "owner"]
    assert told.result == "warn"
    assert "was not seen in team frontend" in told.message

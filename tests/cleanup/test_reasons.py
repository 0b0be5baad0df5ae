"""Reasons that only time brings, each by looking at the real thing often enough."""

from datetime import timedelta

import pytest

from nsaas_app.domain.actors import AuthMethod
from nsaas_app.domain.cleanup import Reason
from nsaas_app.domain.cleanup_rules import OVER_QUOTA_AFTER
from nsaas_app.identity.roles import Identity
from nsaas_app.runtime import Runtime
from nsaas_app.store.database import Database
from tests.directory.samples import Desk, quota
from tests.support.cleanup import made, swept
from tests.support.fleet import put, sweeps_of
from tests.support.specs import FRONTEND


async def test_what_is_full_for_two_weeks_is_over_quota_and_a_breath_begins_it_anew(
    database: Database,
) -> None:
    desk, full, free = Desk(), {"pods": "10"}, {"pods": "9"}
    put(desk, "full-dev", "breathing-dev")
    desk.sync()
    sweeps, sightings = sweeps_of(desk, database)
    step = timedelta(hours=20)
    for look in range(OVER_QUOTA_AFTER // step + 2):
        now = free if look == 3 else full
        for name, used in (("full-dev", full), ("breathing-dev", now)):
            desk.mirror.quotas.put(quota("nsaas-quota", name, used=used, hard={"pods": "10"}))
        await desk.directory.refresh_all()
        assert await sweeps.sweep() is not None
        desk.now += step
    found = {
        one.namespace: one for one in (await sightings.candidates(await sweeps.known())).items
        if Reason.OVER_QUOTA in one.reasons
    }  # fmt: skip
    assert list(found) == ["full-dev"]
    (evidence,) = [one for one in found["full-dev"].evidence if one.reason is Reason.OVER_QUOTA]
    assert evidence.value.startswith("pods full for 15 d")


@pytest.mark.parametrize("groups", [(), ("payments-devs",), FRONTEND.groups.developer])
async def test_an_owner_who_left_the_team_is_gone(
    portal: Runtime, name: str, groups: tuple[str, ...]
) -> None:
    await made(portal, name)
    owner = portal.directory.record(name)
    assert owner is not None
    # Who they are now is known from the last time they were heard of.
    await portal.tokens.issue(
        Identity(subject=owner.spec.owner, display_name="Them", groups=groups, auth=AuthMethod.DEV),
        name="last", lifetime=timedelta(hours=1), scopes=frozenset({"read"}),
    )  # fmt: skip
    await swept(portal)
    found = (await portal.cleanup.candidates.now((name,)))[name]
    is_gone = found is not None and Reason.OWNER_GONE in found.reasons
    assert is_gone is not (groups == FRONTEND.groups.developer)

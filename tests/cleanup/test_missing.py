"""Records without a namespace: made anew or forgotten, after a look at the cluster itself."""

import asyncio

import pytest

from nsaas_app.cleanup.missing import NotMissingError
from nsaas_app.domain.errors import ForbiddenError, InvalidFieldsError, NotFoundError
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.requests import Phase
from nsaas_app.runtime import Runtime
from tests.support.cleanup import made
from tests.support.controlplane import ControlPlane
from tests.support.requests import ended, submission
from tests.support.waiting import eventually


def state_of(portal: Runtime, name: str) -> NamespaceState | None:
    row = portal.directory.find_row(name)
    return row.state if row else None


async def lost(portal: Runtime, controlplane: ControlPlane, name: str) -> None:
    """Somebody with too much power deleted it behind the portal's back."""
    confirmation = f"platform.io/confirm-deletion={name}"
    await asyncio.to_thread(controlplane.kubectl, "annotate", "namespace", name, confirmation)
    await asyncio.to_thread(controlplane.kubectl, "delete", "namespace", name)
    await eventually(lambda: state_of(portal, name) is NamespaceState.MISSING, what="it is missing")


async def booked(portal: Runtime) -> int:
    return (await portal.teams.budget_use(TeamName("frontend"))).namespaces


async def test_a_missing_namespace_is_made_anew_in_the_same_place_of_the_budget(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    before = await made(portal, name)
    missing = portal.cleanup.missing
    with pytest.raises(NotMissingError, match="is there"):
        await missing.recreate(name, submission("admin"))
    await lost(portal, controlplane, name)
    with pytest.raises(ForbiddenError):
        await missing.recreate(name, submission("frontend-lead"))
    use = await booked(portal)
    request = await ended(portal, await missing.recreate(name, submission("admin")))
    assert request.phase is Phase.DONE, request.failure
    await eventually(lambda: state_of(portal, name) is NamespaceState.ACTIVE, what="it is back")
    after = portal.directory.record(name)
    assert after is not None
    assert after.uid not in ("", before.uid)
    assert after.spec == before.spec
    assert await booked(portal) == use


async def test_a_forgotten_namespace_frees_its_budget_and_its_row_goes(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await made(portal, name)
    missing = portal.cleanup.missing
    with pytest.raises(NotMissingError):
        await missing.forget(name, name, submission("admin"))
    await lost(portal, controlplane, name)
    use = await booked(portal)
    with pytest.raises(InvalidFieldsError):
        await missing.forget(name, "another", submission("admin"))
    await missing.forget(name, name, submission("admin"))
    assert state_of(portal, name) is None
    assert await booked(portal) == use - 1
    with pytest.raises(NotFoundError):
        await missing.forget(name, name, submission("admin"))

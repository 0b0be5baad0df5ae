"""Gone from one side: a record is made anew, marked or forgotten, an orphan is adopted."""

import asyncio

import pytest

from nsaas_app.cleanup.missing import NotMissingError
from nsaas_app.domain.cleanup import Reason
from nsaas_app.domain.errors import ForbiddenError, InvalidFieldsError, NotFoundError
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.requests import Phase
from nsaas_app.provisioning.adoption import unmark_command
from nsaas_app.provisioning.kinds.adopt import consent_command
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.cleanup import made, whole
from tests.support.controlplane import ControlPlane
from tests.support.namespaces import create_namespace
from tests.support.requests import draft, ended, submission
from tests.support.waiting import eventually, eventually_async


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


async def test_what_is_known_to_be_missing_says_so_and_bothers_nobody(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await made(portal, name)
    missing, why = portal.cleanup.missing, "Its cluster is rebuilt until spring."

    async def mark(who: str, reason: str = why) -> None:
        await missing.mark(name, reason=reason, days=90, submission=submission(who))

    with pytest.raises(NotMissingError):
        await mark("admin")
    await lost(portal, controlplane, name)
    with pytest.raises(ForbiddenError):
        await mark("frontend-lead")
    with pytest.raises(InvalidFieldsError):
        await mark("admin", "because")
    use = await booked(portal)

    await mark("admin")

    found = (await portal.cleanup.candidates.now((name,)))[name]
    assert found is not None
    assert found.reasons == (Reason.MISSING,)
    assert found.grounds == frozenset()
    assert f"Known to be missing: {why}" in found.exclusions[0].message
    assert await booked(portal) == use, "its budget stays"
    await portal.cleanup.candidates.drop_keep(name, submission("admin"))
    found = (await portal.cleanup.candidates.now((name,)))[name]
    assert found is not None
    assert found.grounds == {Reason.MISSING}


async def test_an_orphan_that_is_wanted_is_adopted(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    assert portal.mirror is not None
    await create_namespace(portal.mirror.cluster, name)
    await whole(portal)

    async def reasons() -> tuple[Reason, ...]:
        found = (await portal.cleanup.candidates.now((name,)))[name]
        return found.reasons if found else ()

    async def is_orphan() -> bool:
        return await reasons() == (Reason.ORPHAN,)

    await eventually_async(is_orphan, what="it is an orphan")
    with pytest.raises(InvalidFieldsError, match="takes them off first") as refused:
        await portal.adoptions.submit(draft(name), submission("admin"))
    assert unmark_command(name) in refused.value.issues[0].message
    for words in unmark_command(name).split(" && "):
        await asyncio.to_thread(controlplane.kubectl, *words.split()[1:])
    request = await portal.adoptions.submit(draft(name), submission("admin"))

    def waits() -> bool:
        failure = portal.requests.get(request.request_id, actor=actor("admin")).failure
        return failure is not None and failure.code == "ADOPT_CONSENT"

    await eventually(waits, what="it waits for consent")
    command = consent_command(name, request.request_id)
    await asyncio.to_thread(controlplane.kubectl, *command.split()[1:])
    adopted = await ended(portal, request, within_s=60)
    assert adopted.phase is Phase.DONE, adopted.failure
    assert await reasons() == ()
    assert state_of(portal, name) is NamespaceState.ACTIVE

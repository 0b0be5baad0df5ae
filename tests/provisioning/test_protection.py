"""Protection that was given holds, whatever else happens to the namespace at that moment."""

import asyncio
from dataclasses import replace

import pytest

from nsaas_app.domain.errors import PortalError
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.domain.requests import Phase, ProvisioningRequest, RequestKind
from nsaas_app.provisioning.reserving import reserve_existing
from nsaas_app.runtime import Runtime
from tests.support.requests import submission
from tests.support.specs import NOW, spec_of


async def _stored(portal: Runtime, name: str, *, is_protected: bool = False) -> ManagedNamespace:
    spec = spec_of(name)
    record = ManagedNamespace(
        spec.name, spec.team, spec.cluster, Intent.ACTIVE, spec, "req-test", NOW
    )
    record = replace(record, is_protected=is_protected)
    async with portal.stores.database.transaction() as connection:
        await portal.stores.namespaces.put(connection, record)
    portal.directory.put_record(record)
    return record


async def _is_protected(portal: Runtime, record: ManagedNamespace) -> bool:
    async with portal.stores.database.reading() as connection:
        found = await portal.stores.namespaces.get(
            connection, cluster=record.cluster, name=str(record.name)
        )
    assert found is not None
    return found.is_protected


@pytest.mark.parametrize("kind", [RequestKind.RELEASE, RequestKind.DELETE])
async def test_what_was_protected_after_the_look_at_it_is_not_ended(
    portal: Runtime, name: str, kind: RequestKind
) -> None:
    record = await _stored(portal, name, is_protected=True)
    request = ProvisioningRequest(
        request_id="req-late", kind=kind, namespace=record.name, team=record.team,
        phase=Phase.QUEUED, spec=record.spec, requested_by="frontend-lead", correlation_id="c",
        created_at=NOW, steps=(), previous=record.spec,
    )  # fmt: skip
    async with portal.stores.database.transaction() as connection:
        with pytest.raises(PortalError, match="is protected") as caught:
            await reserve_existing(connection, request, stores=portal.stores, teams=portal.teams)
    assert caught.value.code == "PROTECTED"


async def test_a_request_that_is_accepted_at_the_same_time_does_not_undo_protection(
    portal_on_both: Runtime, name: str
) -> None:
    portal = portal_on_both
    record = await _stored(portal, name)
    stores = portal.stores
    async with stores.database.transaction() as connection:
        # What accepting a request does: lock, read, and write the record whole.
        await stores.ledger.lock(connection, str(record.team))
        asked = asyncio.create_task(
            portal.protections.protect(name, submission("frontend-lead"), is_protected=True)
        )
        # It cannot end before the lock is given up; without the lock it would within this.
        await asyncio.wait([asked], timeout=1.0)
        await stores.namespaces.put(connection, record)
    assert (await asyncio.wait_for(asked, 30)).is_protected
    assert await _is_protected(portal, record)

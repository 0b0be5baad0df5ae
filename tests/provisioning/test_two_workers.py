"""Two processes on one database: each request is carried out once, also when one of them hangs."""

import os
import signal

import pytest

from nsaas_app.domain.audit import AuditEvent
from nsaas_app.domain.requests import Phase, ProvisioningRequest
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.support.auditlog import portal_writes
from tests.support.controlplane import ControlPlane
from tests.support.postgres import PostgresServer
from tests.support.requests import ended, submit
from tests.support.rival import rival
from tests.support.waiting import eventually_async


@pytest.fixture
def on_postgres(settings: Settings, postgres: PostgresServer) -> Settings:
    return settings.model_copy(update={"database_url": postgres.create_database()})


async def _is_working(web: Runtime) -> bool:
    """Whether somebody holds a job, by the database's own word: that is gone in a moment."""
    async with web.database.reading() as connection:
        return (await web.stores.jobs.count_by_state(connection)).get("running", 0) > 0


async def _freeze_and_take_over(
    pid: int, settings: Settings, web: Runtime, requests: list[ProvisioningRequest], later: str
) -> tuple[int | None, list[AuditEvent]]:
    """Stop the rival in its work, finish it here, wake the rival; give the audit's verdict."""
    await eventually_async(lambda: _is_working(web), what="the rival works")
    os.kill(pid, signal.SIGSTOP)
    async with serving(settings) as other:
        done = [await ended(other, request, within_s=60) for request in requests]
        assert {request.phase for request in done} == {Phase.DONE}
        os.kill(pid, signal.SIGCONT)
        assert (await ended(other, await submit(other, later))).phase is Phase.DONE
        async with other.database.reading() as connection:
            checked, first_bad = await other.stores.audit.verify(connection)
            return first_bad, await other.stores.audit.newest(connection, limit=checked)


@pytest.mark.long
async def test_a_frozen_workers_jobs_are_taken_over_and_waking_up_it_does_no_harm(
    on_postgres: Settings, controlplane: ControlPlane, name: str
) -> None:
    log_size = controlplane.audit_log.stat().st_size
    web_only = on_postgres.model_copy(update={"role": "web"})
    async with rival(on_postgres) as pid, serving(web_only) as web:
        requests = [await submit(web, f"{name}-{n}") for n in range(6)]
        first_bad, events = await _freeze_and_take_over(
            pid, on_postgres, web, requests, f"{name}-later"
        )

    assert first_bad is None
    ends = [event.request_id for event in events if event.source == "worker"]
    assert all(ends.count(request.request_id) == 1 for request in requests)
    created = [
        entry["objectRef"]["name"]
        for entry in portal_writes(controlplane.audit_log, since=log_size)
        if entry["verb"] == "create"
        and entry["objectRef"]["resource"] == "namespaces"
        and entry["responseStatus"]["code"] == 201
    ]
    assert sorted(created) == sorted({*(str(r.namespace) for r in requests), f"{name}-later"})

"""Candidates on the real control plane: what is found, with evidence, and for whom."""

import asyncio
from datetime import timedelta

import pytest

from nsaas_app.directory.hub import CLEANUP
from nsaas_app.domain.cleanup import Candidate, Reason
from nsaas_app.domain.errors import ForbiddenError, InvalidFieldsError, NotFoundError
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.auditlog import portal_writes
from tests.support.cleanup import made, remembered, swept, whole
from tests.support.controlplane import ControlPlane
from tests.support.metricsapi import measured, metrics_api
from tests.support.namespaces import apply_as_admin, create_namespace, deployment_manifest
from tests.support.requests import submission
from tests.support.waiting import eventually, eventually_async

ADMIN = actor("admin")
WHY = "The demo of the quarter runs in it."


async def seen(portal: Runtime, name: str) -> Candidate | None:
    return (await portal.cleanup.candidates.now((name,)))[name]


async def reasons(portal: Runtime, name: str) -> tuple[Reason, ...]:
    found = await seen(portal, name)
    return found.reasons if found else ()


async def test_a_fresh_namespace_is_no_candidate_and_a_quiet_one_is(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await made(portal, name)
    assert await seen(portal, name) is None
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "namespace": name},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "2Gi"}},
            "storageClassName": "none",
        },
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": name},
        "spec": {"ports": [{"port": 80}]},
    }
    ingress = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "web", "namespace": name},
        "spec": {
            "rules": [{"host": "shop.example"}],
            "defaultBackend": {"service": {"name": "web", "port": {"number": 80}}},
        },
    }
    await apply_as_admin(controlplane, claim, service, ingress)
    await remembered(portal, name, quiet_for=timedelta(days=20))

    async def has_arrived() -> bool:
        found = await seen(portal, name)
        return found is not None and bool(found.impact.volumes and found.impact.ingress_hosts)

    await eventually_async(has_arrived, what="volume and ingress are part of the impact")
    await swept(portal)
    found = await seen(portal, name)
    assert found is not None
    assert found.reasons == (Reason.IDLE,)
    assert {one.signal for one in found.evidence} >= {"no-running-pods", "no-workload-change"}
    assert [(one.name, one.size) for one in found.impact.volumes] == [("data", "2Gi")]
    assert found.impact.ingress_hosts == ("shop.example",)
    assert found.reclaim.cost is not None
    # The claim was made a moment ago: somebody may just have put data into it.
    assert [one.code for one in found.exclusions] == ["volume"]


async def test_what_lives_beside_its_record_is_found_from_both_sides(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    mirror = await whole(portal)
    orphan, missing = f"{name}-o", f"{name}-m"
    await create_namespace(mirror.cluster, orphan)
    await made(portal, missing)
    await asyncio.to_thread(
        controlplane.kubectl, "annotate", "namespace", missing,
        f"platform.io/confirm-deletion={missing}",
    )  # fmt: skip
    await asyncio.to_thread(controlplane.kubectl, "delete", "namespace", missing)

    def state() -> NamespaceState | None:
        row = portal.directory.find_row(missing)
        return row.state if row else None

    await eventually(lambda: state() is NamespaceState.MISSING, what="it is missing")
    await eventually(lambda: mirror.namespaces.get(orphan) is not None, what="it is seen")
    assert await reasons(portal, orphan) == (Reason.ORPHAN,)
    assert await reasons(portal, missing) == (Reason.MISSING,)
    listed = await portal.cleanup.candidates.all(actor=ADMIN)
    assert listed.counts["orphan"] >= 1
    assert {orphan, missing} <= {one.namespace for one in listed.items}


async def test_an_unlabelled_or_system_namespace_never_shows(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await asyncio.to_thread(controlplane.kubectl, "create", "namespace", name)
    mirror = await whole(portal)
    await eventually(lambda: mirror.namespaces.get(name) is not None, what="it is seen")
    for one in (name, "kube-system", "nsaas-dryrun-development", "no-such-namespace"):
        assert await seen(portal, one) is None
    counted = portal.cleanup.candidates._sightings.names()
    assert not {name, "kube-system", "nsaas-dryrun-development"} & set(counted)


async def test_a_lead_keeps_what_the_team_wants(portal: Runtime, name: str) -> None:
    await made(portal, name)
    await remembered(portal, name, quiet_for=timedelta(days=20))
    candidates = portal.cleanup.candidates
    with pytest.raises(InvalidFieldsError) as refused:
        await candidates.keep(name, reason="why", days=0, submission=submission("frontend-lead"))
    assert [issue.field for issue in refused.value.issues] == ["reason", "days"]
    with pytest.raises(ForbiddenError):
        await candidates.keep(name, reason=WHY, days=9, submission=submission("frontend-viewer"))
    with pytest.raises(NotFoundError):
        await candidates.keep(name, reason=WHY, days=9, submission=submission("payments-lead"))
    await candidates.keep(name, reason=WHY, days=9, submission=submission("frontend-lead"))
    found = await seen(portal, name)
    assert found is not None
    assert not found.grounds
    assert WHY in found.exclusions[0].message
    await candidates.drop_keep(name, submission("frontend-lead"))
    found = await seen(portal, name)
    assert found is not None
    assert found.grounds == {Reason.IDLE}


async def test_pages_do_not_wait_for_a_look_at_the_fleet_and_learn_of_it(
    portal: Runtime, name: str
) -> None:
    await made(portal, name)
    await remembered(portal, name, quiet_for=timedelta(days=20))
    portal.cleanup.candidates.forget()
    lead, concerns = actor("frontend-lead"), portal.cleanup.concerns

    async def told() -> bool:
        return [one.candidate.namespace for one in await concerns.known(lead, name=name)] == [name]

    before = portal.directory.hub.versions((CLEANUP,))
    assert not await told()
    await eventually_async(told, what="what was found beside is known")
    assert portal.directory.hub.versions((CLEANUP,)) != before


async def test_a_sweep_looks_without_asking_the_cluster_and_says_what_it_found(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await made(portal, name)
    await remembered(portal, name, quiet_for=timedelta(days=20))
    offset = controlplane.audit_log.stat().st_size
    sweep = await swept(portal)
    assert sweep.looked_at >= 1
    assert sweep.found["idle"] >= 1
    stored = await portal.cleanup.sweeps.latest(actor=actor("auditor"))
    assert sweep in stored
    assert not portal_writes(controlplane.audit_log, since=offset, about=name)
    with pytest.raises(ForbiddenError):
        await portal.cleanup.sweeps.latest(actor=actor("frontend-lead"))


async def test_a_sweep_takes_in_how_much_is_used_and_says_when_nobody_measures_it(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await made(portal, name)
    await apply_as_admin(controlplane, deployment_manifest("web", name, replicas=1))
    mirror, pulse = portal.mirror, portal.cleanup.pulse
    assert mirror is not None
    assert pulse is not None
    pods = mirror.workloads.pods

    def runs() -> bool:
        return any(one.status.phase == "Running" for one in pods.in_namespace(name))

    await eventually(runs, within_s=60, what="it runs")
    await pulse.look()
    sweep = await swept(portal)
    assert any("metrics.k8s.io" in note for note in sweep.notes)
    async with metrics_api(controlplane, [measured(name, "web-1", "100000n")]):

        async def is_measured() -> bool:
            await pulse.look()
            return pulse.usage_trouble == ""

        await eventually_async(is_measured, within_s=60, what="the metrics API answers")
    await eventually(lambda: not mirror.cloud.unseen, within_s=60, what="cloud kinds are known")
    assert not (await swept(portal)).notes
    known = (await portal.cleanup.sweeps.known()).observations[name]
    assert known.low_use_since is not None
    assert known.use.startswith("0m of ")
    assert portal.cleanup.sweeps.quiet_since(name) is not None

"""Adoption: agreed to by an administrator, whole or given back, and nothing in it is ever lost."""

import asyncio
import json
from typing import Any

import pytest

from nsaas_app.domain.errors import (
    ForbiddenError,
    InvalidFieldsError,
    NameTakenError,
    NotFoundError,
)
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.requests import Phase, ProvisioningRequest
from nsaas_app.localcluster import LocalClusterError
from nsaas_app.provisioning.kinds.adopt import CONSENT_WITHIN, consent_command
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.support.actors import actor
from tests.support.auditlog import portal_writes
from tests.support.controlplane import ControlPlane
from tests.support.crashing import crash
from tests.support.policies import denying_network_policies
from tests.support.requests import draft, ended, submission, submit
from tests.support.waiting import eventually

ADMIN = actor("admin")
ENFORCE = "pod-security.kubernetes.io/enforce"

Document = dict[str, Any]


class Existing:
    """A namespace that people made by hand, with a workload and a policy of their own."""

    def __init__(self, controlplane: ControlPlane, name: str) -> None:
        self.kubectl = controlplane.kubectl
        self.name = name
        self.kubectl("create", "ns", name)
        self.label(owner="ada")
        self.create("ConfigMap", "notes", data={"text": "kept"})
        policy = {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}]}
        self.create("NetworkPolicy", "theirs", "networking.k8s.io/v1", spec=policy)

    def create(self, kind: str, name: str, version: str = "v1", **fields: Any) -> None:
        document = {
            "apiVersion": version,
            "kind": kind,
            "metadata": {"name": name, "namespace": self.name, **fields.pop("metadata", {})},
            **fields,
        }
        self.kubectl("create", "-f", "-", stdin=json.dumps(document))

    def pod(self, name: str, *containers: Document, **spec: Any) -> None:
        listed = [{"name": "c", "image": "x", **each} for each in containers or ({},)]
        self.create("Pod", name, spec={"containers": listed, **spec})

    def label(self, **labels: str) -> None:
        words = [f"{key}={value}" for key, value in labels.items()]
        self.kubectl("label", "ns", self.name, "--overwrite", *words)

    def consent(self, request: ProvisioningRequest) -> None:
        """What the request asks a cluster administrator to run."""
        command = consent_command(self.name, request.request_id)
        self.kubectl(*command.split()[1:])

    def get(self, kind: str, name: str = "") -> Document:
        where = () if kind == "ns" else ("-n", self.name)
        found: Document = json.loads(
            self.kubectl("get", kind, *([name] if name else []), *where, "-o", "json")
        )
        return found

    @property
    def metadata(self) -> Document:
        found: Document = self.get("ns", self.name)["metadata"]
        return found

    def names(self, kinds: str) -> list[str]:
        return sorted(
            f"{item['kind']}/{item['metadata']['name']}" for item in self.get(kinds)["items"]
        )


@pytest.fixture
def existing(controlplane: ControlPlane, name: str) -> Existing:
    return Existing(controlplane, name)


async def adopt(
    portal: Runtime, name: str, *, who: str = "admin", **fields: Any
) -> ProvisioningRequest:
    return await portal.adoptions.submit(draft(name, **fields), submission(who))


async def waiting(portal: Runtime, request: ProvisioningRequest) -> ProvisioningRequest:
    """Wait until the request says that it waits for consent, and give it as it is then."""

    def now() -> ProvisioningRequest:
        return portal.requests.get(request.request_id, actor=ADMIN)

    def waits() -> bool:
        failure = now().failure
        return failure is not None and failure.code == "ADOPT_CONSENT"

    await eventually(waits, what=f"{now()} waits for consent")
    return now()


@pytest.mark.produces("ADOPT_CONSENT")
async def test_it_waits_for_consent_and_says_the_command(
    portal_on_both: Runtime, controlplane: ControlPlane, existing: Existing
) -> None:
    before, log_size = existing.get("ns", existing.name), controlplane.audit_log.stat().st_size

    request = await waiting(portal_on_both, await adopt(portal_on_both, existing.name))

    assert request.phase is Phase.RETRYING
    assert request.failure is not None
    assert consent_command(existing.name, request.request_id) in request.failure.message
    assert request.failure.catalogued.who_can_fix == "cluster administrator"
    assert request.failure.catalogued.retryable
    assert existing.get("ns", existing.name) == before
    assert portal_writes(controlplane.audit_log, since=log_size, about=existing.name) == []
    async with portal_on_both.database.reading() as connection:
        assert (await portal_on_both.stores.jobs.count_by_state(connection))["queued"] == 1


async def test_with_consent_it_is_managed_within_seconds_and_watched_like_any_other(
    portal_on_both: Runtime, existing: Existing
) -> None:
    portal = portal_on_both
    uid, notes = existing.metadata["uid"], existing.get("configmap", "notes")
    theirs = existing.get("netpol", "theirs")
    existing.label(**{ENFORCE: "privileged"})
    existing.pod("old")
    request = await waiting(portal, await adopt(portal, existing.name))

    existing.consent(request)
    done = await ended(portal, request, within_s=30)

    assert done.phase is Phase.DONE, done.failure
    metadata = existing.metadata
    assert metadata["uid"] == uid
    assert metadata["labels"]["platform.io/managed"] == "true"
    assert metadata["labels"]["platform.io/team"] == "frontend"
    assert metadata["labels"][ENFORCE] == "baseline"
    assert metadata["labels"]["owner"] == "ada"
    assert metadata["annotations"]["platform.io/request-id"] == request.request_id
    assert "platform.io/adopt" not in metadata["annotations"]
    assert "platform.io/before-adoption" not in metadata["annotations"]
    assert existing.get("configmap", "notes") == notes
    assert existing.get("netpol", "theirs") == theirs
    assert existing.get("pod", "old")["metadata"]["name"] == "old"
    row = portal.directory.row(existing.name, actor=actor("frontend-dev"))
    assert (row.state, row.uid) == (NamespaceState.ACTIVE, uid)
    use = await portal.teams.budget_use(request.team)
    assert use.namespaces == 1

    def drifted() -> set[str]:
        found = portal.directory.row(existing.name, actor=ADMIN).drift
        return {item.object for item in found}

    await eventually(lambda: drifted() == {"NetworkPolicy/theirs"}, what="theirs is shown")
    existing.kubectl("delete", "netpol", "nsaas-default-deny", "-n", existing.name)
    await eventually(
        lambda: "NetworkPolicy/nsaas-default-deny" in existing.names("netpol"), what="repaired"
    )


async def test_consent_to_another_request_is_none(portal: Runtime, existing: Existing) -> None:
    request = await waiting(portal, await adopt(portal, existing.name))
    existing.kubectl("annotate", "ns", existing.name, "platform.io/adopt=another")

    def tells() -> bool:
        failure = portal.requests.get(request.request_id, actor=ADMIN).failure
        return failure is not None and "for another request, another" in failure.message

    await eventually(tells, what="it says whose consent it is")
    assert "platform.io/managed" not in existing.metadata["labels"]
    assert existing.names("quota,limitrange,rolebinding") == []
    existing.kubectl(
        "annotate", "ns", existing.name, "--overwrite", f"platform.io/adopt={request.request_id}"
    )
    assert (await ended(portal, request)).phase is Phase.DONE


async def test_nobody_waits_for_ever(settings: Settings, existing: Existing) -> None:
    async with serving(settings) as portal:
        request = await waiting(portal, await adopt(portal, existing.name))
        before = existing.get("ns", existing.name)
    async with serving(settings.model_copy(update={"role": "web"})) as portal:
        long_ago = portal.clock() - CONSENT_WITHIN
        async with portal.database.transaction() as connection:
            await portal.stores.requests.move(
                connection, request.request_id, Phase.RETRYING, started_at=long_ago
            )
            await portal.stores.jobs.hasten(connection, request.request_id)

    async with serving(settings) as portal:
        failed = await ended(portal, portal.requests.get(request.request_id, actor=ADMIN))

    assert failed.phase is Phase.ROLLED_BACK
    assert failed.failure is not None
    assert failed.failure.code == "ADOPT_CONSENT"
    assert existing.get("ns", existing.name) == before


async def test_consent_given_before_the_worker_looks_is_enough(
    portal: Runtime, existing: Existing
) -> None:
    request = await adopt(portal, existing.name)
    existing.consent(request)

    assert (await ended(portal, request, within_s=30)).phase is Phase.DONE


async def test_cancelled_while_waiting_it_leaves_the_namespace_as_it_was(
    portal: Runtime, existing: Existing
) -> None:
    before, inside = existing.get("ns", existing.name), existing.get("netpol,quota,rolebinding")
    request = await waiting(portal, await adopt(portal, existing.name))

    await portal.decisions.cancel(request.request_id, actor=ADMIN, comment="no", source="test")
    cancelled = await ended(portal, request)

    assert (cancelled.phase, cancelled.failure) == (Phase.CANCELLED, None)
    assert existing.get("ns", existing.name) == before
    assert existing.get("netpol,quota,rolebinding")["items"] == inside["items"]
    assert (await portal.teams.budget_use(request.team)).namespaces == 0


async def test_a_failure_half_way_gives_the_namespace_back(
    portal: Runtime, controlplane: ControlPlane, existing: Existing
) -> None:
    existing.label(**{ENFORCE: "restricted", "platform.io/tier": "gold"})
    before = existing.metadata
    theirs = existing.get("netpol", "theirs")
    with denying_network_policies(controlplane, namespace=existing.name):
        request = await waiting(portal, await adopt(portal, existing.name))
        existing.consent(request)
        failed = await ended(portal, request, within_s=60)

    assert failed.phase is Phase.ROLLED_BACK
    assert failed.failure is not None
    assert failed.failure.code == "WEBHOOK_DENIED", failed.failure
    metadata = existing.metadata
    assert metadata["uid"] == before["uid"]
    assert metadata["labels"] == before["labels"]
    assert metadata.get("annotations", {}) == before.get("annotations", {})
    assert existing.names("quota,limitrange,rolebinding") == []
    assert existing.get("netpol", "theirs") == theirs
    assert existing.get("configmap", "notes")["data"] == {"text": "kept"}
    assert (await portal.teams.budget_use(request.team)).namespaces == 0

    with pytest.raises(ForbiddenError):
        await portal.decisions.retry(
            request.request_id, actor=actor("frontend-lead"), comment="", source="test"
        )
    again = await portal.decisions.retry(request.request_id, actor=ADMIN, comment="", source="test")
    existing.consent(await waiting(portal, again))
    assert (await ended(portal, again)).phase is Phase.DONE


async def test_what_cannot_be_put_back_is_named(
    portal: Runtime, controlplane: ControlPlane, existing: Existing
) -> None:
    existing.label(**{ENFORCE: "privileged"})
    with denying_network_policies(controlplane, namespace=existing.name):
        request = await waiting(portal, await adopt(portal, existing.name))
        existing.consent(request)
        failed = await ended(portal, request, within_s=60)

    assert failed.failure is not None
    assert failed.failure.code == "ROLLBACK_PARTIAL"
    command = f"kubectl label namespace {existing.name} {ENFORCE}=privileged"
    assert command in failed.failure.message
    assert ENFORCE not in existing.metadata["labels"]
    assert "platform.io/managed" not in existing.metadata["labels"]


async def test_half_adopted_it_is_never_deleted(
    portal: Runtime, controlplane: ControlPlane, existing: Existing
) -> None:
    with denying_network_policies(controlplane, namespace=existing.name):
        request = await waiting(portal, await adopt(portal, existing.name))
        existing.consent(request)
        await ended(portal, request, within_s=60)
    # As if the way back had been barred: our marks are on it, and so is the consent.
    existing.kubectl("label", "ns", existing.name, "platform.io/managed=true")
    marks = [f"platform.io/{key}={request.request_id}" for key in ("request-id", "adopt")]
    existing.kubectl("annotate", "ns", existing.name, *marks)

    asked = await portal.changes.delete(existing.name, submission("admin"), confirm=existing.name)
    refused = await ended(portal, asked)

    assert refused.failure is not None
    assert refused.failure.code == "NOT_MANAGED"
    assert "deletionTimestamp" not in existing.metadata
    row = portal.directory.row(existing.name, actor=ADMIN)
    assert row.state is NamespaceState.FAILED


async def test_the_record_of_a_failed_adoption_is_removed_without_the_namespace(
    portal: Runtime, existing: Existing
) -> None:
    request = await waiting(portal, await adopt(portal, existing.name))
    await portal.decisions.cancel(request.request_id, actor=ADMIN, comment="", source="test")
    await ended(portal, request)
    before = existing.get("ns", existing.name)

    asked = await portal.changes.delete(existing.name, submission("admin"), confirm=existing.name)

    assert (await ended(portal, asked)).phase is Phase.DONE
    assert existing.get("ns", existing.name) == before
    with pytest.raises(NotFoundError):
        portal.directory.row(existing.name, actor=ADMIN)


async def test_recreated_while_waiting_it_is_another_one(
    portal: Runtime, existing: Existing, controlplane: ControlPlane
) -> None:
    request = await waiting(portal, await adopt(portal, existing.name))
    controlplane.kubectl("delete", "ns", existing.name)
    failed = await ended(portal, request)

    assert failed.failure is not None
    assert failed.failure.code in ("NOT_FOUND", "UID_CHANGED")
    assert failed.phase is Phase.ROLLED_BACK


async def test_platform_admins_only(portal: Runtime, existing: Existing) -> None:
    for who in ["frontend-viewer", "frontend-dev", "frontend-lead", "auditor"]:
        with pytest.raises(ForbiddenError):
            await adopt(portal, existing.name, who=who)
        with pytest.raises(ForbiddenError):
            await portal.adoptions.preview(draft(existing.name), actor=actor(who))
        async with portal.database.reading() as connection:
            (event,) = await portal.stores.audit.newest(connection, limit=1)
        assert (event.actor, event.outcome.value, event.namespace) == (who, "denied", existing.name)


async def test_provision_still_takes_over_nothing(portal: Runtime, existing: Existing) -> None:
    await eventually(lambda: portal.directory.is_taken(existing.name) is not None)
    with pytest.raises(NameTakenError):
        await submit(portal, existing.name, who="admin")


async def test_the_same_key_is_the_same_request(portal: Runtime, existing: Existing) -> None:
    asked = [
        portal.adoptions.submit(draft(existing.name), submission("admin", key="k"))
        for _ in range(5)
    ]
    requests = await asyncio.gather(*asked)

    assert len({request.request_id for request in requests}) == 1
    with pytest.raises(NameTakenError):
        await adopt(portal, existing.name)


async def _refusal(portal: Runtime, name: str, **fields: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidFieldsError) as refusal:
        await adopt(portal, name, **fields)
    with pytest.raises(InvalidFieldsError):
        await portal.adoptions.preview(draft(name, **fields), actor=ADMIN)
    return {(issue.field, issue.code) for issue in refusal.value.issues}


async def test_what_cannot_be_adopted_is_told_at_its_field(
    portal: Runtime, controlplane: ControlPlane, existing: Existing
) -> None:
    name = existing.name
    assert await _refusal(portal, "kube-public") == {("name", "NS_RESERVED")}
    assert await _refusal(portal, f"{name}-none") == {("name", "NOT_FOUND")}
    assert await _refusal(portal, name, tier="large", egress="sea") == {
        ("tier", "POLICY_DENY"),
        ("network.egress", "INVALID_FIELD"),
    }
    existing.label(ManagedByARM="true")
    assert await _refusal(portal, name) == {("name", "MANAGED_BY_ARM")}
    existing.kubectl("label", "ns", name, "ManagedByARM-", "platform.io/team=payments")
    assert await _refusal(portal, name) == {("name", "NS_EXISTS")}
    existing.kubectl("label", "ns", name, "platform.io/team-", "platform.io/managed=true")
    assert await _refusal(portal, name) == {("name", "NS_EXISTS")}
    existing.kubectl("label", "ns", name, "platform.io/managed-")
    existing.create("ConfigMap", "held", metadata={"finalizers": ["example.com/hold"]})
    controlplane.kubectl("delete", "ns", name, "--wait=false")
    assert await _refusal(portal, name) == {("name", "NS_TERMINATING")}
    existing.kubectl(
        "patch", "configmap", "held", "-n", name, "-p", '{"metadata":{"finalizers":null}}'
    )


async def test_production_waits_for_a_second_admin_before_the_consent(
    portal: Runtime, existing: Existing
) -> None:
    request = await adopt(portal, existing.name, environment="production", cost_center="cc")

    assert request.phase is Phase.AWAITING_APPROVAL


async def test_the_preview_shows_what_changes_and_writes_nothing(
    portal: Runtime, controlplane: ControlPlane, existing: Existing
) -> None:
    existing.label(**{ENFORCE: "privileged"})
    existing.pod("bare", {"securityContext": {"privileged": True}}, hostNetwork=True)
    existing.create("ResourceQuota", "theirs", spec={"hard": {"pods": "99"}})
    log_size = controlplane.audit_log.stat().st_size
    before = existing.get("ns", existing.name)

    preview = await portal.adoptions.preview(draft(existing.name), actor=ADMIN)

    changes = {one.path: (one.before, one.after) for one in preview.changes}
    assert changes["metadata.labels[platform.io/managed]"] == (None, "true")
    assert changes[f"metadata.labels[{ENFORCE}]"] == ("privileged", "baseline")
    assert "metadata.labels[owner]" not in changes
    assert any("bare: " in line and "privileged" in line for line in preview.pod_security)
    assert preview.foreign == ("ResourceQuota/theirs", "NetworkPolicy/theirs")
    assert preview.collisions == ()
    assert "ResourceQuota/nsaas-quota" in preview.created
    assert preview.base.is_allowed
    warned = {one.rule for one in preview.base.verdicts if one.result == "warn"}
    assert warned == {"network", "pod-security"}
    assert portal_writes(controlplane.audit_log, since=log_size, about=existing.name) == []
    assert existing.get("ns", existing.name) == before


async def test_the_preview_measures_what_runs_against_the_tier(
    portal: Runtime, existing: Existing
) -> None:
    existing.pod("big", {"resources": {"limits": {"cpu": "3", "memory": "1Gi"}}})
    existing.pod("bare")
    existing.create("Service", "web", spec={"type": "NodePort", "ports": [{"port": 80}]})
    claim = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "30Gi"}},
    }
    existing.create("PersistentVolumeClaim", "data", spec=claim)

    impact = (await portal.adoptions.preview(draft(existing.name), actor=ADMIN)).impact

    lines = {line.resource: line for line in impact.quota}
    cpu, storage = lines["limits.cpu"], lines["requests.storage"]
    assert (cpu.used, cpu.after_restart, cpu.hard, cpu.is_over) == ("3", "3200m", "2", True)
    assert (lines["pods"].used, lines["pods"].is_over) == ("2", False)
    assert lines["services.nodeports"].is_over
    assert (storage.used, storage.is_over) == ("30Gi", True)
    assert [note.owner for note in impact.defaulted] == ["Pod/bare", "Pod/big"]
    assert {(note.owner, note.message) for note in impact.refused} == {
        ("Pod/big", "limits.cpu 3 is above the maximum 2"),
        ("PersistentVolumeClaim/data", "30Gi is outside 1Gi to 20Gi"),
    }


async def test_used_over_the_quota_it_can_be_adopted_all_the_same(
    portal: Runtime, existing: Existing
) -> None:
    existing.pod("big", {"resources": {"limits": {"cpu": "3", "memory": "1Gi"}}})
    request = await waiting(portal, await adopt(portal, existing.name))
    existing.consent(request)
    done = await ended(portal, request)

    assert done.phase is Phase.DONE, done.failure
    assert existing.get("pod", "big")["metadata"]["name"] == "big"
    with pytest.raises(LocalClusterError, match="exceeded quota"):
        existing.pod("more")


async def test_an_object_in_the_way_is_shown_and_left(portal: Runtime, existing: Existing) -> None:
    existing.create("ResourceQuota", "nsaas-quota", spec={"hard": {"pods": "99"}})
    quota = existing.get("quota", "nsaas-quota")

    preview = await portal.adoptions.preview(draft(existing.name), actor=ADMIN)
    assert preview.collisions == ("ResourceQuota/nsaas-quota",)
    assert not preview.base.is_allowed
    failed = await ended(portal, await adopt(portal, existing.name))

    assert failed.failure is not None
    assert failed.failure.code == "FIELD_CONFLICT"
    assert "ResourceQuota/nsaas-quota" in failed.failure.message
    assert existing.get("quota", "nsaas-quota")["spec"] == quota["spec"]
    assert "platform.io/managed" not in existing.metadata["labels"]


@pytest.mark.parametrize("moment", ["before", "effect"])
@pytest.mark.parametrize("step", ["checks", "namespace", "network", "verify"])
async def test_killed_at_any_point_it_goes_on(
    settings: Settings, existing: Existing, step: str, moment: str
) -> None:
    async with serving(settings) as portal:
        request = await waiting(portal, await adopt(portal, existing.name))
    theirs = existing.get("netpol", "theirs")
    existing.consent(request)
    await crash(settings, None, at=f"{step}:{moment}")

    async with serving(settings) as portal:
        done = await ended(portal, portal.requests.get(request.request_id, actor=ADMIN))
        assert done.phase is Phase.DONE, done.failure
        assert (await portal.teams.budget_use(request.team)).namespaces == 1
    assert "platform.io/adopt" not in existing.metadata["annotations"]
    assert existing.get("netpol", "theirs") == theirs
    assert len(existing.names("quota,limitrange,rolebinding")) == 5


async def test_without_the_consent_the_way_back_is_barred_and_that_is_said(
    settings: Settings, existing: Existing
) -> None:
    async with serving(settings) as portal:
        request = await waiting(portal, await adopt(portal, existing.name))
    existing.consent(request)
    await crash(settings, None, at="network:effect")
    existing.kubectl("annotate", "ns", existing.name, "platform.io/adopt-")

    async with serving(settings.model_copy(update={"role": "web"})) as portal:
        await portal.decisions.cancel(request.request_id, actor=ADMIN, comment="", source="test")
    async with serving(settings) as portal:
        cancelled = await ended(portal, portal.requests.get(request.request_id, actor=ADMIN))

    assert cancelled.failure is not None
    assert cancelled.failure.code == "ROLLBACK_PARTIAL"
    assert f"Left on namespace {existing.name}" in cancelled.failure.message
    assert "platform.io/managed" in cancelled.failure.message
    assert existing.names("quota,limitrange,rolebinding,netpol") == ["NetworkPolicy/theirs"]
    assert existing.get("configmap", "notes")["data"] == {"text": "kept"}


async def test_a_change_of_mind_after_a_crash_gives_everything_back(
    settings: Settings, existing: Existing
) -> None:
    before = existing.metadata
    async with serving(settings) as portal:
        request = await waiting(portal, await adopt(portal, existing.name))
    existing.consent(request)
    await crash(settings, None, at="network:effect")
    assert existing.metadata["labels"]["platform.io/managed"] == "true"

    async with serving(settings.model_copy(update={"role": "web"})) as portal:
        await portal.decisions.cancel(request.request_id, actor=ADMIN, comment="", source="test")
    async with serving(settings) as portal:
        ended_now = await ended(portal, portal.requests.get(request.request_id, actor=ADMIN))

    assert (ended_now.phase, ended_now.failure) == (Phase.CANCELLED, None)
    assert existing.metadata["labels"] == before["labels"]
    assert existing.metadata.get("annotations") == before.get("annotations")
    assert existing.names("quota,limitrange,rolebinding,netpol") == ["NetworkPolicy/theirs"]

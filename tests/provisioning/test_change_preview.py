"""A preview of a change is told object by object by the API server, and is what the run does."""

import json
from typing import Any

import pytest

from nsaas_app.domain.errors import ForbiddenError, NotFoundError, PortalError, UnavailableError
from nsaas_app.domain.requests import Phase, RequestKind
from nsaas_app.provisioning.change_preview import ChangePreview
from nsaas_app.provisioning.dry_run import DryRun, Effect
from nsaas_app.provisioning.intake import InFlightError
from nsaas_app.provisioning.reserving import WrongStateError
from nsaas_app.provisioning.verdicts import RefusedPreviewError
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.support.actors import actor
from tests.support.auditlog import portal_writes
from tests.support.controlplane import ControlPlane
from tests.support.policies import denying_network_policies
from tests.support.requests import ended, submission, submit
from tests.support.waiting import eventually_async

DEVELOPER = "frontend-dev"


async def previewed(
    portal: Runtime, name: str, patch: dict[str, Any], who: str = DEVELOPER
) -> ChangePreview:
    return await portal.change_previews.preview(name, patch, actor=actor(who))


def effects(objects: tuple[DryRun, ...]) -> dict[str, Effect]:
    return {
        f"{one.manifest['kind']}/{one.manifest['metadata']['name']}": one.effect for one in objects
    }


async def test_it_names_what_is_written_and_the_run_writes_exactly_that(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name, labels={"cost": "low"}))
    patch = {
        "tier": "medium",
        "network": {"preset": "isolated", "accept_from_gateway": True},
        "labels": {"cost": None},
    }
    before = controlplane.audit_log.stat().st_size

    preview = await previewed(portal, name, patch)

    assert portal_writes(controlplane.audit_log, since=before, about=name) == []
    assert preview.is_allowed, preview.objects
    found = effects(preview.objects)
    assert found == {
        f"Namespace/{name}": Effect.CHANGED,
        "ResourceQuota/nsaas-quota": Effect.CHANGED,
        "LimitRange/nsaas-container-defaults": Effect.CHANGED,
        "NetworkPolicy/nsaas-default-deny": Effect.UNCHANGED,
        "NetworkPolicy/nsaas-allow-same-ns": Effect.UNCHANGED,
        "NetworkPolicy/nsaas-allow-dns": Effect.UNCHANGED,
        "NetworkPolicy/nsaas-allow-monitoring": Effect.UNCHANGED,
        "NetworkPolicy/nsaas-allow-gateway": Effect.CREATED,
        "NetworkPolicy/nsaas-allow-team": Effect.REMOVED,
        "NetworkPolicy/nsaas-allow-internet": Effect.REMOVED,
    } | {one: Effect.UNCHANGED for one in found if one.startswith("RoleBinding/")}
    quota = next(one for one in preview.objects if one.manifest["kind"] == "ResourceQuota")
    told = {drift.path: (drift.observed, drift.desired) for drift in quota.differences}
    assert told["spec.hard.pods"] == ("10", "20")
    space = next(one for one in preview.objects if one.manifest["kind"] == "Namespace")
    assert {drift.path for drift in space.differences} == {
        "metadata.labels.platform.io/tier",
        "metadata.labels.platform.io/network",
        "metadata.labels.cost",
    }
    assert preview.cost.monthly > preview.cost_before.monthly
    assert (preview.after - preview.before.used).to_quantities()["requests.cpu"] == "1"

    request = await portal.changes.change(name, patch, submission())

    assert request is not None
    done = await ended(portal, request)
    assert done.phase is Phase.DONE, done.failure
    for one in preview.objects:
        there = controlplane.kubectl(
            "get", one.manifest["kind"], one.manifest["metadata"]["name"], "-n", name,
            "--ignore-not-found", "-o", "name",
        )  # fmt: skip
        assert bool(there) == (one.effect is not Effect.REMOVED), one.manifest["metadata"]
    labels = json.loads(controlplane.kubectl("get", "ns", name, "-o", "json"))["metadata"]["labels"]
    assert "cost" not in labels
    again = await previewed(portal, name, patch)
    assert again.is_same
    assert set(effects(again.objects).values()) == {Effect.UNCHANGED}


async def test_the_api_servers_no_is_told_at_its_object(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name, preset="isolated"))

    with denying_network_policies(controlplane, namespace=name):
        preview = await previewed(portal, name, {"network": {"preset": "team-shared"}})

    refused = {effect for one in preview.objects if not one.is_accepted for effect in [one.effect]}
    assert not preview.is_allowed
    assert refused == {Effect.CREATED}
    assert all(one.message for one in preview.objects if not one.is_accepted)


async def test_a_field_that_somebody_else_took_is_a_conflict_as_in_the_run(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    taken = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "nsaas-quota"},
             "spec": {"hard": {"pods": "7"}}}  # fmt: skip

    refused: list[DryRun] = []

    async def is_told() -> bool:
        controlplane.kubectl(
            "apply", "--server-side", "--force-conflicts", "--field-manager=somebody", "-n", name,
            "-f", "-", stdin=json.dumps(taken),
        )  # fmt: skip
        preview = await previewed(portal, name, {"tier": "medium"})
        quota = next(one for one in preview.objects if one.manifest["kind"] == "ResourceQuota")
        assert quota.effect is Effect.CHANGED
        # The repair of what somebody took may be the first: then there is no conflict any more.
        refused.extend([] if quota.is_accepted else [quota])
        return bool(refused)

    await eventually_async(is_told, what="a preview before the repair")
    assert "somebody" in refused[0].message


async def test_what_a_submit_would_refuse_is_refused_with_verdicts(
    portal: Runtime, name: str
) -> None:
    await ended(portal, await submit(portal, name))

    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"tier": "huge"}, "tier", "tier"),
        ({"network": {"preset": "shut"}}, "network.preset", "network"),
        ({"expires_in_days": 4000}, "expires_in_days", "lifetime"),
        ({"team": "payments"}, "team", "team"),
    ]
    for patch, field, rule in cases:
        with pytest.raises(RefusedPreviewError) as refused:
            await previewed(portal, name, patch)

        verdict = refused.value.verdicts[0]
        assert (verdict.field, verdict.rule, verdict.result) == (field, rule, "deny")
        assert refused.value.issues[0].field == field


async def test_the_right_and_the_moment_are_those_of_a_submit(portal: Runtime, name: str) -> None:
    request = await submit(portal, name)
    with pytest.raises(InFlightError):
        await previewed(portal, name, {"tier": "micro"})
    await ended(portal, request)
    with pytest.raises(NotFoundError):
        await previewed(portal, name, {"tier": "micro"}, "payments-dev")
    with pytest.raises(ForbiddenError):
        await previewed(portal, name, {"tier": "micro"}, "frontend-viewer")
    await ended(portal, await portal.changes.release(name, submission()))
    with pytest.raises(WrongStateError):
        await previewed(portal, name, {"tier": "micro"})


async def test_a_renewal_beyond_the_limit_is_announced(portal: Runtime, name: str) -> None:
    await ended(portal, await submit(portal, name, environment="staging", cost_center="cc"))

    preview = await previewed(portal, name, {"expires_in_days": 200})

    assert preview.plan.approval is not None
    assert preview.renewals == (1, 0)
    assert preview.verdicts[-1].result == "needs-approval"
    by_lead = await previewed(portal, name, {"expires_in_days": 200}, "frontend-lead")
    assert by_lead.plan.approval is None


async def test_nothing_is_tried_in_a_namespace_that_is_not_the_records(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    controlplane.kubectl("annotate", "ns", name, f"platform.io/confirm-deletion={name}")
    controlplane.kubectl("delete", "ns", name)
    controlplane.kubectl("create", "ns", name)

    preview = await previewed(portal, name, {"tier": "medium"})

    assert (preview.is_allowed, preview.objects) == (False, ())
    assert preview.verdicts[0].rule == "cluster"
    assert preview.verdicts[0].result == "deny"


async def test_without_a_cluster_there_is_no_dry_run_but_the_rest_is_known(
    settings: Settings, name: str
) -> None:
    async with serving(settings) as portal:
        await ended(portal, await submit(portal, name))
    async with serving(settings.model_copy(update={"no_cluster": True})) as portal:
        with pytest.raises(UnavailableError):
            await previewed(portal, name, {"tier": "medium"})
        known = await portal.change_previews.preview(
            name, {"tier": "medium"}, actor=actor(DEVELOPER), is_tried=False
        )
        assert known.objects == ()
        assert known.cost.monthly > known.cost_before.monthly


async def test_release_restore_and_delete_say_what_goes_and_what_comes_back(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    controlplane.kubectl("create", "deployment", "web", "-n", name, "--image=x", "--replicas=2")
    controlplane.kubectl(
        "wait", "deployment/web", "-n", name, "--for=condition=Available", "--timeout=30s"
    )
    previews, developer, lead = portal.departure_previews, actor(DEVELOPER), actor("frontend-lead")
    log = controlplane.audit_log
    before = log.stat().st_size

    release = await previews.preview(RequestKind.RELEASE, name, actor=developer)
    delete = await previews.preview(RequestKind.DELETE, name, actor=actor("admin"))

    assert release.is_allowed
    assert delete.is_allowed
    assert {one.effect for one in release.objects} == {Effect.REMOVED}
    assert {one.manifest["kind"] for one in release.objects} == {"RoleBinding"}
    assert (release.inside.deployments, release.inside.pods) == (1, 2)
    assert release.restorable_until is not None
    assert not release.needs_typing
    assert release.frees.to_quantities()["requests.cpu"] == "0"
    assert [one.manifest["kind"] for one in delete.objects] == ["Namespace"]
    assert delete.needs_typing
    assert delete.frees.to_quantities()["requests.cpu"] == "1"
    assert portal_writes(log, since=before, about=name) == []

    await ended(portal, await portal.changes.release(name, submission()))
    before = log.stat().st_size
    restore = await previews.preview(RequestKind.RESTORE, name, actor=lead)

    assert restore.is_allowed
    assert {one.effect for one in restore.objects} == {Effect.CREATED}
    assert {one.manifest["kind"] for one in restore.objects} == {"RoleBinding"}
    assert restore.restorable_until is not None
    assert portal_writes(log, since=before, about=name) == []


async def test_an_end_that_a_submit_would_refuse_is_refused(portal: Runtime, name: str) -> None:
    await ended(portal, await submit(portal, name))
    previews, lead = portal.departure_previews, actor("frontend-lead")

    with pytest.raises(WrongStateError):
        await previews.preview(RequestKind.RESTORE, name, actor=lead)
    with pytest.raises(ForbiddenError):
        await previews.preview(RequestKind.DELETE, name, actor=lead)
    with pytest.raises(RefusedPreviewError):
        await previews.preview(RequestKind.DELETE, name, actor=actor("admin"), confirm="another")


async def test_a_protected_or_production_namespace_says_what_its_end_takes(
    portal: Runtime, name: str
) -> None:
    request = await submit(
        portal, name, who="frontend-lead", environment="production", cost_center="cc"
    )
    await portal.decisions.approve(
        request.request_id, actor=actor("admin"), comment="fine", source="test"
    )
    await ended(portal, request)
    lead, previews = actor("frontend-lead"), portal.departure_previews

    release = await previews.preview(RequestKind.RELEASE, name, actor=lead)

    assert release.needs_typing
    assert release.plan.approval is not None
    with pytest.raises(ForbiddenError):
        await previews.preview(RequestKind.RELEASE, name, actor=actor(DEVELOPER))
    async with portal.database.transaction() as connection:
        await portal.stores.namespaces.change(
            connection, cluster=request.spec.cluster, name=name, is_protected=True
        )
    with pytest.raises(PortalError, match="protected"):
        await previews.preview(RequestKind.RELEASE, name, actor=lead)

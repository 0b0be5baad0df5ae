"""Giving up: access gone at once, everything kept for a while, then gone; never the wrong one."""

import json

import pytest

from nsaas_app.domain.audit import AuditFilter
from nsaas_app.domain.errors import (
    ForbiddenError,
    InvalidFieldsError,
    NameTakenError,
    NotFoundError,
)
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.requests import Phase
from nsaas_app.provisioning.changes import WrongStateError
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.requests import ended, submission, submit
from tests.support.waiting import eventually


async def test_release_takes_access_and_restore_gives_it_back(
    portal_on_both: Runtime, controlplane: ControlPlane, name: str
) -> None:
    portal, lead = portal_on_both, submission("frontend-lead")
    await ended(portal, await submit(portal, name))

    released = await ended(portal, await portal.changes.release(name, submission()))

    assert released.phase is Phase.DONE, released.failure
    row = portal.directory.row(name, actor=actor("frontend-dev"))
    assert row.state is NamespaceState.RELEASED
    assert row.restorable_until is not None
    bindings = controlplane.kubectl("get", "rolebinding", "-n", name, "-o", "name")
    assert bindings == ""
    with pytest.raises(WrongStateError):
        await portal.changes.change(name, {"tier": "micro"}, submission())
    with pytest.raises(ForbiddenError):
        await portal.changes.restore(name, submission())

    restored = await ended(portal, await portal.changes.restore(name, lead))

    assert restored.phase is Phase.DONE, restored.failure
    row = portal.directory.row(name, actor=actor("frontend-dev"))
    assert row.state is NamespaceState.ACTIVE
    assert row.restorable_until is None


async def test_deletion_needs_an_admin_and_the_typed_name_and_keeps_the_name_for_the_team(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    admin = actor("admin")

    with pytest.raises(ForbiddenError):
        await portal.changes.delete(name, submission("frontend-lead"), confirm=name)
    with pytest.raises(InvalidFieldsError, match="Type"):
        await portal.changes.delete(name, submission("admin"), confirm="another")
    request = await portal.changes.delete(name, submission("admin"), confirm=name)
    assert (await ended(portal, request)).phase is Phase.DONE

    assert controlplane.kubectl("get", "ns", name, "--ignore-not-found") == ""
    with pytest.raises(NotFoundError):
        portal.directory.row(name, actor=admin)
    use = await portal.teams.budget_use(request.team)
    assert use.namespaces == 0
    with pytest.raises(NameTakenError):
        await submit(portal, name, who="payments-dev", team="payments")
    assert (await ended(portal, await submit(portal, name))).phase is Phase.DONE


async def test_an_admins_way_past_the_grace_of_production_takes_a_second_person_and_is_told(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    made = await submit(
        portal, name, who="frontend-lead", environment="production", cost_center="cc"
    )
    admin = actor("admin")
    await portal.decisions.approve(made.request_id, actor=admin, comment="ok", source="test")
    await ended(portal, made)

    request = await portal.changes.delete(name, submission("admin"), confirm=name)

    assert request.phase is Phase.AWAITING_APPROVAL
    with pytest.raises(ForbiddenError, match="Four eyes"):
        await portal.decisions.approve(request.request_id, actor=admin, comment="", source="test")
    assert name in controlplane.kubectl("get", "ns", name, "-o", "name")
    await portal.decisions.approve(
        request.request_id, actor=actor("frontend-lead"), comment="agreed", source="test"
    )
    assert (await ended(portal, request)).phase is Phase.DONE
    assert controlplane.kubectl("get", "ns", name, "--ignore-not-found") == ""
    async with portal.database.reading() as connection:
        events = await portal.stores.audit.find(
            connection, AuditFilter(namespace=name), teams=None, limit=50
        )
    told = [(e.actor, e.action) for e in events if e.request_id == request.request_id]
    assert ("admin", "request.submit.delete") in told
    assert ("frontend-lead", "request.approve") in told


@pytest.mark.produces("UID_CHANGED")
async def test_a_recreated_namespace_survives_the_deletion_of_the_old_one(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    controlplane.kubectl("annotate", "ns", name, f"platform.io/confirm-deletion={name}")
    controlplane.kubectl("delete", "ns", name)
    controlplane.kubectl("create", "ns", name)
    uid = json.loads(controlplane.kubectl("get", "ns", name, "-o", "json"))["metadata"]["uid"]
    who = actor("frontend-dev")
    await eventually(
        lambda: portal.directory.row(name, actor=who).state is NamespaceState.MISSING,
        what="the record's namespace is missing",
    )

    request = await portal.changes.delete(name, submission("admin"), confirm=name)
    failed = await ended(portal, request)

    assert failed.phase is Phase.ROLLED_BACK
    assert failed.failure is not None
    assert failed.failure.code in ("UID_CHANGED", "ROLLBACK_PARTIAL")
    now = json.loads(controlplane.kubectl("get", "ns", name, "-o", "json"))["metadata"]
    assert now["uid"] == uid
    assert "deletionTimestamp" not in now


async def test_a_restore_touches_nothing_of_a_namespace_that_has_the_name_by_now(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    """As when a backup was put back: the same labels and objects, and another namespace."""
    await ended(portal, await submit(portal, name))
    await ended(portal, await portal.changes.release(name, submission("frontend-lead")))
    copy = json.loads(controlplane.kubectl("get", "ns", name, "-o", "json"))
    controlplane.kubectl("annotate", "ns", name, f"platform.io/confirm-deletion={name}")
    controlplane.kubectl("delete", "ns", name)
    kept = ("name", "labels", "annotations")
    copy["metadata"] = {key: copy["metadata"][key] for key in kept}
    copy["metadata"]["annotations"] = {
        key: text
        for key, text in copy["metadata"]["annotations"].items()
        if key.startswith("platform.io/")
    }
    again = {"apiVersion": "v1", "kind": "Namespace", "metadata": copy["metadata"]}
    controlplane.kubectl("create", "-f", "-", stdin=json.dumps(again))
    controlplane.kubectl("create", "deployment", "theirs", "--image=x", "--replicas=2", "-n", name)

    failed = await ended(portal, await portal.changes.restore(name, submission("frontend-lead")))

    assert failed.phase is not Phase.DONE
    theirs = json.loads(controlplane.kubectl("get", "deploy", "theirs", "-n", name, "-o", "json"))
    assert theirs["spec"]["replicas"] == 2

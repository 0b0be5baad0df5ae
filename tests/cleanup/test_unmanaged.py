"""What nobody manages: which of it can be adopted, and why the rest cannot."""

import asyncio
import json
from typing import Any

import pytest

from nsaas_app.cleanup.unmanaged import FRESH_S, Unmanaged
from nsaas_app.domain.errors import ForbiddenError
from nsaas_app.runtime import Runtime
from nsaas_app.ui.cleanup.unmanaged_rows import UnmanagedRow
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.waiting import eventually_async


async def listed(portal: Runtime, name: str) -> Unmanaged:
    """The namespace in the list, once the mirror and the list have it."""
    found: dict[str, Any] = {}

    async def is_there() -> bool:
        listing = await portal.cleanup.unmanaged.all(actor=actor("auditor"))
        found.update({one.name: one for one in listing.items})
        return name in found

    await eventually_async(is_there, within_s=30 + FRESH_S, what=f"{name} is listed")
    one: Unmanaged = found[name]
    return one


async def test_what_is_nobodys_can_be_adopted_and_what_is_marked_cannot(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    tools = f"{name}-tools"
    for one, labels in ((name, {}), (tools, {"capsule.clastix.io/tenant": "somebody"})):
        metadata = {"name": one, "labels": labels}
        manifest = json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
        await asyncio.to_thread(controlplane.kubectl, "apply", "-f", "-", stdin=manifest)

    free, held = await listed(portal, name), await listed(portal, tools)

    assert (free.obstacles, free.pods, free.is_adoptable) == ((), 0, True)
    assert free.created_at is not None
    assert UnmanagedRow.of(free).adopt_href == f"/new?from=adopt%3A{name}"
    assert "Capsule manages this namespace." in held.obstacles[0]
    assert UnmanagedRow.of(held).adopt_href == ""
    order = [one.name for one in (await portal.cleanup.unmanaged.all(actor=actor("admin"))).items]
    assert order.index(name) < order.index(tools), "what can be adopted comes first"
    assert not {"default", "kube-system", "platform-system"} & set(order), "the system's own"
    assert not any(one.startswith("nsaas-dryrun-") for one in order)


async def test_it_is_no_matter_of_a_team(portal: Runtime) -> None:
    with pytest.raises(ForbiddenError):
        await portal.cleanup.unmanaged.all(actor=actor("frontend-lead"))

"""Cleanup by the command line: whatever the page does, over REST."""

from datetime import timedelta

import pytest

from nsaas_app.domain.cleanup_plans import ActionState
from nsaas_app.runtime import Runtime
from tests.cli.conftest import DONE, Command
from tests.support.actors import actor
from tests.support.cleanup import made, remembered, swept
from tests.support.controlplane import ControlPlane
from tests.support.namespaces import create_namespace
from tests.support.waiting import eventually, eventually_async

ADMIN = "admin"


@pytest.mark.long
async def test_what_is_idle_is_seen_kept_planned_stopped_and_taken_back(
    portal: Runtime, nsaas: Command, name: str
) -> None:
    await made(portal, name)
    await remembered(portal, name, quiet_for=timedelta(days=20))
    await swept(portal)
    found = await nsaas("cleanup", "candidates", "--reason", "idle", "-o", "json", who=ADMIN)
    assert name in [one["namespace"] for one in found.document["items"]]
    why = ("--reason", "We need it for the demo.")
    assert (await nsaas("cleanup", "keep", name, *why, who="frontend-lead")).code == DONE
    assert (await nsaas("cleanup", "unkeep", name, who="frontend-lead")).code == DONE
    made_plan = await nsaas("cleanup", "plan", name, "--stage", "sleep", "-o", "json", who=ADMIN)
    plan = made_plan.document["plan_id"]
    tried = await nsaas("cleanup", "execute", plan, "--dry-run", "-o", "json", who=ADMIN)
    assert [one["would"] for one in tried.document["lines"]] == ["begin"]
    words = made_plan.document["confirm"]
    assert (await nsaas("cleanup", "execute", plan, "--confirm", words, who=ADMIN)).code == DONE

    async def is_told() -> bool:
        now = await portal.cleanup.plans.get(plan, actor=actor(ADMIN))
        return now.lines[0].actions[0].state is ActionState.DONE

    await eventually_async(is_told, within_s=60, what="people are told")
    shown = await nsaas("cleanup", "show", plan, "-o", "json", who=ADMIN)
    undo = shown.document["lines"][0]["undo"]
    assert (await nsaas("cleanup", "retry", undo, who=ADMIN)).code != DONE, "nothing failed"
    undone = await nsaas("cleanup", "undo", undo, "-o", "json", who=ADMIN)
    assert undone.document["lines"][0]["state"] == "undone"


async def test_what_is_gone_from_one_side_is_marked_and_forgotten_or_planned(
    portal: Runtime, nsaas: Command, controlplane: ControlPlane, name: str
) -> None:
    record = await made(portal, name)
    mirror = portal.mirror
    assert mirror is not None
    orphan = f"{name}-b"
    await create_namespace(mirror.cluster, orphan)
    confirm = f"platform.io/confirm-deletion={record.name}"
    controlplane.kubectl("annotate", "namespace", name, confirm)
    controlplane.kubectl("delete", "namespace", name)
    await eventually(lambda: mirror.namespaces.get(name) is None, within_s=60, what="it is gone")
    why = ("--reason", "Its cluster is rebuilt.")
    assert (await nsaas("cleanup", "mark", name, *why, who=ADMIN)).code == DONE
    assert (await nsaas("cleanup", "forget", name, "--confirm", name, who=ADMIN)).code == DONE
    planned = await nsaas("cleanup", "plan", orphan, "--stage", "delete", "-o", "json", who=ADMIN)
    assert [one["stage"] for one in planned.document["lines"][0]["actions"]] == ["delete"]

"""The check-up of a portal in trouble: what is broken is told, with what puts it right."""

import pytest

from nsaas_app.insights.policies import PolicyState
from nsaas_app.runtime import Runtime
from nsaas_app.runtime.findings import Finding, Health
from tests.support.actors import actor
from tests.support.faultproxy import FaultProxy, answer, drop_call
from tests.support.waiting import eventually_async

ADMIN = actor("admin")


async def finding(portal: Runtime, key: str, *, is_anew: bool = False) -> Finding:
    report = await portal.checkup.report(actor=ADMIN, is_anew=is_anew)
    return next(one for one in report.findings if one.key == key)


async def test_a_cluster_that_does_not_answer_is_told_and_what_was_seen_stays(
    behind: Runtime, proxy: FaultProxy
) -> None:
    before = await behind.checkup.report(actor=ADMIN)
    cut = drop_call(times=None)
    proxy.faults.append(cut)

    async def is_told() -> bool:
        return (await finding(behind, "cluster")).health is Health.BAD

    await eventually_async(is_told, within_s=60, what="the control plane is told broken")
    cluster = await finding(behind, "cluster", is_anew=True)
    assert cluster.message
    assert cluster.fix
    after = await behind.checkup.report(actor=ADMIN)
    assert after.policies == before.policies
    assert after.health is Health.BAD

    proxy.faults.remove(cut)

    async def is_well() -> bool:
        return (await finding(behind, "cluster")).health is Health.OK

    await eventually_async(is_well, within_s=60, what="it is well again")


async def test_a_policy_that_is_gone_is_told_by_name(behind: Runtime, proxy: FaultProxy) -> None:
    path = "/validatingadmissionpolicies/nsaas-guard-deletion"
    proxy.faults.append(answer(404, path=path, times=None, reason="NotFound", message="not found"))

    policies = await finding(behind, "policies", is_anew=True)

    assert policies.health is Health.BAD
    assert "nsaas-guard-deletion (missing)" in policies.message
    assert policies.fix == "kubectl apply -k apps/portal --server-side"


async def test_policies_that_may_not_be_read_are_unknown(
    behind: Runtime, proxy: FaultProxy
) -> None:
    refused = answer(
        403, path="/validatingadmissionpolic", times=None, reason="Forbidden", message="no"
    )
    proxy.faults.append(refused)
    policies = await finding(behind, "policies", is_anew=True)
    assert policies.health is Health.UNKNOWN
    assert policies.fix


async def test_a_right_that_lacks_is_told(behind: Runtime, proxy: FaultProxy) -> None:
    review = b'{"kind":"SelfSubjectRulesReview","status":{"resourceRules":[],"incomplete":false}}'
    proxy.faults.append(answer(201, path="selfsubjectrulesreviews", times=None, body=review))
    rights = await finding(behind, "rights", is_anew=True)
    assert rights.health is Health.BAD
    assert "create/patch/delete namespaces" in rights.message
    assert "ClusterRole nsaas-portal" in rights.fix


async def test_apis_that_are_not_listed_hide_neither_policies_nor_rights(
    behind: Runtime, proxy: FaultProxy
) -> None:
    before = (await behind.checkup.platform(actor=ADMIN, is_anew=True)).review
    assert before.integrations
    refused = answer(503, path=r"/apis(\?|$)", times=None, message="no APIs today")
    gone = answer(404, path="/validatingadmissionpolicies/nsaas-guard-deletion", times=None)
    proxy.faults += [refused, gone]

    review = (await behind.checkup.platform(actor=ADMIN, is_anew=True)).review

    states = {one.name: one.state for one in review.policies}
    assert states["nsaas-guard-deletion"] is PolicyState.MISSING, "seen anew"
    assert (review.trouble, bool(review.apis_trouble)) == ("", True)
    assert review.integrations == before.integrations, "with the day they were seen on"

    proxy.faults.remove(refused)
    review = (await behind.checkup.platform(actor=ADMIN, is_anew=True)).review
    assert review.apis_trouble == ""


async def test_nobody_waits_for_the_cluster_to_read_the_catalog(behind: Runtime) -> None:
    asking = behind.checkup.integrations(actor=ADMIN)
    with pytest.raises(StopIteration) as told:
        asking.send(None)  # one step, by hand
    assert told.value.value == (), "told at once, without one wait"

    async def is_known() -> bool:
        return bool(await behind.checkup.integrations(actor=ADMIN))

    await eventually_async(is_known, within_s=60, what="it is looked at meanwhile")

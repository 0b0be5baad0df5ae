"""A set of namespaces is accepted whole, once, or not at all."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import ForbiddenError, IdempotencyMismatchError, InvalidFieldsError
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.requests import Phase
from nsaas_app.domain.tiers import Tier
from nsaas_app.provisioning.sets import SetWish
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.requests import ended, submission, submit

ADMIN = actor("admin")
FRONTEND = TeamName("frontend")
ALL = ("development", "testing", "staging")


def wish(base: str, **fields: Any) -> SetWish:
    plain: dict[str, Any] = {
        "base": base, "team": "frontend", "environments": ALL, "spec": {"cost_center": "cc"},
    }  # fmt: skip
    return SetWish(**plain | fields)


async def budget_of(portal: Runtime, **changes: Any) -> None:
    team = await portal.teams.require(FRONTEND)
    budget = replace(team.budget, **changes)
    await portal.teams.put(replace(team, budget=budget), actor=ADMIN, source="test")


async def refused(portal: Runtime, asked: SetWish, **how: Any) -> dict[str, str]:
    """Fields and codes of the refusal; nothing of the set was accepted."""
    with pytest.raises(InvalidFieldsError) as refusal:
        await portal.sets.submit(asked, submission(**how))
    assert portal.requests.in_flight(actor=ADMIN) == ()
    assert not any(record.name.text.startswith(asked.base) for record in portal.directory.records())
    return {issue.field: issue.code for issue in refusal.value.issues}


async def test_a_set_is_one_namespace_in_each_environment(
    portal_on_both: Runtime, name: str
) -> None:
    portal = portal_on_both
    asked = wish(name, overrides={"staging": {"tier": "small"}, "testing": {"tier": "micro"}})

    accepted = await portal.sets.submit(asked, submission(key="a-set"))

    assert [str(one.namespace) for one in accepted] == [
        f"{name}-{s}" for s in ("dev", "test", "stg")
    ]
    assert [one.spec.tier for one in accepted] == [Tier.SMALL, Tier.MICRO, Tier.SMALL]
    assert len({one.correlation_id for one in accepted}) == 1
    for one in accepted:
        assert (await ended(portal, one)).phase is Phase.DONE
    again = await portal.sets.submit(asked, submission(key="a-set"))
    assert [one.request_id for one in again] == [one.request_id for one in accepted]
    with pytest.raises(IdempotencyMismatchError):
        await portal.sets.submit(wish(name, environments=("staging",)), submission(key="a-set"))
    with pytest.raises(IdempotencyMismatchError):
        await submit(portal, f"{name}-x", key="a-set")


async def test_the_same_set_posted_many_times_at_once_is_one_set(
    portal_on_both: Runtime, name: str
) -> None:
    portal = portal_on_both

    outcomes = await asyncio.gather(
        *(portal.sets.submit(wish(name), submission(key="once")) for _ in range(8))
    )

    ids = {tuple(one.request_id for one in outcome) for outcome in outcomes}
    assert len(ids) == 1
    for one in outcomes[0]:
        await ended(portal, one)
    use = await portal.teams.budget_use(FRONTEND)
    assert use.namespaces == 3


async def test_one_refused_member_refuses_all(portal_on_both: Runtime, name: str) -> None:
    portal = portal_on_both

    assert await refused(portal, wish(name, spec={"cost_center": ""})) == {
        "staging.cost_center": "POLICY_DENY"
    }
    assert await refused(portal, wish(name, overrides={"testing": {"tier": "large"}})) == {
        "testing.tier": "POLICY_DENY"
    }
    assert await refused(portal, wish(name, spec={"colour": "red", "cost_center": "cc"})) == {
        f"{environment}.colour": "INVALID_FIELD" for environment in ALL
    }
    use = await portal.teams.budget_use(FRONTEND)
    assert use.namespaces == 0


async def test_a_taken_name_refuses_all(portal: Runtime, name: str) -> None:
    await ended(portal, await submit(portal, f"{name}-test"))

    with pytest.raises(InvalidFieldsError) as refusal:
        await portal.sets.submit(wish(name), submission())

    issue = refusal.value.issues[0]
    assert (issue.field, issue.code) == ("testing.name", "NS_EXISTS")
    assert portal.directory.record(f"{name}-dev") is None


async def test_members_are_counted_together(portal_on_both: Runtime, name: str) -> None:
    portal = portal_on_both
    # Alone each of them fits; the third finds the budget used up by the two before.
    await budget_of(portal, namespaces=2)
    assert await refused(portal, wish(name)) == {"staging.team": "TEAM_LIMIT"}
    team = await portal.teams.require(FRONTEND)
    three_cores = replace(team.budget.resources, cpu=team.budget.resources.cpu * 0 + 3)
    await budget_of(portal, namespaces=10, resources=three_cores)
    # 1 + 1 + 2 cores.
    assert await refused(portal, wish(name)) == {"staging.tier": "TEAM_POOL"}


async def test_two_sets_that_fit_alone_and_not_together_race_for_the_budget(
    portal_on_both: Runtime, name: str
) -> None:
    portal = portal_on_both
    await budget_of(portal, namespaces=4)

    outcomes = await asyncio.gather(
        *(portal.sets.submit(wish(f"{name}-{n}"), submission()) for n in "ab"),
        return_exceptions=True,
    )

    won = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, InvalidFieldsError)]
    assert (len(won), len(lost)) == (1, 1)
    for one in won[0]:
        await ended(portal, one)
    assert (await portal.teams.budget_use(FRONTEND)).namespaces == 3


async def test_a_member_that_needs_approval_needs_a_reason_and_waits_alone(
    portal: Runtime, name: str
) -> None:
    asked = wish(name, overrides={"staging": {"tier": "large"}})

    assert await refused(portal, asked, justification="no") == {"justification": "INVALID_FIELD"}
    accepted = await portal.sets.submit(asked, submission())

    phases = {one.spec.environment: one.phase for one in accepted}
    assert phases[Environment.STAGING] is Phase.AWAITING_APPROVAL
    assert phases[Environment.TESTING] is Phase.QUEUED
    for one in accepted[:2]:
        assert (await ended(portal, one)).phase is Phase.DONE


async def test_a_set_that_means_nothing_is_told_where(portal: Runtime, name: str) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"environments": ()}, "environments"),
        ({"environments": ("development", "development")}, "environments"),
        ({"environments": ("moon",)}, "environments[0]"),
        ({"overrides": {"production": {}}}, "overrides.production"),
        ({"spec": {"name": "x"}}, "spec.name"),
        ({"overrides": {"staging": {"team": "x"}}}, "overrides.staging.team"),
        ({"base": "a" * 61}, "testing.name"),
    ]
    for fields, where in cases:
        assert where in await refused(portal, wish(**{"base": name} | fields))


async def test_who_only_reads_asks_for_no_set(portal: Runtime, name: str) -> None:
    with pytest.raises(ForbiddenError):
        await portal.sets.submit(wish(name), submission("frontend-viewer"))

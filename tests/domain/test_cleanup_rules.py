"""The rules of cleanup: what makes a candidate, what keeps hands off, and what never happens."""

import dataclasses
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from nsaas_app.domain.cleanup import Confidence, Impact, Reason, Stage
from nsaas_app.domain.cleanup_plans import LineState, line_of, objection, path_of
from nsaas_app.domain.cleanup_rules import Sighting, candidate_of
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import is_reserved
from nsaas_app.domain.namespaces import NamespaceState
from tests.support.cleanup import observed, sighting, sightings
from tests.support.specs import NOW

AGES_AGO = NOW - timedelta(days=100)
SIGNALS = ("pods_gone_since", "workloads_changed_at", "event_at")
QUIET: dict[str, Any] = dict.fromkeys(SIGNALS, AGES_AGO)
IDLE = observed(**QUIET)


def reasons(seen: Sighting) -> tuple[Reason, ...]:
    found = candidate_of(seen, now=NOW)
    return found.reasons if found else ()


def test_a_namespace_in_use_is_no_candidate() -> None:
    assert candidate_of(sighting(), now=NOW) is None


@pytest.mark.parametrize("signal", QUIET)
def test_one_signal_alone_says_nothing(signal: str) -> None:
    alone: dict[str, Any] = {signal: AGES_AGO}
    assert not reasons(sighting(observed=observed(**alone)))


def test_a_service_that_runs_well_or_changes_daily_is_never_idle() -> None:
    assert not reasons(sighting(observed=replace(IDLE, pods_gone_since=None)))
    assert not reasons(sighting(observed=replace(IDLE, workloads_changed_at=NOW)))
    assert not reasons(sighting(observed=IDLE, impact=Impact(pods=1))), "since the last sweep"


def test_what_runs_is_idle_only_where_it_is_measured_to_do_nothing() -> None:
    low = replace(IDLE, pods_gone_since=None, low_use_since=AGES_AGO, use="1m of 500m CPU (0.2%)")
    found = candidate_of(sighting(observed=low, impact=Impact(pods=2)), now=NOW)
    assert found is not None
    assert {one.signal: one.value for one in found.evidence} == {
        "no-workload-change": "no workload changed for 100 d",
        "no-events": "no event, Lease or scheduled run for 100 d",
        "low-use": "uses 1m of 500m CPU (0.2%) for 100 d",
    }
    for busy in ({"low_use_since": NOW}, {"workloads_changed_at": NOW}):
        fields: dict[str, Any] = busy
        assert not reasons(sighting(observed=replace(low, **fields), impact=Impact(pods=2)))


def test_events_that_nobody_can_read_are_no_signal() -> None:
    for blind in ({"watched_at": AGES_AGO}, {"signs_since": None}, {"signs_since": NOW}):
        fields: dict[str, Any] = blind
        found = candidate_of(sighting(observed=replace(IDLE, **fields)), now=NOW)
        assert found is not None
        assert [one.signal for one in found.evidence] == ["no-running-pods", "no-workload-change"]


def test_two_signals_are_likely_and_three_are_strong() -> None:
    two = candidate_of(sighting(observed=replace(IDLE, event_at=NOW)), now=NOW)
    three = candidate_of(sighting(observed=IDLE), now=NOW)
    assert two is not None
    assert three is not None
    assert [one.signal for one in two.evidence] == ["no-running-pods", "no-workload-change"]
    assert (two.confidence, three.confidence) == (Confidence.LIKELY, Confidence.STRONG)
    assert all(one.since == AGES_AGO and one.threshold == "14 d" for one in three.evidence)


@pytest.mark.parametrize(
    ("environment", "days"),
    [(Environment.TESTING, 7), (Environment.DEVELOPMENT, 14), (Environment.STAGING, 30)],
)
def test_each_environment_has_its_own_patience(environment: Environment, days: int) -> None:
    def after(span: timedelta) -> tuple[Reason, ...]:
        quiet: dict[str, Any] = dict.fromkeys(QUIET, NOW - span)
        return reasons(sighting(environment=environment, observed=observed(**quiet)))

    assert after(timedelta(days=days)) == (Reason.IDLE,)
    assert after(timedelta(days=days, seconds=-1)) == ()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"expires_at": NOW}, Reason.EXPIRED),
        ({"state": None}, Reason.ORPHAN),
        ({"state": NamespaceState.MISSING, "is_managed": False}, Reason.MISSING),
        ({"state": NamespaceState.FAILED, "is_leftover": True}, Reason.FAILED),
        ({"is_stuck": True, "terminating_since": AGES_AGO}, Reason.STUCK),
        ({"observed": observed(owner_gone_since=NOW)}, Reason.OWNER_GONE),
        ({"observed": observed(full_since={"pods": AGES_AGO})}, Reason.OVER_QUOTA),
    ],
)
def test_every_other_reason_needs_one_fact(fields: dict[str, object], reason: Reason) -> None:
    found = candidate_of(sighting(**fields), now=NOW)
    assert found is not None
    assert found.reasons == (reason,)
    assert found.confidence is Confidence.CERTAIN
    assert found.evidence[0].seen_at == NOW


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"is_protected": True}, "protected"),
        ({"kept": "demo on Friday"}, "kept"),
        ({"environment": Environment.PRODUCTION}, "report-only"),
        ({"sleeps_by_schedule": True}, "sleep-schedule"),
        ({"cron_job": "nightly at 03:00"}, "cron-job"),
        ({"observed": replace(IDLE, claims_changed_at=NOW)}, "volume"),
    ],
)
def test_an_exclusion_is_shown_and_stops_every_stage(fields: dict[str, object], code: str) -> None:
    found = candidate_of(sighting(**{"observed": IDLE} | fields), now=NOW)
    assert found is not None
    assert [one.code for one in found.exclusions] == [code]
    assert not found.grounds
    line = line_of("x", found, plan_id="p", position=0, target=Stage.NOTIFY)
    assert (line.state, line.actions) == (LineState.SKIPPED, ())
    assert line.reason == found.exclusions[0].message


def test_idleness_that_is_excluded_leaves_other_reasons_standing() -> None:
    found = candidate_of(sighting(observed=IDLE, cron_job="nightly", expires_at=NOW), now=NOW)
    assert found is not None
    assert found.grounds == {Reason.EXPIRED}


@pytest.mark.parametrize(
    ("reason", "target", "path"),
    [
        (Reason.IDLE, Stage.REVOKE, (Stage.NOTIFY, Stage.SLEEP, Stage.REVOKE)),
        (Reason.EXPIRED, Stage.DELETE, tuple(Stage)),
        (Reason.ORPHAN, Stage.DELETE, (Stage.DELETE,)),
        (Reason.ORPHAN, Stage.SLEEP, ()),
        (Reason.OVER_QUOTA, Stage.DELETE, ()),
        (Reason.STUCK, Stage.NOTIFY, ()),
        (Reason.MISSING, Stage.DELETE, ()),
    ],
)
def test_a_reason_justifies_only_so_much(
    reason: Reason, target: Stage, path: tuple[Stage, ...]
) -> None:
    assert path_of([reason], target) == path


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"uid": "u-2", "observed": observed("u-2", **QUIET)}, "uid changed"),
        ({"observed": observed()}, "Nothing speaks"),
        ({"observed": IDLE, "is_protected": True}, "protected"),
        ({"observed": observed(), "expires_at": NOW}, "holds no more: idle"),
    ],
)
def test_a_line_is_held_against_the_moment(fields: dict[str, object], words: str) -> None:
    then = candidate_of(sighting(observed=IDLE), now=NOW)
    line = line_of("x", then, plan_id="p", position=0, target=Stage.DELETE)
    assert objection(line, then, Stage.DELETE) == ""
    moment = candidate_of(sighting(**fields), now=NOW)
    assert words in objection(line, moment, Stage.DELETE)


FAIR: tuple[dict[str, Any], ...] = (
    {"observed": IDLE},
    {"expires_at": NOW},
    {"state": None},
    {"state": NamespaceState.FAILED, "is_leftover": True},
    {"observed": observed(owner_gone_since=NOW)},
)
"""Namespaces that a plan may delete."""


@st.composite
def moments(draw: st.DrawFn) -> tuple[Sighting, Sighting]:
    """A namespace when a plan was made, and what is there later: a little of it is otherwise."""
    fair = sighting(**draw(st.sampled_from(FAIR)))
    fields = [field.name for field in dataclasses.fields(Sighting) if field.name != "cluster"]
    # What was observed holds every signal: it is where most can go wrong.
    fields += ["observed"] * 10

    def disturbed(seen: Sighting) -> Sighting:
        other = draw(sightings)
        changed = draw(st.sets(st.sampled_from(fields), max_size=2))
        values: dict[str, Any] = {field: getattr(other, field) for field in changed}
        return replace(seen, **values)

    then = disturbed(fair)
    return then, disturbed(then)


@settings(max_examples=600, deadline=None)
@given(moments(), st.sampled_from(Stage))
def test_never_what_the_rules_forbid(pair: tuple[Sighting, Sighting], target: Stage) -> None:
    then, seen = pair
    line = line_of("x", candidate_of(then, now=NOW), plan_id="p", position=0, target=target)
    found = candidate_of(seen, now=NOW)
    may_begin = bool(line.actions) and not objection(line, found, target)
    event(f"may begin: {may_begin}")
    if not may_begin:
        return
    assert found is not None
    assert not is_reserved(seen.name)
    assert seen.is_managed
    assert not seen.is_protected
    assert not seen.kept
    assert line.uid == seen.uid == then.uid
    if found.grounds == {Reason.IDLE}:
        quiet = [one for one in found.evidence if one.reason is Reason.IDLE]
        assert len({one.source for one in quiet}) >= 2
        assert seen.environment is not Environment.PRODUCTION
        assert not seen.cron_job

"""Observations: since when a namespace is quiet, folded from look to look."""

from dataclasses import replace
from datetime import datetime, timedelta

from nsaas_app.domain.observation import GAP, Observation, Present, observe
from tests.support.specs import NOW

HOUR = timedelta(hours=1)
QUIET = Present(
    uid="u-1",
    state="active",
    running_pods=0,
    last_pod_at=None,
    workloads="a",
    workloads_at=NOW - 10 * HOUR,
    claims="",
    claims_at=None,
    event_at=None,
    full=frozenset(),
    is_owner_gone=False,
)


def folded(*looks: tuple[datetime, Present]) -> Observation:
    seen: Observation | None = None
    for at, present in looks:
        seen = observe(seen, present, now=at)
    assert seen is not None
    return seen


def test_quiet_counts_from_the_first_look_without_pods() -> None:
    busy = replace(QUIET, running_pods=2)
    seen = folded((NOW, busy), (NOW + HOUR, QUIET), (NOW + 2 * HOUR, QUIET))
    assert seen.pods_gone_since == NOW + HOUR
    assert folded((NOW, QUIET), (NOW + HOUR, busy)).pods_gone_since is None


def test_a_pod_between_two_looks_counts() -> None:
    came_and_went = replace(QUIET, last_pod_at=NOW + 90 * timedelta(minutes=1))
    seen = folded((NOW, QUIET), (NOW + 2 * HOUR, came_and_went))
    assert seen.pods_gone_since == came_and_went.last_pod_at


def test_what_nobody_saw_counts_as_having_happened() -> None:
    late = NOW + GAP + HOUR
    assert folded((NOW, QUIET), (late, QUIET)).pods_gone_since == late


def test_a_change_of_a_workload_is_seen_and_the_portals_own_is_not() -> None:
    changed = replace(QUIET, workloads="b")
    assert folded((NOW, QUIET)).workloads_changed_at == NOW - 10 * HOUR
    assert folded((NOW, QUIET), (NOW + HOUR, changed)).workloads_changed_at == NOW + HOUR
    asleep = replace(changed, state="sleeping")
    assert folded((NOW, QUIET), (NOW + HOUR, asleep)).workloads_changed_at == NOW - 10 * HOUR


def test_another_uid_is_another_namespace() -> None:
    later = NOW + HOUR
    seen = folded((NOW, QUIET), (later, replace(QUIET, uid="u-2")))
    assert (seen.first_at, seen.pods_gone_since) == (later, later)


def test_full_and_ownerless_are_remembered_from_their_first_sight() -> None:
    bad = replace(QUIET, full=frozenset({"pods"}), is_owner_gone=True)
    seen = folded((NOW, bad), (NOW + HOUR, bad))
    assert (dict(seen.full_since), seen.owner_gone_since) == ({"pods": NOW}, NOW)
    well = folded((NOW, bad), (NOW + HOUR, QUIET))
    assert (dict(well.full_since), well.owner_gone_since) == ({}, None)

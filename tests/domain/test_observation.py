"""Observations: since when a namespace is quiet, folded from look to look."""

from dataclasses import replace
from datetime import datetime, timedelta

from nsaas_app.domain.observation import (
    GAP,
    Observation,
    Present,
    Use,
    no_events_since,
    observe,
    quiet_since,
)
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
        seen = observe(seen, present, now=at, blind_after=4 * HOUR)
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


def test_an_event_is_use_and_what_follows_from_the_portals_own_acts_is_not() -> None:
    then = NOW + HOUR
    busy = replace(QUIET, event_at=then)
    assert folded((NOW, QUIET), (then, busy)).event_at == then
    asleep = replace(busy, state="sleeping")
    # Putting to sleep leaves events behind, which are seen again and again while they live.
    seen = folded((NOW, QUIET), (then, asleep), (then + HOUR, asleep))
    assert seen.event_at is None
    later = replace(asleep, event_at=then + 90 * timedelta(minutes=1))
    assert folded((NOW, QUIET), (then, asleep), (then + 2 * HOUR, later)).event_at == later.event_at


def test_low_use_counts_while_somebody_measures_it() -> None:
    low = replace(QUIET, running_pods=1, use=Use(0.001, 0.5, NOW))
    seen = folded((NOW, low), (NOW + HOUR, low))
    assert (seen.low_use_since, seen.use) == (NOW, "1m of 500m CPU (0.2%)")
    for other in (replace(low, use=Use(0.4, 0.5, NOW)), replace(low, use=None)):
        assert folded((NOW, low), (NOW + HOUR, other)).low_use_since is None
    assert not Use(0, 0, NOW).is_low, "who requests nothing says nothing of what is little"


def test_nobody_uses_it_since_the_newest_sign_of_somebody() -> None:
    woken = [(NOW, replace(QUIET, state="sleeping")), (NOW + HOUR, QUIET)]
    assert quiet_since(folded((NOW, QUIET))) == NOW, "nobody looked before"
    assert quiet_since(folded(*woken)) == NOW + HOUR, "waking it is use"
    used = replace(QUIET, use=Use(1, 1, NOW + 2 * HOUR))
    assert quiet_since(folded(*woken, (NOW + 2 * HOUR, used))) == NOW + 2 * HOUR
    changed = replace(QUIET, workloads="b")
    assert quiet_since(folded(*woken, (NOW + 3 * HOUR, changed))) == NOW + 3 * HOUR


def test_what_runs_is_quiet_only_while_it_is_measured_to_do_nothing() -> None:
    runs = replace(QUIET, running_pods=1)
    low, busy = replace(runs, use=Use(0, 1, NOW)), replace(runs, use=Use(1, 1, NOW))
    assert quiet_since(folded((NOW, runs), (NOW + HOUR, runs))) is None, "nobody measures it"
    assert quiet_since(folded((NOW, low), (NOW + HOUR, busy))) is None
    assert quiet_since(folded((NOW, low), (NOW + HOUR, low))) == NOW
    assert quiet_since(folded((NOW, runs), (NOW + HOUR, low))) == NOW + HOUR


def test_time_that_nobody_watched_is_not_quiet() -> None:
    early, late = NOW + 4 * HOUR, NOW + 5 * HOUR
    assert quiet_since(folded((NOW, QUIET), (early, QUIET))) == NOW
    assert quiet_since(folded((NOW, QUIET), (late, QUIET))) == late
    assert quiet_since(folded((NOW, QUIET), (late, QUIET), (late + HOUR, QUIET))) == late


def test_while_signs_of_life_cannot_be_read_nobody_can_tell() -> None:
    blind = replace(QUIET, are_signs_read=False)
    never = folded((NOW, blind), (NOW + HOUR, blind))
    assert (quiet_since(never), no_events_since(never)) == (None, None)
    looks = [(NOW + hours * HOUR, blind) for hours in range(1, 40)]
    lost = folded((NOW, QUIET), *looks[:2])
    assert (quiet_since(lost), no_events_since(lost)) == (None, None)
    back = folded((NOW, QUIET), *looks[:2], (NOW + 3 * HOUR, QUIET))
    assert (quiet_since(back), no_events_since(back)) == (NOW, NOW), "it was but a moment"
    later = NOW + 6 * HOUR
    back = folded((NOW, QUIET), *looks[:5], (later, QUIET))
    assert (quiet_since(back), no_events_since(back)) == (later, NOW)
    later = NOW + 40 * HOUR
    back = folded((NOW, QUIET), *looks, (later, QUIET))
    assert (quiet_since(back), no_events_since(back)) == (later, later), "it was a day and more"

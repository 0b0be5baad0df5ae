"""The directory: rows from records and events, seen by those who may, at a cost that stays."""

import time
from datetime import timedelta

import pytest

from nsaas_app.cluster.objects import Metadata, NetworkPolicy
from nsaas_app.directory.directory import Directory
from nsaas_app.directory.hub import NAMESPACES, namespace_topic
from nsaas_app.directory.query import Liveness, RowQuery
from nsaas_app.domain.actors import Actor
from nsaas_app.domain.drift import DriftItem, Remedy
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import NotFoundError
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.namespaces import Intent, NamespaceState
from nsaas_app.insights.workloads import WorkloadReports
from tests.directory.samples import (
    ADMIN,
    AUDITOR,
    FRONTEND,
    NOBODY,
    PAYMENTS,
    Desk,
    deployment,
    member,
    namespace,
    quota,
    record,
    request,
)

EVERYTHING = RowQuery(limit=10_000)
DRIFT = DriftItem("NetworkPolicy/x", "spec", {}, None, Remedy.AUTOMATIC)


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.sync()
    return made


def names(desk: Desk, actor: Actor = ADMIN) -> list[str]:
    return [row.name for row in desk.directory.find(EVERYTHING, actor=actor).items]


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (ADMIN, ["f1", "f2", "p1"]),
        (AUDITOR, ["f1", "f2", "p1"]),
        (member(FRONTEND), ["f1", "f2"]),
        (member(PAYMENTS), ["p1"]),
        (member(FRONTEND, PAYMENTS), ["f1", "f2", "p1"]),
        (member(TeamName("third")), []),
        (NOBODY, []),
    ],
)
def test_rows_of_other_teams_are_seen_nowhere(desk: Desk, actor: Actor, seen: list[str]) -> None:
    desk.put(record("f1"), record("f2"), record("p1", team=PAYMENTS))
    desk.mirror.workloads.deployments.put(deployment("web", "p1"))
    workloads = WorkloadReports(directory=desk.directory, mirror=desk.mirror)
    page = desk.directory.find(EVERYTHING, actor=actor)
    assert [row.name for row in page.items] == seen
    assert (page.total, page.all) == (len(seen), len(seen))
    assert sum(page.facets["team"].values()) == len(seen)
    assert sum(page.facets["state"].values()) == len(seen)
    summary = desk.directory.summary(actor=actor)
    assert summary.namespaces == len(seen)
    assert summary.active_deployments == ("p1" in seen)
    for name in ("f1", "f2", "p1"):
        if name in seen:
            assert desk.directory.row(name, actor=actor).name == name
            assert workloads.report(name, actor=actor).workloads_total == (name == "p1")
        else:
            with pytest.raises(NotFoundError):
                desk.directory.row(name, actor=actor)
            with pytest.raises(NotFoundError):
                workloads.report(name, actor=actor)


def test_what_is_not_there_is_refused_in_the_same_words_as_what_is_not_yours(desk: Desk) -> None:
    desk.put(record("p1", team=PAYMENTS))
    said = set()
    for name in ("p1", "p2"):
        with pytest.raises(NotFoundError) as caught:
            desk.directory.row(name, actor=member(FRONTEND))
        said.add(str(caught.value).replace(name, "NAME"))
    assert len(said) == 1


def test_a_name_that_changes_hands_is_lost_to_the_old_team(desk: Desk) -> None:
    desk.put(record("shop"))
    desk.directory.put_record(record("shop", team=PAYMENTS, request_id="r-2"))
    assert names(desk, member(FRONTEND)) == []
    assert names(desk, member(PAYMENTS)) == ["shop"]
    changes, _ = desk.feed.since(100)
    assert {change.team for change in changes[1:]} == {FRONTEND, PAYMENTS}
    desk.directory.put_record(record("shop", team=PAYMENTS, intent=Intent.DELETED))
    assert names(desk) == names(desk, member(FRONTEND)) == names(desk, member(PAYMENTS)) == []


def test_a_record_that_moves_while_it_ends_leaves_no_trace_in_either_team(desk: Desk) -> None:
    desk.put(record("shop"))
    desk.directory.put_record(record("shop", team=PAYMENTS, intent=Intent.DELETED))
    assert names(desk, member(FRONTEND, PAYMENTS)) == []


def test_an_object_without_a_record_is_no_row(desk: Desk) -> None:
    desk.mirror.namespaces.put(namespace("kube-system"))
    desk.mirror.quotas.put(quota("q", "orphan", used={}, hard={"pods": "1"}))
    assert names(desk) == []
    assert desk.directory.is_taken("kube-system") == ""


def test_a_name_is_held_by_its_record_or_its_object_until_it_goes_away(desk: Desk) -> None:
    directory, deleted = desk.directory, "2030-01-01T00:00:00Z"
    desk.put(record("shop"))
    assert directory.is_taken("shop") == "frontend"
    assert directory.is_taken("free") is None
    directory.put_record(record("shop", intent=Intent.DELETED))
    assert directory.is_taken("shop") == ""
    desk.mirror.namespaces.put(namespace("shop", uid="u-shop", deletion_timestamp=deleted))
    assert directory.is_taken("shop") is None
    directory.put_record(record("shop", intent=Intent.FAILED))
    assert directory.is_taken("shop") is None
    directory.put_record(record("shop", intent=Intent.RELEASED))
    assert directory.is_taken("shop") == "frontend"


def test_a_failed_record_is_a_row_while_its_object_is_there(desk: Desk) -> None:
    desk.put(record("shop", intent=Intent.FAILED))
    assert names(desk) == ["shop"]
    desk.mirror.namespaces.drop(("", "shop"))
    assert names(desk) == []


def test_totals_count_namespaces_that_are_there(desk: Desk) -> None:
    desk.put(
        record("a"),
        record("b", intent=Intent.RELEASED),
        record("c", intent=Intent.CHANGING),
        record("d", intent=Intent.PROVISIONING),
        record("e", intent=Intent.DELETING),
        record("f", intent=Intent.FAILED),
    )
    desk.directory.put_record(record("gone"))
    desk.mirror.workloads.deployments.put(deployment("up", "a"))
    desk.mirror.workloads.deployments.put(deployment("down", "a", available=0))
    desk.mirror.workloads.deployments.put(deployment("up", "d"))
    desk.board.put(request("r1"))
    summary = desk.directory.summary(actor=ADMIN)
    assert (summary.namespaces, summary.active_deployments) == (3, 1)
    assert (summary.n, summary.success_rate) == (1, 1.0)
    assert desk.directory.count_states() == {
        ("development", "active"): 1,
        ("development", "released"): 1,
        ("development", "changing"): 1,
        ("development", "provisioning"): 1,
        ("development", "terminating"): 1,
        ("development", "failed"): 1,
        ("development", "missing"): 1,
    }


def test_before_the_first_list_nothing_is_missing(desk: Desk) -> None:
    early = Desk()
    early.directory.put_record(record("shop"))
    assert early.directory.row("shop", actor=ADMIN).state is NamespaceState.UNKNOWN
    assert early.directory.summary(actor=ADMIN).namespaces is None
    early.sync()
    assert early.directory.row("shop", actor=ADMIN).state is NamespaceState.MISSING


@pytest.mark.parametrize("others", [10, 1000])
def test_an_event_costs_one_row_however_many_there_are(desk: Desk, others: int) -> None:
    desk.put(*(record(f"n{n}") for n in range(others)))
    before, published = desk.asked, desk.hub.versions([NAMESPACES])
    for used in ("1", "2", "3"):
        desk.mirror.quotas.put(quota("q", "n5", used={"pods": used}, hard={"pods": "10"}))
    assert desk.asked - before == 3
    assert desk.hub.versions([NAMESPACES]) == {NAMESPACES: published[NAMESPACES] + 3}
    before = desk.asked
    desk.mirror.quotas.put(quota("q", "not-managed", used={"pods": "1"}, hard={"pods": "10"}))
    assert desk.asked == before


def test_an_event_that_changes_no_row_wakes_only_who_looks_at_the_namespace(desk: Desk) -> None:
    desk.put(record("a"), record("b"))
    topics = [NAMESPACES, namespace_topic("a"), namespace_topic("b")]
    before, last = desk.hub.versions(topics), desk.feed.last_id
    desk.mirror.policies.put(NetworkPolicy(metadata=Metadata(name="x", namespace="a", uid="u-x")))
    moved = {topic for topic, n in desk.hub.versions(topics).items() if n > before[topic]}
    assert moved == {namespace_topic("a")}
    assert desk.feed.last_id == last
    assert [each.metadata.name for each in desk.mirror.policies.in_namespace("a")] == ["x"]


def test_time_alone_changes_a_row_when_its_moment_comes(desk: Desk) -> None:
    desk.put(record("shop", spec={"expires_at": desk.now + timedelta(days=8)}))
    assert desk.directory.row("shop", actor=ADMIN).health.reasons == ()
    desk.now += timedelta(days=2)
    desk.directory.refresh_due()
    reasons = desk.directory.row("shop", actor=ADMIN).health.reasons
    assert [reason.code for reason in reasons] == ["expiring"]


def test_drift_shows_until_it_is_gone_and_goes_with_its_namespace(desk: Desk) -> None:
    desk.put(record("shop"))
    desk.directory.set_drift("shop", (DRIFT,))
    assert desk.directory.row("shop", actor=ADMIN).drift == (DRIFT,)
    assert desk.directory.find(RowQuery(health=frozenset({"drifted"})), actor=ADMIN).total == 1
    desk.directory.put_record(record("shop", intent=Intent.DELETED))
    assert desk.directory.drift_of("shop") == ()


def test_listeners_hear_of_every_record(desk: Desk) -> None:
    heard: list[str] = []
    desk.directory.listen_records(heard.append)
    desk.put(record("shop"))
    desk.directory.put_record(record("shop"))
    assert heard == ["shop", "shop"]
    assert desk.directory.record("shop") == record("shop")
    desk.directory.put_record(record("shop", intent=Intent.DELETED))
    assert desk.directory.record("shop") is None


def test_without_a_cluster_records_are_shown_and_the_picture_is_stale(desk: Desk) -> None:
    alone = Directory(
        hub=desk.hub, feed=desk.feed, mirror=None, board=desk.board, clock=lambda: desk.now
    )
    alone.put_record(record("shop"))
    assert alone.row("shop", actor=ADMIN).state is NamespaceState.UNKNOWN
    inside = WorkloadReports(directory=alone, mirror=None).report("shop", actor=ADMIN)
    assert inside.workloads == ()
    assert alone.summary(actor=ADMIN).active_deployments is None
    assert alone.freshness().liveness is Liveness.STALE
    assert not alone.has_synced


@pytest.mark.parametrize(
    ("age", "liveness"), [(0, "live"), (5, "live"), (6, "delayed"), (30, "delayed"), (31, "stale")]
)
def test_the_picture_is_as_fresh_as_its_oldest_part(age: int, liveness: str) -> None:
    desk = Desk()
    assert desk.directory.freshness().liveness is Liveness.DELAYED
    for reflector in desk.mirror.reflectors:
        reflector.last_contact = desk.now.timestamp()
    desk.mirror.reflectors[3].last_contact -= age
    freshness = desk.directory.freshness()
    assert freshness.liveness.value == liveness
    assert freshness.as_of == desk.now - timedelta(seconds=age)


async def test_until_every_row_shows_the_cluster_nothing_is_counted_and_nothing_is_live() -> None:
    desk = Desk()
    desk.put(record("shop"))
    assert desk.directory.summary(actor=ADMIN).namespaces is None
    for reflector in desk.mirror.reflectors:
        reflector.last_contact = desk.now.timestamp()
        reflector.synced.set()
    assert desk.directory.summary(actor=ADMIN).namespaces is None
    assert desk.directory.freshness().liveness is Liveness.DELAYED
    await desk.directory.refresh_all()
    assert desk.directory.summary(actor=ADMIN).namespaces == 1
    assert desk.directory.freshness().liveness is Liveness.LIVE


def test_environments_are_told_apart(desk: Desk) -> None:
    desk.put(record("a"), record("b", spec={"environment": Environment.PRODUCTION}))
    page = desk.directory.find(RowQuery(environments=frozenset({"production"})), actor=ADMIN)
    assert [row.name for row in page.items] == ["b"]


def test_a_list_takes_no_longer_for_what_other_teams_have() -> None:
    own = [record(f"f{number}") for number in range(5)]
    alone, crowded = Desk(), Desk()
    alone.put(*own)
    crowded.put(*own, *(record(f"p{number}", team=PAYMENTS) for number in range(1000)))

    def fastest(desk: Desk) -> float:
        def once() -> float:
            began = time.perf_counter()
            desk.directory.find(EVERYTHING, actor=member(FRONTEND))
            return time.perf_counter() - began

        return min(once() for _ in range(50))

    assert names(crowded, member(FRONTEND)) == names(alone, member(FRONTEND))
    assert fastest(crowded) < 4 * fastest(alone)


def test_a_record_that_came_during_a_read_is_not_undone_by_it(desk: Desk) -> None:
    desk.put(record("f1", intent=Intent.CHANGING))
    begun = desk.directory.arrivals.moment
    desk.directory.put_record(record("f1"))

    desk.directory.put_read(record("f1", intent=Intent.CHANGING), begun=begun)
    assert desk.directory.row("f1", actor=ADMIN).state is NamespaceState.ACTIVE

    released = record("f1", intent=Intent.RELEASED)
    desk.directory.put_read(released, begun=desk.directory.arrivals.moment)
    assert desk.directory.row("f1", actor=ADMIN).state is NamespaceState.RELEASED

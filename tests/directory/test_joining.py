"""Joining a record with what the cluster shows: state, quota, health."""

from datetime import timedelta

import pytest

from nsaas_app.directory.joining import health_of, quota_of, row_of, state_of
from nsaas_app.directory.rows import NamespaceRow, QuotaUse
from nsaas_app.domain.drift import DriftItem, Remedy
from nsaas_app.domain.namespaces import Intent, NamespaceState
from tests.directory.samples import deployment, namespace, quota, record, row
from tests.support.specs import NOW

RFC3339 = "%Y-%m-%dT%H:%M:%SZ"


def state(
    intent: Intent, *, uid: str = "u-shop", seen: str = "", minutes: int = -1, **how: bool
) -> str:
    """State of a record with a uid, when an object of another uid is seen, or one being deleted."""
    deleted = (NOW - timedelta(minutes=minutes)).strftime(RFC3339) if minutes >= 0 else None
    item = namespace("shop", uid=seen, deletion_timestamp=deleted) if seen else None
    held = record("shop", intent=intent, uid=uid)
    return state_of(held, item, has_synced=how.get("has_synced", True), now=NOW).value


@pytest.mark.parametrize(
    ("intent", "there", "gone"),
    [
        (Intent.PROVISIONING, "provisioning", "provisioning"),
        (Intent.ACTIVE, "active", "missing"),
        (Intent.CHANGING, "changing", "missing"),
        (Intent.RELEASED, "released", "missing"),
        (Intent.DELETING, "terminating", "terminating"),
        (Intent.FAILED, "failed", "failed"),
        (Intent.DELETED, "deleted", "deleted"),
    ],
)
def test_the_state_is_what_is_wanted_where_it_is_there(
    intent: Intent, there: str, gone: str
) -> None:
    assert state(intent, seen="u-shop") == there
    assert state(intent) == gone
    assert state(intent, seen="u-other") == gone


def test_every_intent_has_a_state_before_anything_was_listed() -> None:
    for intent in Intent:
        early = state(intent, has_synced=False)
        assert early == ("unknown" if intent is Intent.ACTIVE else state(intent, seen="u-shop"))


def test_an_object_without_a_known_uid_is_ours() -> None:
    assert state(Intent.ACTIVE, uid="", seen="whatever") == "active"


def test_a_deletion_shows_whatever_is_wanted_and_is_stuck_after_a_quarter_of_an_hour() -> None:
    for intent in (Intent.ACTIVE, Intent.RELEASED, Intent.DELETING):
        assert state(intent, seen="u-shop", minutes=0) == "terminating"
        assert state(intent, seen="u-shop", minutes=15) == "terminating"
        assert state(intent, seen="u-shop", minutes=16) == "stuck"


def test_the_deletion_of_somebody_elses_object_is_not_ours() -> None:
    assert state(Intent.ACTIVE, seen="u-other", minutes=20) == "missing"


def test_quota_is_told_by_resource_the_tightest_where_two_name_it() -> None:
    ours = quota("nsaas-quota", "shop", used={"pods": "4"}, hard={"pods": "10", "services": "5"})
    extra = quota("extra", "shop", used={"pods": "4"}, hard={"pods": "5", "services": "2"})
    for quotas in ([ours, extra], [extra, ours]):
        assert quota_of(quotas) == {"pods": QuotaUse("4", "5"), "services": QuotaUse("0", "2")}
    assert quota_of([]) == {}


@pytest.mark.parametrize(
    ("used", "hard", "ratio"),
    [
        ("500m", "1", 0.5),
        ("900Mi", "1Gi", 900 / 1024),
        ("0", "0", 0.0),
        ("1", "0", 1.0),
        ("3", "2", 1.5),
        ("1", "1e30", 1 / (2**63 - 1)),
    ],
)
def test_use_is_a_ratio_by_value(used: str, hard: str, ratio: float) -> None:
    assert QuotaUse(used, hard).ratio == pytest.approx(ratio)


def joined(**fields: object) -> NamespaceRow:
    plain: dict[str, object] = {
        "seen": namespace("shop", labels={"a": "1"}),
        "quotas": [quota("q", "shop", used={"pods": "1"}, hard={"pods": "10"})],
        "deployments": [
            deployment("up", "shop"),
            deployment("down", "shop", available=0),
            deployment("off", "shop", replicas=0, available=0),
            deployment("default", "shop", replicas=None),
        ],
        "has_synced": True,
        "now": NOW,
    }
    return row_of(record("shop"), **plain | fields)  # type: ignore[arg-type] # mixed on purpose


def test_a_row_counts_wanted_deployments_and_those_available() -> None:
    made = joined()
    assert (made.deployments, made.active_deployments) == (3, 2)
    assert made.labels == {"a": "1"}
    assert made.uid == "u-shop"


def test_what_took_the_name_of_a_lost_namespace_is_not_shown_as_ours() -> None:
    made = joined(seen=namespace("shop", uid="u-other", labels={"evil": "yes"}))
    assert made.state is NamespaceState.MISSING
    assert made.uid == "u-shop"
    assert (made.quota, made.deployments, made.labels) == ({}, 0, {})


def codes(made: NamespaceRow) -> list[str]:
    return [reason.code for reason in health_of(made, now=NOW).reasons]


DRIFT = DriftItem("NetworkPolicy/nsaas-default-deny", "spec", {}, None, Remedy.AUTOMATIC)


def test_a_namespace_without_a_reason_is_wholly_well() -> None:
    health = health_of(row("shop"), now=NOW)
    assert (health.score, health.reasons) == (100, ())


@pytest.mark.parametrize(
    ("fields", "code", "score"),
    [
        ({"state": NamespaceState.MISSING}, "missing", 40),
        ({"state": NamespaceState.STUCK}, "stuck", 40),
        ({"state": NamespaceState.FAILED}, "failed", 40),
        ({"quota": {"pods": QuotaUse("9", "10")}}, "near-quota", 85),
        ({"expires_at": NOW}, "expired", 80),
        ({"expires_at": NOW + timedelta(days=7)}, "expiring", 95),
        ({"drift": (DRIFT,)}, "drifted", 75),
        ({"deployments": 2, "active_deployments": 1}, "unavailable", 80),
    ],
)
def test_each_reason_takes_its_points(fields: dict[str, object], code: str, score: int) -> None:
    made = row("shop", **fields)
    assert codes(made) == [code]
    assert health_of(made, now=NOW).score == score


@pytest.mark.parametrize(
    "fields",
    [
        {"quota": {"pods": QuotaUse("89", "100"), "services.nodeports": QuotaUse("0", "0")}},
        {"expires_at": NOW + timedelta(days=7, seconds=1)},
        {"deployments": 2, "active_deployments": 2},
    ],
)
def test_what_is_well_takes_none(fields: dict[str, object]) -> None:
    assert codes(row("shop", **fields)) == []


def test_all_reasons_are_told_and_the_score_never_falls_below_nothing() -> None:
    made = row(
        "shop",
        state=NamespaceState.MISSING,
        quota={"pods": QuotaUse("10", "10")},
        expires_at=NOW - timedelta(days=1),
        drift=(DRIFT,),
        deployments=1,
    )
    assert codes(made) == ["missing", "near-quota", "expired", "drifted", "unavailable"]
    assert health_of(made, now=NOW).score == 0


@pytest.mark.parametrize(("left", "days"), [(7 * 24, 7), (6 * 24 + 1, 7), (24, 1), (1, 1)])
def test_the_days_left_are_never_told_too_few(left: int, days: int) -> None:
    made = row("shop", expires_at=NOW + timedelta(hours=left))
    (reason,) = health_of(made, now=NOW).reasons
    assert f"within {days} d" in reason.message

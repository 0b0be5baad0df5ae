"""Headline numbers: each with unit, window and base, and none invented."""

from dataclasses import replace
from datetime import timedelta

from nsaas_app.directory.query import Summary
from nsaas_app.directory.rows import HealthReason
from nsaas_app.ui.overview.transform import (
    attention_of,
    columns_of,
    shares_of,
    stats_of,
    timing_sentence,
)
from tests.ui.examples import NOW, failed_request, finished_request, row, running_request


def _summary(*, with_requests: bool) -> Summary:
    return Summary(
        as_of=NOW,
        window=timedelta(days=30),
        namespaces=1280,
        active_deployments=342,
        success_rate=0.992 if with_requests else None,
        n=412 if with_requests else 0,
        provision_time_avg_ms=2140 if with_requests else None,
        provision_time_p95_ms=4300 if with_requests else None,
    )


def test_numbers_carry_window_and_base() -> None:
    stats = stats_of(_summary(with_requests=True))
    assert (stats["namespaces"].text, stats["namespaces"].raw) == ("1,280", "1280")
    assert stats["success"].text == "99.2 %"
    assert stats["success"].raw == "0.9920"
    assert stats["success"].note == "of provision requests, last 30 days, n\u00a0=\u00a0412"
    assert stats["time"].note == "average · p95 4.3 s · last 30 days, n\u00a0=\u00a0412"


def test_deployments_nobody_has_shown_are_no_number() -> None:
    stats = stats_of(replace(_summary(with_requests=True), active_deployments=None))
    assert (stats["deployments"].text, stats["deployments"].raw) == ("", "")
    assert stats["deployments"].note == "the cluster has not shown them"


def test_without_requests_there_is_no_number() -> None:
    stats = stats_of(_summary(with_requests=False))
    assert (stats["success"].text, stats["success"].raw) == ("", "")
    assert stats["time"].text == ""


def test_attention_names_the_worst_reason() -> None:
    reasons = (HealthReason("a", "Small.", 5), HealthReason("b", "Large.", 20))
    found = attention_of((row("sick", reasons=reasons), row("fine")))
    assert [(each.name, each.message, each.more) for each in found] == [
        ("sick", "Large", "· 1 more")
    ]


def test_shares_keep_a_given_order_and_link_to_the_list() -> None:
    shares = shares_of({"b": 1, "a": 3}, field="env", order=("a", "b", "c"))
    assert [(each.value, each.number, each.share) for each in shares] == [
        ("a", 3, 75), ("b", 1, 25), ("c", 0, 0),
    ]  # fmt: skip
    assert shares[0].href == "/namespaces?env=a"
    largest = shares_of({"b": 1, "a": 3}, field="team", limit=1)
    assert [(each.label, each.number) for each in largest] == [("a", 3)]


def test_columns_stand_oldest_first_and_mark_failures() -> None:
    newest_first = (running_request(), failed_request(), finished_request())
    columns = columns_of(newest_first)
    assert [(each.height, each.is_failed) for each in columns] == [(100, False), (48, True)]
    assert columns[0].label == "frontend-shop-dev: 2.1 s"
    assert columns[1].label == "frontend-shop-dev: 1.0 s, failed"
    assert timing_sentence(newest_first) == (
        "Last 2 requests: 1.0 s to 2.1 s, half of them within 1.0 s, 1 failed."
    )


def test_a_chart_without_requests_says_nothing() -> None:
    assert columns_of((running_request(),)) == []
    assert timing_sentence(()) == ""

"""Headline numbers: each with unit, window and base, and none invented."""

from dataclasses import replace
from datetime import timedelta

from nsaas_app.directory.query import Summary
from nsaas_app.ui.overview.transform import shares_of, stats_of
from tests.ui.examples import NOW

WINDOW = "last 30 days"


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
    stats = stats_of(_summary(with_requests=True), WINDOW)
    assert (stats["namespaces"].text, stats["namespaces"].raw) == ("1,280", "1280")
    assert stats["success"].text == "99.2 %"
    assert stats["success"].raw == "0.9920"
    assert stats["success"].note == "of provision requests, last 30 days, n\u00a0=\u00a0412"
    assert stats["time"].note == "average · p95 4.3 s · last 30 days, n\u00a0=\u00a0412"


def test_deployments_nobody_has_shown_are_no_number() -> None:
    stats = stats_of(replace(_summary(with_requests=True), active_deployments=None), WINDOW)
    assert (stats["deployments"].text, stats["deployments"].raw) == ("", "")
    assert stats["deployments"].note == "the cluster has not shown them"


def test_without_requests_there_is_no_number() -> None:
    stats = stats_of(_summary(with_requests=False), WINDOW)
    assert (stats["success"].text, stats["success"].raw) == ("", "")
    assert stats["time"].text == ""


def test_shares_keep_a_given_order_and_link_to_the_list() -> None:
    shares = shares_of({"b": 1, "a": 3}, field="env", order=("a", "b", "c"))
    assert [(each.value, each.number, each.share) for each in shares] == [
        ("a", 3, 75), ("b", 1, 25), ("c", 0, 0),
    ]  # fmt: skip
    assert shares[0].href == "/namespaces?env=a"
    largest = shares_of({"b": 1, "a": 3}, field="team", limit=1)
    assert [(each.label, each.number) for each in largest] == [("a", 3)]

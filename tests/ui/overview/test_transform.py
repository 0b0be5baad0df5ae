"""Headline numbers: each with unit, window and base, and none invented."""

from dataclasses import replace
from datetime import timedelta

from nsaas_app.directory.outcomes import NOTHING_ENDED, Performance
from nsaas_app.directory.query import Summary
from nsaas_app.ui.overview.transform import Stat, shares_of, stats_of
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
    assert stats["success"].note == "last 30 days, n\u00a0=\u00a0412"
    assert stats["time"].note == "p95 4.3 s · last 30 days, n\u00a0=\u00a0412"


def test_before_the_cluster_was_listed_namespaces_are_no_number() -> None:
    stats = stats_of(replace(_summary(with_requests=True), namespaces=None), WINDOW)
    assert (stats["namespaces"].text, stats["namespaces"].raw) == ("", "")


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
    assert shares_of({"a": 3}, field="team", called={"a": "Team A"})[0].label == "Team A"


def _against(before: Performance) -> dict[str, Stat]:
    return stats_of(replace(_summary(with_requests=True), before=before), WINDOW)


def test_success_and_time_tell_their_change_against_the_window_before() -> None:
    stats = _against(Performance(301, 0.98, 2440, 3200))
    (rate,) = stats["success"].changes
    assert (rate.way, rate.raw, rate.tone) == ("up", "1.20", "ok")
    assert rate.text == "1.2 points higher than before"
    assert stats["success"].told == "Before: the 30 days before, n\u00a0=\u00a0301."
    average, slowest = stats["time"].changes
    assert (average.way, average.raw, average.tone) == ("down", "-300", "ok")
    assert average.text == "300 ms faster than before"
    assert (slowest.way, slowest.raw, slowest.tone) == ("up", "1100", "bad")
    # One change has room on the card; the other is told with what it means.
    assert stats["time"].told.endswith("n\u00a0=\u00a0301. p95 1.1 s slower than before.")


def test_what_did_not_change_says_so() -> None:
    stats = _against(Performance(9, 0.992, 2140, 4300))
    told = [one for name in ("success", "time") for one in stats[name].changes]
    assert [(one.way, one.raw) for one in told] == [("same", "0")] * 3
    assert [one.text for one in told] == ["the same as before"] * 3


def test_without_a_window_before_nothing_is_compared() -> None:
    stats = _against(NOTHING_ENDED)
    for name in ("success", "time"):
        assert stats[name].changes == []
        assert stats[name].against == "no request in the 30 days before"
    only_failed = _against(Performance(4, 0.0, None, None))
    assert only_failed["time"].against == "none completed in the 30 days before"
    assert only_failed["success"].changes[0].text == "99.2 points higher than before"


def test_namespaces_tell_how_many_there_were_when_the_window_began() -> None:
    base = _summary(with_requests=True)

    def told(made: int, deleted: int) -> tuple[str, str]:
        stat = stats_of(replace(base, made=made, deleted=deleted), WINDOW)["namespaces"]
        return (stat.changes[0].text, stat.told) if stat.changes else (stat.against, stat.told)

    by = "by requests of the last 30 days."
    assert told(3, 1) == ("2 more than 30 days ago", f"+3 made, \u22121 deleted {by}")
    assert told(1, 3) == ("2 fewer than 30 days ago", f"+1 made, \u22123 deleted {by}")
    assert told(1, 1) == ("as many as 30 days ago", f"+1 made, \u22121 deleted {by}")
    never = "there never were minus one"
    assert told(1281, 0) == ("+1,281 made in 30 days", f"+1,281 made {by}"), never
    assert told(0, 0) == ("none made or deleted in 30 days", "")

"""The stale banner names the kinds that are old, and since when."""

from datetime import timedelta

from nsaas_app.directory.query import Freshness, KindAge, Liveness
from nsaas_app.ui.staleness import OldKinds, old_kinds
from tests.support.specs import NOW


def ago(seconds: float, *kinds: str) -> tuple[KindAge, ...]:
    return tuple(KindAge(kind, NOW - timedelta(seconds=seconds)) for kind in kinds)


def test_kinds_of_one_moment_stand_together_the_oldest_first() -> None:
    old = (*ago(61, "Pod"), *ago(60, "Deployment"), *ago(40, "Namespace"))
    found = old_kinds(Freshness(Liveness.STALE, NOW, "", old, kinds=13))
    assert [(one.words, one.since) for one in found] == [
        ("Deployment, Pod", "2030-01-02T03:03:04.000Z"),
        ("Namespace", "2030-01-02T03:03:25.000Z"),
    ]


def test_all_of_them_are_not_named_one_by_one() -> None:
    freshness = Freshness(Liveness.STALE, NOW, "", ago(45, "Namespace", "Pod"), kinds=2)
    assert old_kinds(freshness) == [OldKinds("All 2 kinds of objects", "2030-01-02T03:03:20.000Z")]


def test_what_is_not_stale_names_nothing() -> None:
    assert old_kinds(Freshness(Liveness.LIVE, NOW)) == []
    assert old_kinds(Freshness(Liveness.DELAYED, NOW, "slow")) == []

"""The feed: a stream goes on where it stopped, or is told that it cannot."""

from nsaas_app.directory.feed import KEPT, Feed
from nsaas_app.domain.names import TeamName

TEAM = TeamName("frontend")


def feed(*keys: str, start: int = 100) -> Feed:
    made = Feed(lambda _: None, "feed", start=start)
    for key in keys:
        made.add("namespace.updated", team=TEAM, key=key)
    return made


def keys_since(made: Feed, last_id: int) -> tuple[list[str], bool]:
    changes, is_gap = made.since(last_id)
    return [change.key for change in changes], is_gap


def test_a_stream_gets_what_came_after_its_last_id_in_order() -> None:
    made = feed("a", "b", "c")
    assert made.last_id == 103
    assert keys_since(made, 101) == (["b", "c"], False)
    assert keys_since(made, 103) == ([], False)
    assert keys_since(made, 100) == (["a", "b", "c"], False)


def test_a_new_process_knows_nothing_of_the_ids_before_it() -> None:
    assert keys_since(feed(), 100) == ([], False)
    assert keys_since(feed(), 99) == ([], True)
    assert keys_since(feed("a"), 99) == (["a"], True)


def test_an_id_that_was_never_given_here_is_a_gap() -> None:
    assert keys_since(feed("a"), 5000) == ([], True)
    assert keys_since(feed(), 101) == ([], True)


def test_what_fell_out_of_memory_is_a_gap() -> None:
    made = feed(*(str(n) for n in range(KEPT + 5)))
    changes, is_gap = made.since(104)
    assert is_gap
    assert len(changes) == KEPT
    assert made.since(105)[1] is False


def test_a_change_wakes_the_streams() -> None:
    woken: list[str] = []
    Feed(woken.append, "feed", start=0).add("request.updated", team=TEAM, key="r1")
    assert woken == ["feed"]

"""What is solved stays, ticked; nothing moves under a pointer."""

from dataclasses import replace
from datetime import timedelta

from nsaas_app.directory.rows import HealthReason
from nsaas_app.ui.overview.attention import Attention, attention_of, merged
from tests.directory.samples import ADMIN
from tests.ui.examples import NOW, row


def need(name: str, harm: int = 0) -> Attention:
    return Attention(name, name, "frontend", "It is broken", "", "bad", f"/namespaces/{name}", harm)


def keys(lines: list[Attention]) -> list[str]:
    return [one.key for one in lines]


def test_what_is_solved_keeps_its_place_and_comes_back_when_it_breaks_again() -> None:
    lines, waiting = merged(
        [need("a"), need("b", 1)], [need("b", 1), need("c", 2)], limit=8, is_held=False
    )
    assert (keys(lines), waiting) == (["a", "b", "c"], 0)
    assert [one.is_solved for one in lines] == [True, False, False]

    again, _ = merged(lines, [need("a"), need("b", 1)], limit=8, is_held=False)
    assert [(one.key, one.is_solved) for one in again] == [
        ("a", False), ("b", False), ("c", True),
    ]  # fmt: skip


def test_only_the_worst_are_listed_and_solved_ones_take_no_place_from_them() -> None:
    solved = [need(f"s{number}") for number in range(5)]
    fresh = [need(f"n{number}", 1) for number in range(5)]
    lines, _ = merged(solved, fresh, limit=2, is_held=False)
    assert keys(lines) == ["s3", "s4", "n0", "n1"]


def test_while_somebody_is_at_it_words_change_and_nothing_moves() -> None:
    shown = [need("b", 1), need("c", 1)]
    worse = need("c", 0)
    lines, waiting = merged(shown, [need("a"), worse], limit=8, is_held=True)
    assert keys(lines) == ["b", "c"]
    assert [one.is_solved for one in lines] == [True, False]
    assert lines[1] == worse
    assert waiting == 1

    _, moved = merged(shown, [worse, need("b", 1)], limit=8, is_held=True)
    assert moved == 1


def test_what_ends_later_comes_after_what_is_wrong_already() -> None:
    ends = (HealthReason("expiring", "It ends.", 5),)
    soon = replace(row("soon", reasons=ends), expires_at=NOW + timedelta(days=2))
    later = replace(row("later", reasons=ends), expires_at=NOW + timedelta(days=6))
    full = row("full", reasons=(HealthReason("near-quota", "At 95 %.", 15),))
    assert keys(attention_of([later, full, soon], actor=ADMIN, now=NOW)) == [
        "soon",
        "full",
        "later",
    ]

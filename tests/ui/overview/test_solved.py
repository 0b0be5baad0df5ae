"""A line is ticked only when the thing itself was looked at and is well, and is the reader's."""

from datetime import timedelta
from typing import Final

import pytest

from nsaas_app.directory.query import RowQuery
from nsaas_app.domain.actors import Actor
from nsaas_app.domain.drift import DriftItem, Remedy
from nsaas_app.domain.errors import NotFoundError
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.requests import Phase
from nsaas_app.ui.overview.attention import CODES, Attention, attention_of, merged
from nsaas_app.ui.overview.ticking import Look, kept_lines, still_wrong
from tests.directory.samples import ADMIN, FRONTEND, PAYMENTS, Desk, member, record, request

DAY: Final = timedelta(days=1)
DRIFT: Final = DriftItem("NetworkPolicy/x", "spec", {}, None, Remedy.AUTOMATIC)


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.put(record("old", spec={"expires_at": made.now - DAY}))
    made.put(*(record(f"n{number}", team=PAYMENTS) for number in range(3)))
    made.sync()
    return made


def seen(
    desk: Desk, shown: list[Attention], eyes: Actor = ADMIN, *, most: int = 2, is_held: bool = False
) -> dict[str, bool]:
    """Line by line whether it is ticked, with the `most` worst namespaces looked at."""
    lines = _turn(desk, shown, eyes, most=most, is_held=is_held)
    return {one.key: one.is_solved for one in lines}


def _turn(
    desk: Desk, shown: list[Attention], eyes: Actor = ADMIN, *, most: int = 2, is_held: bool = False
) -> list[Attention]:
    look = Look(desk.directory, desk.board, eyes)
    query = RowQuery(health=CODES, sort="health", limit=most)
    worst = desk.directory.find(query, actor=eyes).items
    rows = [*worst, *still_wrong(shown, worst, look)]
    failing = desk.board.failing(actor=eyes, window=DAY)
    found = attention_of(rows, actor=eyes, now=desk.now, failing=failing)
    kept = kept_lines(shown, found, look, since=desk.now - DAY)
    return merged(kept, found, limit=8, is_held=is_held)[0]


def test_what_others_push_out_of_the_worst_is_not_solved(desk: Desk) -> None:
    shown = _turn(desk, [])
    assert [one.key for one in shown] == ["old"]
    for number in range(3):
        desk.directory.set_drift(f"n{number}", (DRIFT,))
    worst = desk.directory.find(RowQuery(health=CODES, sort="health", limit=2), actor=ADMIN).items
    assert "old" not in [row.name for row in worst]
    assert seen(desk, shown)["old"] is False

    desk.directory.put_record(record("old", spec={"expires_at": desk.now + 90 * DAY}))
    assert seen(desk, shown)["old"] is True


@pytest.mark.parametrize("is_held", [False, True])
def test_things_of_a_team_that_is_lost_are_gone_and_not_solved(desk: Desk, is_held: bool) -> None:  # noqa: FBT001 - a case
    desk.board.put(request("r1", phase=Phase.ROLLED_BACK))
    shown = _turn(desk, [], member(FRONTEND))
    assert [one.key for one in shown] == ["r1", "old"]
    assert seen(desk, shown, member(PAYMENTS), is_held=is_held) == {}
    other = TeamName("third")
    assert seen(desk, shown, member(other), is_held=is_held) == {}


def test_a_failure_that_grew_old_is_gone_and_one_that_was_mended_is_solved(desk: Desk) -> None:
    desk.board.put(request("r1", phase=Phase.ROLLED_BACK))
    shown = _turn(desk, [])
    assert "r1" in seen(desk, shown)
    desk.now += 2 * DAY
    assert "r1" not in seen(desk, shown)
    desk.now -= 2 * DAY
    mended = request("r2", namespace=request("r1").namespace, created_at=desk.now + DAY / 4)
    desk.board.put(mended)
    assert seen(desk, shown)["r1"] is True


def test_a_request_that_somebody_else_must_decide_now_is_gone(desk: Desk) -> None:
    desk.board.put(request("r1", phase=Phase.AWAITING_APPROVAL))
    shown = [Attention("r1", "shop-r1", "frontend", "waits for you", "", "waiting", "/", 7)]
    assert "r1" not in seen(desk, shown)
    desk.board.put(request("r1"))
    assert seen(desk, shown)["r1"] is True


def test_a_namespace_that_is_deleted_is_solved_for_its_team_only(desk: Desk) -> None:
    shown = [Attention("away", "away", "frontend", "Gone.", "", "bad", "/namespaces/away", 0)]
    with pytest.raises(NotFoundError):
        desk.directory.row("away", actor=ADMIN)
    assert seen(desk, shown, member(FRONTEND))["away"] is True
    assert "away" not in seen(desk, shown, member(PAYMENTS))


def test_a_failure_whose_namespace_is_broken_is_not_solved(desk: Desk) -> None:
    failed = request("r1", phase=Phase.ROLLED_BACK)
    desk.board.put(failed)
    shown = _turn(desk, [])
    assert [one.key for one in shown] == ["r1", "old"]
    desk.directory.put_record(record(str(failed.namespace)))
    assert seen(desk, shown) == {str(failed.namespace): False, "old": False}

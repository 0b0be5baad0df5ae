"""Held rows are renewed where they stand; what comes, goes or moves only counts."""

import pytest

from nsaas_app.ui.holding import in_place


@pytest.mark.parametrize(
    ("fresh", "rows", "waiting"),
    [
        (["a2", "b2"], ["a2", "b2"], 0),
        (["b2", "a2"], ["a2", "b2"], 1),
        (["a2"], ["a2", "b1"], 1),
        (["c2", "a2", "b2"], ["a2", "b2"], 1),
        (["c2", "d2"], ["a1", "b1"], 4),
    ],
)
def test_rows_stay_in_place(fresh: list[str], rows: list[str], waiting: int) -> None:
    """Names are letters, what stands in the row is a digit."""
    assert in_place(["a1", "b1"], fresh, lambda line: line[0]) == (rows, waiting)

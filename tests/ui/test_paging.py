"""Paging: first, last, open page and neighbours are offered, and what is shown is counted."""

import itertools

import pytest

from nsaas_app.ui.paging import page_in, page_steps, pages_of, size_in, span_words


@pytest.mark.parametrize(
    ("page", "pages", "offered"),
    [
        (1, 1, [1]),
        (2, 3, [1, 2, 3]),
        (1, 12, [1, 2, 3, -1, 12]),
        (3, 12, [1, 2, 3, 4, -1, 12]),
        (6, 12, [1, 0, 5, 6, 7, -1, 12]),
        (12, 12, [1, 0, 10, 11, 12]),
        # A sign that one page is left out would take its room.
        (4, 7, [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_both_ends_and_the_neighbours_are_offered(
    page: int, pages: int, offered: list[int]
) -> None:
    assert page_steps(page, pages) == offered


def test_every_page_leads_to_every_other_and_none_is_offered_twice() -> None:
    for pages in range(1, 15):
        for page in range(1, pages + 1):
            steps = page_steps(page, pages)
            real = [step for step in steps if step > 0]
            assert len(set(steps)) == len(steps) <= 7
            assert real == sorted(real)
            near = {1, pages, page, max(1, page - 1), min(pages, page + 1)}
            assert near <= set(real)
            # A gap stands where pages are left out, and nowhere else.
            jumps = [after for before, after in itertools.pairwise(real)
                     if after - before > 1]  # fmt: skip
            assert len(jumps) == len(steps) - len(real)


def test_a_page_that_a_browser_invents_is_the_nearest_there_is() -> None:
    assert [page_in(wanted, 4) for wanted in (0, 3, 99, "2", None)] == [1, 3, 4, 1, 1]
    assert [pages_of(total, 20) for total in (0, 20, 21)] == [1, 1, 2]
    assert [size_in(text, 20) for text in ("50", "7", "", "-1")] == [50, 20, 20, 20]


def test_what_is_shown_is_counted() -> None:
    assert span_words(2, 20, 412) == "21\u201340 of 412"
    assert span_words(60, 20, 1181) == "1,181 of 1,181"
    assert span_words(1, 20, 7) == "7"
    assert span_words(9, 20, 7) == "7"

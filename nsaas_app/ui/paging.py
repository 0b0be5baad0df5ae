"""Paging of lists: which pages are offered, how many rows one has, what of all is shown.

The vars here belong to the list that is the page's own; a page with several has some for each.
"""

from typing import Final

import reflex as rx

from ..domain.preferences import PAGE_SIZES
from .figures import count
from .routes import number_in

__all__ = ["Paged", "page_in", "page_steps", "pages_of", "size_in", "span_words"]

_NEAR: Final = 1
"""So many pages on either side of the open one are offered."""
_AT_AN_END: Final = 3
"""So many are offered at the end where the open one is."""


class Paged(rx.State, mixin=True):
    """Vars of a list that shows one page of its rows."""

    page: int = 1
    pages: int = 1
    size: int = PAGE_SIZES[0]
    total: int = 0
    counted: str = ""
    """Which rows of how many are shown, in words."""

    @rx.var
    def page_steps(self) -> list[int]:
        """The pages that are offered; what is not positive stands for those left out."""
        return page_steps(self.page, self.pages)


def page_steps(page: int, pages: int) -> list[int]:
    """Give the first page, the last, the open one and its neighbours, in order.

    A number that is not positive stands for two or more pages that are left out: 0 before the open
    page, -1 after it.
    """
    first = max(1, min(page - _NEAR, pages - _AT_AN_END + 1))
    last = min(pages, max(page + _NEAR, _AT_AN_END))
    # One page alone takes no more room than the sign that it is left out.
    before = [1, 0] if first > _AT_AN_END else list(range(1, first))
    after = [-1, pages] if last < pages - _AT_AN_END + 1 else list(range(last + 1, pages + 1))
    return [*before, *range(first, last + 1), *after]


def pages_of(total: int, size: int) -> int:
    """Give how many pages there are: one even where there is nothing."""
    return max(1, -(-total // size))


def page_in(wanted: object, pages: int) -> int:
    """Read which page a browser wants; the nearest one there is."""
    return min(max(1, wanted if isinstance(wanted, int) else 1), pages)


def size_in(text: str, usual: int) -> int:
    """Read from an address how many rows a page has; anything but a size is the usual one."""
    size = number_in(text, default=usual)
    return size if size in PAGE_SIZES else usual


def span_words(page: int, size: int, total: int) -> str:
    """Write which rows are shown: 21 to 40 of 412; the number alone where none or all are."""
    first, last = (page - 1) * size + 1, min(page * size, total)
    if first > last or last - first + 1 == total:
        return count(total)
    rows = count(first) if first == last else f"{count(first)}\u2013{count(last)}"
    return f"{rows} of {count(total)}"

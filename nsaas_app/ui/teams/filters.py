"""The list's search and page, read from the address and written to it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from ...domain.preferences import PAGE_SIZES
from ..paging import size_in
from ..routes import address, number_in

__all__ = ["MAX_TEXT", "TeamFilters"]

MAX_TEXT: Final = 100


@dataclass(frozen=True)
class TeamFilters:
    """What the address asks for; values that mean nothing fall back to the default."""

    q: str = ""
    page: int = 1
    size: int = PAGE_SIZES[0]
    usual: int = PAGE_SIZES[0]
    """The size the person prefers: an address names another one only."""

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, usual: int = PAGE_SIZES[0]) -> Self:
        """Read the query of an address."""
        return cls(
            q=query.get("q", "")[:MAX_TEXT],
            page=number_in(query.get("page", ""), default=1),
            size=size_in(query.get("size", ""), usual),
            usual=usual,
        )

    def address(self) -> str:
        """Write the address; what is the default is left out."""
        return address(
            "/teams",
            {
                "q": self.q,
                "page": "" if self.page == 1 else str(self.page),
                "size": "" if self.size == self.usual else str(self.size),
            },
        )

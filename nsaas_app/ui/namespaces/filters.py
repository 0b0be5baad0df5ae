"""The list's filters: read from the address, written to it, handed to the directory. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self
from urllib.parse import urlencode

from ...directory.query import RowQuery
from ...directory.searching import SORTS
from ...domain.environments import Environment
from ...domain.namespaces import NamespaceState
from ...domain.preferences import PAGE_SIZES
from ...domain.tiers import Tier
from ..paging import size_in
from ..routes import address, number_in

__all__ = ["FACETS", "PATH", "SIZES", "Filters"]

PATH: Final = "/namespaces"
SIZES: Final = PAGE_SIZES
MAX_TEXT: Final = 100

FACETS: Final[dict[str, str]] = {
    "team": "Team",
    "env": "Environment",
    "tier": "Tier",
    "state": "State",
    "health": "Health",
}
"""Names of the filters in the address, with their labels."""

_KNOWN: Final[dict[str, frozenset[str]]] = {
    "env": frozenset(Environment),
    "tier": frozenset(Tier),
    "state": frozenset(NamespaceState),
}


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Values that mean nothing are dropped and named in `dropped`."""

    q: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    owner: str = ""
    sort: str = "name"
    is_descending: bool = False
    page: int = 1
    size: int = SIZES[0]
    usual: int = SIZES[0]
    """The size the person prefers: an address names another one only."""
    dropped: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, usual: int = SIZES[0]) -> Self:
        """Read the query of an address."""
        chosen, dropped = {}, []
        for name in FACETS:
            values = tuple(dict.fromkeys(filter(None, query.get(name, "").split(","))))
            known = _KNOWN.get(name)
            dropped += [value for value in values if known is not None and value not in known]
            kept = tuple(value for value in values if known is None or value in known)
            if kept:
                chosen[name] = kept
        sort = query.get("sort", "name")
        if sort not in SORTS:
            dropped.append(sort)
            sort = "name"
        way, number, rows = (query.get(name, "") for name in ("dir", "page", "size"))
        dropped += [way] if way not in ("", "asc", "desc") else []
        dropped += [text for text in (number, rows) if text and not text.isdecimal()]
        return cls(
            q=query.get("q", "")[:MAX_TEXT],
            chosen=chosen,
            owner=query.get("owner", "")[:MAX_TEXT],
            sort=sort,
            is_descending=query.get("dir", "") == "desc",
            page=number_in(query.get("page", ""), default=1),
            size=size_in(query.get("size", ""), usual),
            usual=usual,
            dropped=tuple(dropped),
        )

    def address(self) -> str:
        """Write the address; what is the default is left out."""
        return address(
            PATH,
            {
                "q": self.q,
                **{name: ",".join(self.chosen.get(name, ())) for name in FACETS},
                "owner": self.owner,
                "sort": "" if self.sort == "name" else self.sort,
                "dir": "desc" if self.is_descending else "",
                "page": "" if self.page == 1 else str(self.page),
                "size": "" if self.size == self.usual else str(self.size),
            },
        )

    def row_query(self) -> RowQuery:
        """Ask the directory for the page."""
        return RowQuery(
            q=self.q,
            teams=frozenset(self.chosen.get("team", ())),
            environments=frozenset(self.chosen.get("env", ())),
            tiers=frozenset(self.chosen.get("tier", ())),
            states=frozenset(self.chosen.get("state", ())),
            health=frozenset(self.chosen.get("health", ())),
            owner=self.owner,
            sort=self.sort,
            is_descending=self.is_descending,
            offset=(self.page - 1) * self.size,
            limit=self.size,
        )

    def file_address(self, form: str) -> str:
        """Where all that match can be downloaded, page and size left out."""
        query: list[tuple[str, str]] = [("format", form)]
        for name, values in self.chosen.items():
            query += [("environment" if name == "env" else name, value) for value in values]
        query += [(name, text) for name, text in (("q", self.q), ("owner", self.owner)) if text]
        order = f"-{self.sort}" if self.is_descending else self.sort
        query += [("sort", order)] if order != "name" else []
        return f"/api/v1/namespace-list?{urlencode(query)}"

    def toggled(self, name: str, value: str) -> Self:
        """Add a value to a filter, or take it out; back to the first page."""
        if name not in FACETS:
            return self
        values = self.chosen.get(name, ())
        kept = tuple(each for each in values if each != value)
        values = kept if value in values else (*values, value)
        chosen = {**self.chosen, name: values}
        return replace(self, chosen={key: each for key, each in chosen.items() if each}, page=1)

    def sorted_by(self, column: str) -> Self:
        """Sort by a column; the same one again turns the order round."""
        if column not in SORTS:
            return self
        turned = column == self.sort and not self.is_descending
        return replace(self, sort=column, is_descending=turned, page=1)

    def cleared(self) -> Self:
        """Drop every filter; order and size stay."""
        return replace(self, q="", chosen={}, owner="", page=1, dropped=())

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.q or self.chosen or self.owner)

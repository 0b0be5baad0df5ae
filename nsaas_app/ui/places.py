"""A list that is sent row by row: a change of one row sends that row, not the page around it.

The framework sends a var as a whole. So each row that a page can show has a var of its own, its
place, and keeps that place for as long as it is shown; one more var says in which order the
places stand.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, Optional, TypeVar

import reflex as rx
from reflex_base.vars.base import VarData

from .live import LivePage, assign, bare

__all__ = ["Places"]

Line = TypeVar("Line")
Page = TypeVar("Page", bound=LivePage)

_IN_ORDER: Final = "((places) => ({order}).map((place) => places[place]))([{places}])"


class Places(Generic[Line]):
    """The vars of one list of a live page. Two lists of one page have two names."""

    def __init__(
        self, name: str, line: type[Line], *, most: int, key: Callable[[Line], str]
    ) -> None:
        """Describe the list.

        Args:
            name: what its vars begin with, and what its rows are called where they are read.
            line: what a row is; a dataclass.
            most: so many rows are shown at most.
            key: what tells one row from another, whatever its values are.
        """
        self._name = name
        self._line = line
        self._key = key
        self._places = tuple(f"{name}_{number}" for number in range(most))
        self._order = f"{name}_order"

    def declared(self, state: type[Page]) -> type[Page]:
        """Give a page's state the vars of the list. Decorates its class."""
        for name in self._places:
            state.add_var(name, Optional[self._line])  # noqa: UP045 - a type that is made here
        state.add_var(self._order, list[int], [])
        state._lists = {**state._lists, self._name: self}  # noqa: SLF001 - the page's, as this is
        return state

    def shown(self, state: type[rx.State]) -> Any:
        """The rows in their order, as a var that `rx.foreach` goes through."""
        order: rx.Var[list[int]] = getattr(state, self._order)
        places: list[rx.Var[Any]] = [getattr(state, name) for name in self._places]
        about = (var._get_all_var_data() for var in (order, *places))  # noqa: SLF001 - no other way
        return rx.Var(
            _IN_ORDER.format(order=order, places=", ".join(map(str, places))),
            _var_type=list[self._line],  # type: ignore[name-defined]  # a type that is made here
            _var_data=VarData.merge(*about),
        ).guess_type()

    def number(self, state: type[rx.State]) -> Any:
        """How many rows are shown, as a var."""
        return getattr(state, self._order).length()

    def lines(self, state: rx.State) -> list[Line]:
        """The rows that are shown."""
        known = bare(state)
        order: list[int] = known.get_value(self._order)
        return [known.get_value(self._places[place]) for place in order]

    def put(self, state: rx.State, lines: Sequence[Line]) -> None:
        """Show these rows; one that is shown already stays in its place."""
        known = bare(state)
        order: list[int] = known.get_value(self._order)
        before: dict[int, Line] = {p: known.get_value(self._places[p]) for p in order}
        standing = {self._key(line): place for place, line in before.items()}
        wanted = {self._key(line): line for line in lines[: len(self._places)]}
        taken = {standing[key] for key in wanted if key in standing}
        free = (place for place in range(len(self._places)) if place not in taken)
        after = {standing[k] if k in standing else next(free): line for k, line in wanted.items()}
        for place in before.keys() - after.keys():
            setattr(state, self._places[place], None)
        for place, line in after.items():
            if place not in before or (line is not before[place] and line != before[place]):
                setattr(state, self._places[place], line)
        assign(state, {self._order: list(after)})

"""What was computed from a value that is still the very same object need not be computed again.

Rows and pages of rows never change, they are replaced; so two hundred pages that show one list
share what each of its rows looks like.
"""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

__all__ = ["Remembered"]

MOST: Final = 4096

Source = TypeVar("Source")
Result = TypeVar("Result")


class Remembered(Generic[Source, Result]):
    """The last result of each name, with what it was computed from."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._known: dict[str, tuple[Source, Result]] = {}

    def of(self, name: str, source: Source, compute: Callable[[Source], Result]) -> Result:
        """Give the last result again if it came from this very object, else compute it."""
        found = self._known.get(name)
        if found is not None and found[0] is source:
            return found[1]
        if len(self._known) >= self._most:
            self._known.clear()
        result = compute(source)
        self._known[name] = (source, result)
        return result

"""The agenda: when time alone changes which row, so that nobody has to look at all of them."""

from datetime import datetime
from heapq import heappop, heappush

__all__ = ["Agenda"]


class Agenda:
    """Names with the moment at which each is due. The cost does not grow with their number."""

    def __init__(self) -> None:
        self._moments: dict[str, datetime] = {}
        self._heap: list[tuple[datetime, str]] = []
        """Soonest first; what was put off since stands there twice."""

    def plan(self, name: str, moment: datetime | None) -> None:
        """Note when a name is due next; None takes it off."""
        if moment is None:
            self._moments.pop(name, None)
        elif self._moments.get(name) != moment:
            self._moments[name] = moment
            heappush(self._heap, (moment, name))

    def due(self, now: datetime) -> list[str]:
        """Take off and give every name whose moment has come."""
        found = []
        while self._heap and self._heap[0][0] <= now:
            moment, name = heappop(self._heap)
            if self._moments.get(name) == moment:
                del self._moments[name]
                found.append(name)
        return found

"""Which came last: what was read from the database before a change came is older than that."""

__all__ = ["Arrivals"]


class Arrivals:
    """Numbers what is taken into memory, so that a slow read never undoes what came meanwhile."""

    def __init__(self) -> None:
        self._count = 0
        self._last: dict[str, int] = {}

    @property
    def moment(self) -> int:
        """Now, to be noted before a read begins."""
        return self._count

    def note(self, key: str) -> None:
        """Note that the thing of this key is known as it stands now."""
        self._count += 1
        self._last[key] = self._count

    def came_since(self, key: str, moment: int) -> bool:
        """Whether the thing was taken in after a moment: a read that began then is older."""
        return self._last.get(key, 0) > moment

    def forget(self, key: str) -> None:
        """Drop what is gone from memory."""
        self._last.pop(key, None)

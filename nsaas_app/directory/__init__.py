"""The live read model: rows, search, summary and the hub that wakes pages. Memory only."""

__all__: list[str] = []

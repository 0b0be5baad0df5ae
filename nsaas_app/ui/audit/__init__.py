"""The audit page: who did what, when, and whether the log is untouched."""

__all__: list[str] = []

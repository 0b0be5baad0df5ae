"""The cleanup page."""

__all__: list[str] = []

"""Overview: is everything all right, and what needs me."""

__all__: list[str] = []

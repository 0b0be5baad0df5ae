"""The page that answers where it goes, and what should change."""

__all__: list[str] = []

"""Will it fit: a small calculator beside the tiers and on the quota of a namespace."""

__all__: list[str] = []

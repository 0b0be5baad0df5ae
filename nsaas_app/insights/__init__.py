"""Reports about one namespace: what pages and REST tell of it beyond its row. They only read."""

__all__: list[str] = []

"""The command palette: every page, namespace, team and request within a few keys."""

__all__: list[str] = []

"""One team: its budget, its members, its namespaces."""

__all__: list[str] = []

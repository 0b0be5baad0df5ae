"""The inbox: what people are told of their namespaces."""

__all__: list[str] = []

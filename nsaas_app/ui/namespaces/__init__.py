"""Namespaces: which one do I need. Filters, order and page live in the address."""

__all__: list[str] = []

"""Kept exports: what is left of namespaces that are gone."""

__all__: list[str] = []

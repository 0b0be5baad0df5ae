"""Namespace-as-a-Service portal. `docs/architecture.md` says which package holds what."""

__all__: list[str] = []

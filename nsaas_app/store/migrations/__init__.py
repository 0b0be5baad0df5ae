"""Alembic migrations: one set for both databases."""

__all__: list[str] = []

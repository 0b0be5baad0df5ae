"""Requests: where is mine, and what was asked lately."""

__all__: list[str] = []

"""Approvals: may I say yes, and what happens if I do."""

__all__: list[str] = []

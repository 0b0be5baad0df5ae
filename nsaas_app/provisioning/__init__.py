"""Requests: checked, accepted, carried out step by step, verified, rolled back, explained."""

__all__: list[str] = []

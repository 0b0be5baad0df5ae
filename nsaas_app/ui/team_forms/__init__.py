"""Changing a team: what was typed, what is wrong with it, the dialogs of both pages."""

__all__: list[str] = []

"""Cleanup: what may safely be removed, with evidence; plans that remove it stage by stage."""

__all__: list[str] = []

"""One namespace: how is it, and what can I do."""

__all__: list[str] = []

"""What each kind of request does at each step, and how it is undone."""

__all__: list[str] = []

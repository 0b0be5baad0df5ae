"""Status: is the machine healthy, what is wrong with it, and what puts it right."""

__all__: list[str] = []

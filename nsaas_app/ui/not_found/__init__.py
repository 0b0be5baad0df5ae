"""Not found: the same words for what does not exist and what is not yours."""

__all__: list[str] = []

"""What cleanup has in mind for one's own namespaces, and the answer to it."""

__all__: list[str] = []

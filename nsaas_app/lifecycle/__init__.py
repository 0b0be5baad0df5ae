"""What time asks for: sleep by schedule, the end of grace, notices; and kept exports."""

__all__: list[str] = []

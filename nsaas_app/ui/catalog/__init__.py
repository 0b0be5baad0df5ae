"""The catalog: what can be asked for, and what each choice means."""

__all__: list[str] = []

"""Teams: what each has, uses and pays."""

__all__: list[str] = []

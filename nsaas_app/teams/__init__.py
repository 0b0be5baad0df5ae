"""Teams, their members' roles and their budgets."""

__all__: list[str] = []

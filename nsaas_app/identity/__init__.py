"""Who is asking and what they may do: sign-in, login sessions, tokens, permission table, audit."""

__all__: list[str] = []

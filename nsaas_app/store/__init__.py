"""Everything that talks SQL: engine, tables, migrations, a repository a noun. Decides nothing."""

__all__: list[str] = []

"""Alembic's environment: runs on the connection that `schema.upgrade` opened and locked."""

from alembic import context

from nsaas_app.store.tables import metadata

__all__: list[str] = []

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

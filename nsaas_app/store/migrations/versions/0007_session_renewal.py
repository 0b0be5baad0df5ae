"""session renewal

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import nsaas_app.store.tables


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rights', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('previous_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('renewed_at', nsaas_app.store.tables.UtcTime(), nullable=True))
        batch_op.add_column(sa.Column('renewal_salt', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.create_index(batch_op.f('ix_login_session_previous_hash'), ['previous_hash'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_session_previous_hash'))
        batch_op.drop_column('renewal_salt')
        batch_op.drop_column('renewed_at')
        batch_op.drop_column('previous_hash')
        batch_op.drop_column('rights')

"""provider sessions

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import nsaas_app.store.tables


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('person',
    sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('issuer', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('issuer_subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('tenant', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('object_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('display_name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('confirmed_at', nsaas_app.store.tables.UtcTime(), nullable=False),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_person'))
    )
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('confirmed_at', nsaas_app.store.tables.UtcTime(), nullable=True))
        batch_op.add_column(sa.Column('refreshing_until', nsaas_app.store.tables.UtcTime(), nullable=True))
        batch_op.add_column(sa.Column('sealed_refresh_token', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('sealed_id_token', sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.drop_column('sealed_id_token')
        batch_op.drop_column('sealed_refresh_token')
        batch_op.drop_column('refreshing_until')
        batch_op.drop_column('confirmed_at')
    op.drop_table('person')

"""cleanup rules

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text

import nsaas_app.store.tables


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('cleanup_rule',
    sa.Column('cluster', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('every_days', sa.Integer(), nullable=False),
    sa.Column('changed_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('changed_at', nsaas_app.store.tables.UtcTime(), nullable=True),
    sa.Column('last_run_at', nsaas_app.store.tables.UtcTime(), nullable=True),
    sa.PrimaryKeyConstraint('cluster', 'reason', name=op.f('pk_cleanup_rule'))
    )


def downgrade() -> None:
    op.drop_table('cleanup_rule')

"""cleanup

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text

import nsaas_app.store.tables


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('cleanup_keep',
    sa.Column('cluster', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('namespace', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('uid', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kept_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('until', nsaas_app.store.tables.UtcTime(), nullable=False),
    sa.PrimaryKeyConstraint('cluster', 'namespace', name=op.f('pk_cleanup_keep'))
    )
    op.create_table('cleanup_observation',
    sa.Column('cluster', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('namespace', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('cluster', 'namespace', name=op.f('pk_cleanup_observation'))
    )
    op.create_table('cleanup_plan',
    sa.Column('plan_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cluster', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('stage', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_at', nsaas_app.store.tables.UtcTime(), nullable=False),
    sa.Column('confirmed_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('confirmed_at', nsaas_app.store.tables.UtcTime(), nullable=True),
    sa.Column('ended_at', nsaas_app.store.tables.UtcTime(), nullable=True),
    sa.Column('correlation_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('plan_id', name=op.f('pk_cleanup_plan'))
    )
    with op.batch_alter_table('cleanup_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cleanup_plan_state'), ['state'], unique=False)

    op.create_table('cleanup_sweep',
    sa.Column('sweep_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cluster', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('started_at', nsaas_app.store.tables.UtcTime(), nullable=False),
    sa.Column('took_ms', sa.Integer(), nullable=False),
    sa.Column('looked_at', sa.Integer(), nullable=False),
    sa.Column('found', sa.JSON(), nullable=False),
    sa.Column('excluded', sa.Integer(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('sweep_id', name=op.f('pk_cleanup_sweep'))
    )
    with op.batch_alter_table('cleanup_sweep', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cleanup_sweep_started_at'), ['started_at'], unique=False)

    op.create_table('turn',
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('owner', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('until_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_turn'))
    )


def downgrade() -> None:
    op.drop_table('turn')
    with op.batch_alter_table('cleanup_sweep', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cleanup_sweep_started_at'))

    op.drop_table('cleanup_sweep')
    with op.batch_alter_table('cleanup_plan', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cleanup_plan_state'))

    op.drop_table('cleanup_plan')
    op.drop_table('cleanup_observation')
    op.drop_table('cleanup_keep')

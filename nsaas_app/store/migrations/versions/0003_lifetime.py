"""lifetime: sleep, exports, notices

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import nsaas_app.store.tables


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('namespace', sa.Column('asleep', sa.JSON(), nullable=True))
    op.add_column('request', sa.Column('sleep', sa.JSON(), nullable=True))
    op.create_table('asleep_workload',
    sa.Column('cluster', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('namespace', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('uid', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('replicas', sa.Integer(), nullable=False),
    sa.Column('skipped', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('cluster', 'namespace', 'kind', 'name', name=op.f('pk_asleep_workload'))
    )
    op.create_table('export',
    sa.Column('export_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cluster', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('namespace', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('team', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('requested_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_at', nsaas_app.store.tables.UtcTime(), nullable=False),
    sa.Column('objects', sa.Integer(), nullable=False),
    sa.Column('left_out', sa.JSON(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('archive', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('export_id', name=op.f('pk_export'))
    )
    with op.batch_alter_table('export', schema=None) as batch_op:
        batch_op.create_index('ix_export_created', ['created_at', 'export_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_export_namespace'), ['namespace'], unique=False)
        batch_op.create_index(batch_op.f('ix_export_team'), ['team'], unique=False)
    op.create_table('notice',
    sa.Column('notice_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cluster', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('namespace', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('team', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('owner', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_at', nsaas_app.store.tables.UtcTime(), nullable=False),
    sa.PrimaryKeyConstraint('notice_id', name=op.f('pk_notice')),
    sa.UniqueConstraint('key', name=op.f('uq_notice_key'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index('ix_notice_created', ['created_at'], unique=False)
    op.create_table('notice_read',
    sa.Column('notice_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('read_at', nsaas_app.store.tables.UtcTime(), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.notice_id'], name=op.f('fk_notice_read_notice_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('notice_id', 'subject', name=op.f('pk_notice_read'))
    )
    op.create_table('delivery',
    sa.Column('delivery_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('notice_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('channel', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('receiver', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', nsaas_app.store.tables.UtcTime(), nullable=False),
    sa.Column('delivered_at', nsaas_app.store.tables.UtcTime(), nullable=True),
    sa.Column('error', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.notice_id'], name=op.f('fk_delivery_notice_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('delivery_id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('notice_id', 'channel', 'receiver', name='uq_delivery_receiver')
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('ix_delivery_due', ['state', 'due_at'], unique=False)


def downgrade() -> None:
    for table in ('delivery', 'notice_read', 'notice', 'export', 'asleep_workload'):
        op.drop_table(table)
    with op.batch_alter_table('request', schema=None) as batch_op:
        batch_op.drop_column('sleep')
    with op.batch_alter_table('namespace', schema=None) as batch_op:
        batch_op.drop_column('asleep')

"""personal: drafts and saved views; samples of quotas

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text

import nsaas_app.store.tables


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('personal',
    sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('updated_at', nsaas_app.store.tables.UtcTime(), nullable=False),
    sa.PrimaryKeyConstraint('subject', 'kind', 'key', name=op.f('pk_personal'))
    )
    op.create_table('quota_sample',
    sa.Column('cluster', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('namespace', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', nsaas_app.store.tables.UtcTime(), nullable=False),
    sa.Column('amounts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('cluster', 'namespace', 'at', name=op.f('pk_quota_sample'))
    )


def downgrade() -> None:
    op.drop_table('quota_sample')
    op.drop_table('personal')

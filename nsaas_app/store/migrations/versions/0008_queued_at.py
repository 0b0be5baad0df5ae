"""queued at

Revision ID: 0008
Revises: 0007
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

import nsaas_app.store.tables


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

_REQUEST = sa.table(
    'request',
    sa.column('request_id', sa.String()),
    sa.column('phase', sa.String()),
    sa.column('approval', sa.JSON()),
    sa.column('created_at', nsaas_app.store.tables.UtcTime()),
    sa.column('started_at', nsaas_app.store.tables.UtcTime()),
    sa.column('queued_at', nsaas_app.store.tables.UtcTime()),
)
_STEP = sa.table(
    'step',
    sa.column('request_id', sa.String()),
    sa.column('position', sa.Integer()),
    sa.column('attempts', sa.Integer()),
)
_JOB = sa.table(
    'job', sa.column('key', sa.String()), sa.column('state', sa.String()), sa.column('run_after_ms', sa.BigInteger())
)


def upgrade() -> None:
    with op.batch_alter_table('request', schema=None) as batch_op:
        batch_op.add_column(sa.Column('queued_at', nsaas_app.store.tables.UtcTime(), nullable=True))
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """What waits has the place of its job; what has begun waited since its submit or last approval.

    Of what was retried before nobody wrote down since when it waited: that stays empty.
    """
    due = {key: at for key, at in connection.execute(
        sa.select(_JOB.c.key, _JOB.c.run_after_ms).where(_JOB.c.state == 'queued')
    )}
    retried = set(connection.execute(
        sa.select(_STEP.c.request_id).where(_STEP.c.position == 0, _STEP.c.attempts > 1)
    ).scalars())
    rows = connection.execute(
        sa.select(_REQUEST).where(sa.or_(_REQUEST.c.phase == 'queued', _REQUEST.c.started_at.is_not(None)))
    ).mappings()
    found: list[dict[str, Any]] = []
    for row in rows:
        key = row['request_id']
        if row['phase'] == 'queued' and key in due:
            found.append({'of_request': key, 'at': datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=due[key])})
        elif key not in retried:
            said = [datetime.fromisoformat(one['at']) for one in (row['approval'] or {}).get('decisions', ())]
            found.append({'of_request': key, 'at': max(said, default=row['created_at'])})
    if found:
        write = sa.update(_REQUEST).where(_REQUEST.c.request_id == sa.bindparam('of_request'))
        connection.execute(write.values(queued_at=sa.bindparam('at', type_=nsaas_app.store.tables.UtcTime())), found)


def downgrade() -> None:
    with op.batch_alter_table('request', schema=None) as batch_op:
        batch_op.drop_column('queued_at')

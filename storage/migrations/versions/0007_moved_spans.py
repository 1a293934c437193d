"""where people moved or relabelled spans"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

MOVED = (
    "entity = 'span' AND row_id IS NOT NULL AND after IS NOT NULL "
    """AND (instr(before, '"label_id"') > 0 OR instr(before, '"fragments"') > 0)"""
)


def upgrade() -> None:
    op.create_index('ix_change_moved', 'change', ['entity', 'row_id'], unique=False, sqlite_where=sa.text(MOVED))

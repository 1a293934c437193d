"""mentions by actor with what counting needs, mentions without an actor by their words"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_span_actor', table_name='span')
    op.create_index('ix_span_actor', 'span', ['actor_id', 'state', 'document_id'], unique=False, sqlite_where=sa.text('actor_id IS NOT NULL'))
    op.create_index('ix_span_unlinked', 'span', ['quote', 'label_id', 'state', 'document_id', 'actor_id'], unique=False, sqlite_where=sa.text('actor_id IS NULL AND length(quote) <= 100'))

"""suggestions that were decided on; remembered words by what they hang on"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_span_judged', 'span', ['label_id', 'state', 'document_id'], unique=False, sqlite_where=sa.text("origin = 'suggester' AND state <> 'suggested'"))
    op.create_index(op.f('ix_remembered_words_actor_id'), 'remembered_words', ['actor_id'], unique=False)
    op.create_index(op.f('ix_remembered_words_label_id'), 'remembered_words', ['label_id'], unique=False)
    op.create_index(op.f('ix_remembered_words_document_id'), 'remembered_words', ['document_id'], unique=False)

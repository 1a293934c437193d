"""full-text index, words never suggested, undecided spans by their words"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('blocked_words',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('label_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('folded', sa.String(), nullable=False),
    sa.Column('analyst_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.String(), nullable=False),
    sa.CheckConstraint("folded <> ''", name=op.f('ck_blocked_words_folded_given')),
    sa.ForeignKeyConstraint(['analyst_id'], ['analyst.id'], name=op.f('fk_blocked_words_analyst_id_analyst')),
    sa.ForeignKeyConstraint(['label_id'], ['label.id'], name=op.f('fk_blocked_words_label_id_label')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blocked_words')),
    sa.UniqueConstraint('label_id', 'folded', name=op.f('uq_blocked_words_label_id_folded')),
    sqlite_autoincrement=True
    )
    op.create_table('indexed_document',
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_indexed_document_document_id_document'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_indexed_document'))
    )
    with op.batch_alter_table('span', schema=None) as batch_op:
        batch_op.create_index('ix_span_undecided', ['label_id', 'quote'], unique=False, sqlite_where=sa.text("state = 'suggested'"))

    # No metadata can describe it; `storage.search_index` fills it, and makes it anew should it be missing.
    op.execute(
        "CREATE VIRTUAL TABLE document_fts USING fts5"
        "(text, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2')"
    )

"""remembered words, settings of labels, options of the suggesters"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

_DECIDED_HERE = "origin <> 'import' AND state <> 'suggested' AND length(quote) <= 100"


def upgrade() -> None:
    op.create_table('label_setting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('label_id', sa.Integer(), nullable=False),
    sa.Column('least_score', sa.Double(), nullable=False),
    sa.Column('is_remembered', sa.Boolean(), nullable=False),
    sa.CheckConstraint('least_score >= 0 AND least_score <= 1', name=op.f('ck_label_setting_least_score_range')),
    sa.ForeignKeyConstraint(['label_id'], ['label.id'], name=op.f('fk_label_setting_label_id_label'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_label_setting')),
    sa.UniqueConstraint('label_id', name=op.f('uq_label_setting_label_id')),
    sqlite_autoincrement=True
    )
    op.create_table('suggest_option',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_suggest_option_name_given')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggest_option')),
    sa.UniqueConstraint('name', name=op.f('uq_suggest_option_name')),
    sqlite_autoincrement=True
    )
    op.create_table('remembered_words',
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('label_id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['actor.id'], name=op.f('fk_remembered_words_actor_id_actor'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_remembered_words_document_id_document'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['label_id'], ['label.id'], name=op.f('fk_remembered_words_label_id_label'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('words', name=op.f('pk_remembered_words'))
    )
    op.create_index('ix_span_scored', 'span', ['label_id', 'score', 'document_id'], unique=False, sqlite_where=sa.text("state = 'suggested'"))
    op.create_index('ix_span_decided_words', 'span', ['quote', 'label_id', 'state', 'actor_id', 'document_id', 'decided_at'], unique=False, sqlite_where=sa.text(_DECIDED_HERE))

"""first schema"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('analyst',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('created_at', sa.String(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_analyst_name_given')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_analyst')),
    sa.UniqueConstraint('name', name=op.f('uq_analyst_name')),
    sqlite_autoincrement=True
    )
    op.create_table('field',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('definition', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind = 'actor' OR kind = 'claim' OR kind = 'cue'", name=op.f('ck_field_kind_known')),
    sa.CheckConstraint("type = 'choice' OR type = 'text' OR type = 'date' OR type = 'number'", name=op.f('ck_field_type_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field')),
    sa.UniqueConstraint('kind', 'name', name=op.f('uq_field_kind_name')),
    sqlite_autoincrement=True
    )
    op.create_table('label',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=True),
    sa.Column('colour', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=True),
    sa.Column('definition', sa.String(), nullable=False),
    sa.Column('examples', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind = 'actor' OR kind = 'claim' OR kind = 'cue'", name=op.f('ck_label_kind_known')),
    sa.CheckConstraint("name <> ''", name=op.f('ck_label_name_given')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_label')),
    sa.UniqueConstraint('code', name=op.f('uq_label_code')),
    sa.UniqueConstraint('key', name=op.f('uq_label_key')),
    sa.UniqueConstraint('kind', 'name', name=op.f('uq_label_kind_name')),
    sqlite_autoincrement=True
    )
    op.create_table('link_type',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('from_kind', sa.String(), nullable=False),
    sa.Column('to_kind', sa.String(), nullable=False),
    sa.Column('definition', sa.String(), nullable=False),
    sa.CheckConstraint("from_kind = 'actor' OR from_kind = 'claim' OR from_kind = 'cue'", name=op.f('ck_link_type_from_kind_known')),
    sa.CheckConstraint("to_kind = 'actor' OR to_kind = 'claim' OR to_kind = 'cue'", name=op.f('ck_link_type_to_kind_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link_type')),
    sa.UniqueConstraint('code', name=op.f('uq_link_type_code')),
    sqlite_autoincrement=True
    )
    op.create_table('setting',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_setting'))
    )
    op.create_table('suggester_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('suggester', sa.String(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('model', sa.String(), nullable=False),
    sa.Column('started_at', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggester_run')),
    sa.UniqueConstraint('suggester', 'version', 'model', name=op.f('uq_suggester_run_suggester_version_model')),
    sqlite_autoincrement=True
    )
    op.create_table('actor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('label_id', sa.Integer(), nullable=True),
    sa.Column('notes', sa.String(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_actor_name_given')),
    sa.ForeignKeyConstraint(['label_id'], ['label.id'], name=op.f('fk_actor_label_id_label')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_actor')),
    sqlite_autoincrement=True
    )
    op.create_table('change_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('operation', sa.String(), nullable=False),
    sa.Column('at', sa.String(), nullable=False),
    sa.Column('analyst_id', sa.Integer(), nullable=True),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.Column('took_ms', sa.Integer(), nullable=True),
    sa.Column('is_undoable', sa.Boolean(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('effect_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("status = 'applied' OR status = 'undone' OR status = 'discarded'", name=op.f('ck_change_set_status_known')),
    sa.ForeignKeyConstraint(['analyst_id'], ['analyst.id'], name=op.f('fk_change_set_analyst_id_analyst')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_set')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('change_set', schema=None) as batch_op:
        batch_op.create_index('ix_change_set_undo', ['status', 'is_undoable', 'id'], unique=False)

    op.create_table('import_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('at', sa.String(), nullable=False),
    sa.Column('analyst_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state = 'staged' OR state = 'present' OR state = 'removed'", name=op.f('ck_import_batch_state_known')),
    sa.ForeignKeyConstraint(['analyst_id'], ['analyst.id'], name=op.f('fk_import_batch_analyst_id_analyst')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batch')),
    sqlite_autoincrement=True
    )
    op.create_table('actor_alias',
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('alias', sa.String(), nullable=False),
    sa.Column('folded', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['actor.id'], name=op.f('fk_actor_alias_actor_id_actor'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('actor_id', 'alias', name=op.f('pk_actor_alias'))
    )
    with op.batch_alter_table('actor_alias', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_actor_alias_folded'), ['folded'], unique=False)

    op.create_table('change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('set_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('entity', sa.String(), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=True),
    sa.Column('before', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('after', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['set_id'], ['change_set.id'], name=op.f('fk_change_set_id_change_set'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('change', schema=None) as batch_op:
        batch_op.create_index('ix_change_row', ['entity', 'row_id'], unique=False, sqlite_where=sa.text('row_id IS NOT NULL'))
        batch_op.create_index('ix_change_set_id', ['set_id', 'position'], unique=False)

    op.create_table('document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('date', sa.String(), nullable=True),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('encoding', sa.String(), nullable=False),
    sa.Column('length_cp', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('meta', sa.JSON(), nullable=False),
    sa.Column('imported_at', sa.String(), nullable=False),
    sa.Column('removed_at', sa.String(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(sha256) = 64', name=op.f('ck_document_sha256_shape')),
    sa.CheckConstraint('length_cp > 0', name=op.f('ck_document_length_positive')),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_document_batch_id_import_batch')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index('ix_document_listed', ['position', 'id'], unique=False, sqlite_where=sa.text('removed_at IS NULL'))
        batch_op.create_index(batch_op.f('ix_document_sha256'), ['sha256'], unique=False)

    op.create_table('document_progress',
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('undecided', sa.Integer(), nullable=False),
    sa.Column('decided', sa.Integer(), nullable=False),
    sa.Column('reviewed_cp', sa.Integer(), nullable=False),
    sa.CheckConstraint('undecided >= 0 AND decided >= 0 AND reviewed_cp >= 0', name=op.f('ck_document_progress_not_negative')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_progress_document_id_document'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_document_progress'))
    )
    op.create_table('document_run',
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('finished_at', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_run_document_id_document'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['suggester_run.id'], name=op.f('fk_document_run_run_id_suggester_run'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', 'run_id', name=op.f('pk_document_run'))
    )
    op.create_table('document_text',
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_text_document_id_document'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_document_text'))
    )
    op.create_table('reviewed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('start_cp', sa.Integer(), nullable=False),
    sa.Column('end_cp', sa.Integer(), nullable=False),
    sa.Column('analyst_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.String(), nullable=False),
    sa.CheckConstraint('start_cp >= 0 AND start_cp < end_cp', name=op.f('ck_reviewed_range')),
    sa.ForeignKeyConstraint(['analyst_id'], ['analyst.id'], name=op.f('fk_reviewed_analyst_id_analyst')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_reviewed_document_id_document'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviewed')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('reviewed', schema=None) as batch_op:
        batch_op.create_index('ix_reviewed_document', ['document_id', 'start_cp'], unique=False)

    op.create_table('span',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('label_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('start_cp', sa.Integer(), nullable=False),
    sa.Column('end_cp', sa.Integer(), nullable=False),
    sa.Column('quote', sa.String(), nullable=False),
    sa.Column('score', sa.Double(), nullable=True),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('analyst_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('is_flagged', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.String(), nullable=False),
    sa.Column('decided_at', sa.String(), nullable=True),
    sa.CheckConstraint("(state = 'suggested') = (decided_at IS NULL)", name=op.f('ck_span_decided_has_time')),
    sa.CheckConstraint("origin <> 'suggester' OR run_id IS NOT NULL", name=op.f('ck_span_suggester_has_run')),
    sa.CheckConstraint("origin = 'suggester' OR origin = 'human' OR origin = 'import'", name=op.f('ck_span_origin_known')),
    sa.CheckConstraint("state = 'suggested' OR analyst_id IS NOT NULL", name=op.f('ck_span_decided_has_analyst')),
    sa.CheckConstraint("state = 'suggested' OR state = 'confirmed' OR state = 'rejected'", name=op.f('ck_span_state_known')),
    sa.CheckConstraint('score IS NULL OR (score >= 0 AND score <= 1)', name=op.f('ck_span_score_range')),
    sa.CheckConstraint("quote <> ''", name=op.f('ck_span_quote_given')),
    sa.CheckConstraint('start_cp >= 0 AND start_cp < end_cp', name=op.f('ck_span_range')),
    sa.ForeignKeyConstraint(['actor_id'], ['actor.id'], name=op.f('fk_span_actor_id_actor')),
    sa.ForeignKeyConstraint(['analyst_id'], ['analyst.id'], name=op.f('fk_span_analyst_id_analyst')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_span_document_id_document'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['label_id'], ['label.id'], name=op.f('fk_span_label_id_label')),
    sa.ForeignKeyConstraint(['run_id'], ['suggester_run.id'], name=op.f('fk_span_run_id_suggester_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_span')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('span', schema=None) as batch_op:
        batch_op.create_index('ix_span_actor', ['actor_id'], unique=False, sqlite_where=sa.text('actor_id IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_span_label_id'), ['label_id'], unique=False)
        batch_op.create_index('ix_span_place', ['document_id', 'start_cp', 'end_cp'], unique=False)

    op.create_table('fragment',
    sa.Column('span_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('start_cp', sa.Integer(), nullable=False),
    sa.Column('end_cp', sa.Integer(), nullable=False),
    sa.CheckConstraint('position >= 0', name=op.f('ck_fragment_position')),
    sa.CheckConstraint('start_cp >= 0 AND start_cp < end_cp', name=op.f('ck_fragment_range')),
    sa.ForeignKeyConstraint(['span_id'], ['span.id'], name=op.f('fk_fragment_span_id_span'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('span_id', 'position', name=op.f('pk_fragment')),
    sqlite_with_rowid=False
    )
    op.create_table('link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('type_id', sa.Integer(), nullable=False),
    sa.Column('from_id', sa.Integer(), nullable=False),
    sa.Column('to_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('score', sa.Double(), nullable=True),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('analyst_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.String(), nullable=True),
    sa.CheckConstraint("(state = 'suggested') = (decided_at IS NULL)", name=op.f('ck_link_decided_has_time')),
    sa.CheckConstraint("origin <> 'suggester' OR run_id IS NOT NULL", name=op.f('ck_link_suggester_has_run')),
    sa.CheckConstraint("origin = 'suggester' OR origin = 'human' OR origin = 'import'", name=op.f('ck_link_origin_known')),
    sa.CheckConstraint("state = 'suggested' OR analyst_id IS NOT NULL", name=op.f('ck_link_decided_has_analyst')),
    sa.CheckConstraint("state = 'suggested' OR state = 'confirmed' OR state = 'rejected'", name=op.f('ck_link_state_known')),
    sa.CheckConstraint('from_id <> to_id', name=op.f('ck_link_two_ends')),
    sa.CheckConstraint('score IS NULL OR (score >= 0 AND score <= 1)', name=op.f('ck_link_score_range')),
    sa.ForeignKeyConstraint(['analyst_id'], ['analyst.id'], name=op.f('fk_link_analyst_id_analyst')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_link_document_id_document'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['from_id'], ['span.id'], name=op.f('fk_link_from_id_span'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['suggester_run.id'], name=op.f('fk_link_run_id_suggester_run')),
    sa.ForeignKeyConstraint(['to_id'], ['span.id'], name=op.f('fk_link_to_id_span'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['type_id'], ['link_type.id'], name=op.f('fk_link_type_id_link_type')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link')),
    sa.UniqueConstraint('from_id', 'to_id', 'type_id', name=op.f('uq_link_from_id_to_id_type_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.create_index('ix_link_document', ['document_id'], unique=False)
        batch_op.create_index('ix_link_to', ['to_id'], unique=False)

    op.create_table('span_field',
    sa.Column('span_id', sa.Integer(), nullable=False),
    sa.Column('field_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['field_id'], ['field.id'], name=op.f('fk_span_field_field_id_field')),
    sa.ForeignKeyConstraint(['span_id'], ['span.id'], name=op.f('fk_span_field_span_id_span'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('span_id', 'field_id', name=op.f('pk_span_field')),
    sqlite_with_rowid=False
    )

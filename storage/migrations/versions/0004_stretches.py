"""stretches of a text: pages, and what is left out of the work"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('stretch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('start_cp', sa.Integer(), nullable=False),
    sa.Column('end_cp', sa.Integer(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('analyst_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.String(), nullable=False),
    sa.CheckConstraint('start_cp >= 0 AND start_cp < end_cp', name=op.f('ck_stretch_range')),
    sa.CheckConstraint("kind = 'excluded' OR kind = 'page'", name=op.f('ck_stretch_kind_known')),
    sa.ForeignKeyConstraint(['analyst_id'], ['analyst.id'], name=op.f('fk_stretch_analyst_id_analyst')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_stretch_document_id_document'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stretch')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_stretch_document', 'stretch', ['document_id', 'start_cp'], unique=False)

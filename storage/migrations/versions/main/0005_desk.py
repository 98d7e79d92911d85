"""The desk: who is signed in, and what staff wrote down beside a request"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fact_states',
    sa.Column('fact_id', sa.String(length=64), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=True),
    sa.Column('checked_by', sa.Text(), nullable=True),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('fact_id', name=op.f('pk_fact_states'))
    )
    op.create_table('sign_in_tries',
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('source', name=op.f('pk_sign_in_tries'))
    )
    op.create_table('exports',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('staff_id', sa.String(length=32), nullable=False),
    sa.Column('form', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('rows_done', sa.Integer(), server_default='0', nullable=False),
    sa.Column('rows_all', sa.Integer(), server_default='0', nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_exports_staff_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exports'))
    )
    op.create_index(op.f('ix_exports_made_at'), 'exports', ['made_at'], unique=False)
    op.create_index(op.f('ix_exports_staff_id'), 'exports', ['staff_id'], unique=False)
    op.create_table('saved_views',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('staff_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_saved_views_staff_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_views'))
    )
    op.create_index(op.f('ix_saved_views_staff_id'), 'saved_views', ['staff_id'], unique=False)
    op.create_table('staff_devices',
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('staff_id', sa.String(length=32), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_devices_staff_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_staff_devices'))
    )
    op.create_index(op.f('ix_staff_devices_staff_id'), 'staff_devices', ['staff_id'], unique=False)
    op.create_table('staff_sessions',
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('staff_id', sa.String(length=32), nullable=False),
    sa.Column('whole', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_sessions_staff_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_staff_sessions'))
    )
    op.create_index(op.f('ix_staff_sessions_staff_id'), 'staff_sessions', ['staff_id'], unique=False)
    op.create_table('referral_notes',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('referral_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_referral_notes_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['referral_id'], ['referrals.id'], name=op.f('fk_referral_notes_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_notes'))
    )
    op.create_index(op.f('ix_referral_notes_person_id'), 'referral_notes', ['person_id'], unique=False)
    op.create_index(op.f('ix_referral_notes_referral_id'), 'referral_notes', ['referral_id'], unique=False)
    op.create_table('reveals',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('referral_id', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.BigInteger(), nullable=False),
    sa.Column('agreed_by', sa.Text(), nullable=True),
    sa.Column('agreed_at', sa.BigInteger(), nullable=True),
    sa.Column('shown_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['referral_id'], ['referrals.id'], name=op.f('fk_reveals_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reveals'))
    )
    op.create_index(op.f('ix_reveals_referral_id'), 'reveals', ['referral_id'], unique=False)
    op.add_column('referrals', sa.Column('assigned_to', sa.String(length=32), nullable=True))
    op.add_column('staff', sa.Column('member_id', sa.String(length=32), nullable=True))
    op.add_column('staff', sa.Column('enrolled_at', sa.BigInteger(), nullable=True))
    op.create_index('ix_referrals_figures', 'referrals', ['kind', 'state', 'outcome', 'district', 'opened_at'], unique=False)
    op.create_index(op.f('ix_follow_ups_answered_at_answer'), 'follow_ups', ['answered_at', 'answer'], unique=False)
    op.drop_index(op.f('ix_referral_changes_referral_id'), table_name='referral_changes')
    op.create_index(op.f('ix_referral_changes_referral_id_at_by'), 'referral_changes', ['referral_id', 'at', 'by'], unique=False)
    # Two talks may have had one tag; what is over needs none.
    op.execute(
        "UPDATE relays SET tag = NULL WHERE state = 'closed' AND EXISTS "
        "(SELECT 1 FROM relays AS other WHERE other.tag = relays.tag AND other.id <> relays.id)"
    )
    op.create_index(op.f('ix_relays_tag'), 'relays', ['tag'], unique=True)

"""The live talk: members, their invitations, offers, words, and what came of it"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('members',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('blind_index', sa.LargeBinary(length=32), nullable=True),
    sa.Column('address_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('provider', sa.Text(), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('collective', sa.String(length=64), nullable=False),
    sa.Column('label', sa.String(length=32), nullable=False),
    sa.Column('districts', sa.JSON(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('needs', sa.JSON(), nullable=False),
    sa.Column('home', sa.Text(), nullable=True),
    sa.Column('block', sa.Text(), nullable=True),
    sa.Column('capacity', sa.BigInteger(), nullable=False),
    sa.Column('duty', sa.JSON(), nullable=False),
    sa.Column('holidays', sa.JSON(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('pending_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('away_until', sa.BigInteger(), nullable=True),
    sa.Column('joined_at', sa.BigInteger(), nullable=True),
    sa.Column('prompted_at', sa.BigInteger(), nullable=True),
    sa.Column('revoked_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_members')),
    sa.UniqueConstraint('blind_index', name=op.f('uq_members_blind_index')),
    sa.UniqueConstraint('label', name=op.f('uq_members_label'))
    )
    op.create_index(op.f('ix_members_collective'), 'members', ['collective'], unique=False)
    op.create_table('invitations',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('member_id', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_invitations_member_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitations_token_hash'))
    )
    op.create_index(op.f('ix_invitations_member_id'), 'invitations', ['member_id'], unique=False)
    op.create_table('follow_ups',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('referral_code', sa.String(length=7), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=False),
    sa.Column('asked_at', sa.BigInteger(), nullable=True),
    sa.Column('answered_at', sa.BigInteger(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_follow_ups_person_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['referral_code'], ['referrals.code'], name=op.f('fk_follow_ups_referral_code'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_ups'))
    )
    op.create_index(op.f('ix_follow_ups_person_id_state'), 'follow_ups', ['person_id', 'state'], unique=False)
    op.create_index(op.f('ix_follow_ups_referral_code'), 'follow_ups', ['referral_code'], unique=False)
    op.create_index(op.f('ix_follow_ups_state_due_at'), 'follow_ups', ['state', 'due_at'], unique=False)
    op.create_table('relay_events',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('relay_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['relay_id'], ['relays.id'], name=op.f('fk_relay_events_relay_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_relay_events'))
    )
    op.create_index(op.f('ix_relay_events_relay_id_at'), 'relay_events', ['relay_id', 'at'], unique=False)
    op.create_table('relay_messages',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('relay_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('member_id', sa.String(length=32), nullable=True),
    sa.Column('direction', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), server_default='0', nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('source', sa.LargeBinary(length=32), nullable=True),
    sa.Column('outbox_id', sa.String(length=32), nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_relay_messages_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['relay_id'], ['relays.id'], name=op.f('fk_relay_messages_relay_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_relay_messages'))
    )
    op.create_index(op.f('ix_relay_messages_outbox_id'), 'relay_messages', ['outbox_id'], unique=False)
    op.create_index(op.f('ix_relay_messages_person_id_state'), 'relay_messages', ['person_id', 'state'], unique=False)
    op.create_index(op.f('ix_relay_messages_relay_id_position'), 'relay_messages', ['relay_id', 'position'], unique=False)
    op.create_index(op.f('ix_relay_messages_source'), 'relay_messages', ['source'], unique=False)
    op.create_table('relay_offers',
    sa.Column('relay_id', sa.String(length=32), nullable=False),
    sa.Column('member_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('ring', sa.Integer(), server_default='0', nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_relay_offers_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['relay_id'], ['relays.id'], name=op.f('fk_relay_offers_relay_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('relay_id', 'member_id', name=op.f('pk_relay_offers'))
    )
    op.add_column('outbox', sa.Column('member_id', sa.String(length=32), nullable=True))
    op.add_column('outbox', sa.Column('about', sa.String(length=32), nullable=True))
    op.add_column('outbox', sa.Column('stream', sa.Text(), nullable=True))
    op.add_column('outbox', sa.Column('position', sa.Integer(), server_default='0', nullable=False))
    op.create_index(op.f('ix_outbox_stream_position'), 'outbox', ['stream', 'position'], unique=False)
    op.add_column('relays', sa.Column('tag', sa.String(length=8), nullable=True))
    op.add_column('relays', sa.Column('language', sa.Text(), nullable=True))
    op.add_column('relays', sa.Column('channel', sa.Text(), nullable=True))
    op.add_column('relays', sa.Column('ring', sa.Integer(), server_default='0', nullable=False))
    op.add_column('relays', sa.Column('ring_at', sa.BigInteger(), nullable=True))
    op.add_column('relays', sa.Column('version', sa.Integer(), server_default='0', nullable=False))
    op.add_column('relays', sa.Column('position', sa.Integer(), server_default='0', nullable=False))
    op.add_column('relays', sa.Column('outcome', sa.Text(), nullable=True))
    op.add_column('relays', sa.Column('keeps_words', sa.Boolean(), nullable=True))
    op.add_column('relays', sa.Column('near_agreed', sa.Boolean(), nullable=True))
    op.add_column('relays', sa.Column('told', sa.Text(), nullable=True))
    op.add_column('relays', sa.Column('topic', sa.BigInteger(), nullable=True))
    op.add_column('relays', sa.Column('topic_chat', sa.Text(), nullable=True))
    op.create_index(op.f('ix_relays_member_id_state'), 'relays', ['member_id', 'state'], unique=False)
    op.create_index(op.f('ix_relays_state_ring_at'), 'relays', ['state', 'ring_at'], unique=False)
    op.create_index(op.f('ix_relays_topic'), 'relays', ['topic'], unique=False)
    op.execute("UPDATE relays SET ring_at = opened_at, tag = upper(substr(id, 25, 6)) WHERE state = 'waiting'")

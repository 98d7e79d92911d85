"""The tables of the live talk: who answers, who waits, what was said, and what came of it."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, LargeBinary, String, Table, Text

from storage.columns import hers, maybe, moment, number, once_hers, own_id, word
from storage.tables import MAIN

members = Table(
    "members",
    MAIN,
    own_id(),
    Column("blind_index", LargeBinary(32), unique=True),
    Column("address_sealed", LargeBinary),
    word("provider"),
    word("line"),
    Column("collective", String(64), nullable=False, index=True),
    Column("label", String(32), nullable=False, unique=True),
    Column("districts", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("needs", JSON, nullable=False),
    Column("home", Text),
    Column("block", Text),
    Column("capacity", BigInteger, nullable=False),
    Column("duty", JSON, nullable=False),
    Column("holidays", JSON, nullable=False),
    word("language"),
    Column("pending_sealed", LargeBinary),
    moment("made_at"),
    maybe("away_until"),
    maybe("joined_at"),
    maybe("prompted_at"),
    maybe("revoked_at"),
)


def _members(*, primary: bool = False) -> Column[str]:
    """A member's id in a row that goes when the member goes."""
    return Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=primary, nullable=False)


def _talks(*, primary: bool = False) -> Column[str]:
    return Column("relay_id", ForeignKey("relays.id", ondelete="CASCADE"), primary_key=primary, nullable=False)


invitations = Table(
    "invitations",
    MAIN,
    own_id(),
    _members(),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    moment("made_at"),
    moment("expires_at"),
    Index(None, "member_id"),
)

relays = Table(
    "relays",
    MAIN,
    own_id(),
    Column("referral_code", ForeignKey("referrals.code", ondelete="CASCADE"), index=True),
    once_hers(),
    Column("collective", Text),
    Column("member_id", String(32)),
    word("state"),
    moment("opened_at"),
    maybe("claimed_at"),
    maybe("closed_at"),
    number("turn"),
    Column("tag", String(8)),
    Column("language", Text),
    Column("channel", Text),
    number("ring"),
    maybe("ring_at"),
    number("version"),
    number("position"),
    Column("outcome", Text),
    Column("keeps_words", Boolean),
    Column("near_agreed", Boolean),
    Column("told", Text),
    Column("topic", BigInteger),
    Column("topic_chat", Text),
    Index(None, "person_id"),
    Index(None, "state", "opened_at"),
    Index(None, "state", "ring_at"),
    Index(None, "member_id", "state"),
    Index(None, "topic"),
    Index(None, "tag", unique=True),
)

offers = Table(
    "relay_offers",
    MAIN,
    _talks(primary=True),
    _members(primary=True),
    word("state"),
    number("ring"),
    moment("at"),
)

words = Table(
    "relay_messages",
    MAIN,
    own_id(),
    _talks(),
    hers(),
    Column("member_id", String(32)),
    word("direction"),
    number("position"),
    word("state"),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("source", LargeBinary(32)),
    Column("outbox_id", String(32)),
    moment("at"),
    maybe("expires_at"),
    Index(None, "relay_id", "position"),
    Index(None, "person_id", "state"),
    Index(None, "source"),
    Index(None, "outbox_id"),
)

events = Table(
    "relay_events",
    MAIN,
    own_id(),
    _talks(),
    moment("at"),
    word("what"),
    word("by"),
    word("detail"),
    Index(None, "relay_id", "at"),
)

follow_ups = Table(
    "follow_ups",
    MAIN,
    own_id(),
    Column("referral_code", ForeignKey("referrals.code", ondelete="CASCADE"), nullable=False, index=True),
    once_hers(),
    word("state"),
    moment("due_at"),
    maybe("asked_at"),
    maybe("answered_at"),
    Column("answer", Text),
    Index(None, "state", "due_at"),
    Index(None, "person_id", "state"),
    Index(None, "answered_at", "answer"),
)

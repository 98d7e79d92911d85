"""The tables of the desk: who is signed in, what staff wrote down beside a request, and which facts they hold."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, LargeBinary, String, Table, Text

from storage.columns import hers, maybe, moment, number, own_id, word
from storage.tables import MAIN


def _staffs() -> Column[str]:
    """A member of staff's id in a row that goes with the account."""
    return Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True)


def _requests() -> Column[str]:
    return Column("referral_id", ForeignKey("referrals.id", ondelete="CASCADE"), nullable=False, index=True)


sessions = Table(
    "staff_sessions",
    MAIN,
    Column("hash", LargeBinary(32), primary_key=True),
    _staffs(),
    Column("whole", Boolean, nullable=False),
    moment("made_at"),
    moment("seen_at"),
)

devices = Table(
    "staff_devices",
    MAIN,
    Column("hash", LargeBinary(32), primary_key=True),
    _staffs(),
    moment("made_at"),
)

tries = Table(
    "sign_in_tries",
    MAIN,
    Column("source", String(64), primary_key=True),
    number("tries"),
    moment("since"),
)

notes = Table(
    "referral_notes",
    MAIN,
    own_id(),
    _requests(),
    hers(),
    Column("text_sealed", LargeBinary, nullable=False),
    word("by"),
    moment("at"),
    Index(None, "person_id"),
)

reveals = Table(
    "reveals",
    MAIN,
    own_id(),
    _requests(),
    word("reason"),
    word("asked_by"),
    moment("asked_at"),
    Column("agreed_by", Text),
    maybe("agreed_at"),
    maybe("shown_at"),
)

views = Table(
    "saved_views",
    MAIN,
    own_id(),
    _staffs(),
    word("name"),
    word("query"),
)

exports = Table(
    "exports",
    MAIN,
    own_id(),
    _staffs(),
    word("form"),
    word("reason"),
    word("query"),
    word("state"),
    number("rows_done"),
    number("rows_all"),
    moment("changed_at"),
    Column("content", LargeBinary),
    moment("made_at"),
    Index(None, "made_at"),
)

fact_states = Table(
    "fact_states",
    MAIN,
    Column("fact_id", String(64), primary_key=True),
    Column("held", Boolean, nullable=False),
    word("reason"),
    Column("checked_on", Date),
    Column("checked_by", Text),
    word("by"),
    moment("at"),
)

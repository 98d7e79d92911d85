"""Every table of the main database and of the keystore; the newest migration makes exactly these."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from storage.columns import hers, maybe, moment, number, once_hers, own_id, word

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
MAIN = MetaData(naming_convention=_NAMES)
KEYS = MetaData(naming_convention=_NAMES)

seen = Table("seen", MAIN, Column("hash", LargeBinary(32), primary_key=True), moment("at"), sqlite_with_rowid=False)

people = Table(
    "people",
    MAIN,
    own_id(),
    Column("blind_index", LargeBinary(32), nullable=False, unique=True),
    Column("address_sealed", LargeBinary, nullable=False),
    word("channel"),
    word("provider"),
    word("line"),
    moment("first_at"),
    maybe("opted_out_at"),
    Column("erasing", Boolean, nullable=False),
)

conversations = Table(
    "conversations",
    MAIN,
    hers(primary=True),
    word("flow"),
    word("step"),
    Column("language", Text),
    Column("covered", Boolean, nullable=False),
    Column("known", Boolean, nullable=False),
    Column("waiting_flow", Text),
    Column("waiting_step", Text),
    Column("offered", JSON, nullable=False),
    number("page"),
    Column("slots", JSON, nullable=False),
    number("misses"),
    Column("question_sealed", LargeBinary),
    maybe("question_until"),
    Column("proved", Boolean, nullable=False),
    number("turn"),
    moment("seen_at"),
    Index(None, "seen_at"),
)

inbound = Table(
    "inbound",
    MAIN,
    own_id(),
    hers(),
    word("provider"),
    word("channel"),
    word("line"),
    Column("external_sealed", LargeBinary, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("has_media", Boolean, nullable=False),
    Column("pressed_in", BigInteger),
    moment("received_at"),
    word("state"),
    number("tries"),
    number("turn"),
    maybe("next_try_at"),
    Index(None, "person_id", "received_at"),
    Index(None, "received_at"),
    Index(None, "state", "next_try_at"),
)

referrals = Table(
    "referrals",
    MAIN,
    own_id(),
    Column("code", String(7), nullable=False, unique=True),
    once_hers(),
    word("kind"),
    word("state"),
    Column("outcome", Text),
    Column("district", Text),
    Column("need", Text),
    Column("age", Text),
    Column("contact", Text),
    Column("safety", Text),
    Column("language", Text),
    word("channel"),
    Column("collective", Text),
    Column("assigned_to", String(32)),
    moment("opened_at"),
    moment("changed_at"),
    Index(None, "person_id", "opened_at"),
    Index(None, "opened_at"),
    # All that figures tell apart, in order: counted without a look at the rows (storage/figures.py).
    Index("ix_referrals_figures", "kind", "state", "outcome", "district", "opened_at"),
)

referral_changes = Table(
    "referral_changes",
    MAIN,
    own_id(),
    Column("referral_id", ForeignKey("referrals.id", ondelete="CASCADE"), nullable=False),
    moment("at"),
    word("state"),
    Column("outcome", Text),
    word("by"),
    Index(None, "referral_id", "at", "by"),
)

return_codes = Table(
    "return_codes",
    MAIN,
    hers(primary=True),
    Column("code_hash", LargeBinary(32), nullable=False, unique=True),
    moment("given_at"),
)

wrong_codes = Table(
    "wrong_codes",
    MAIN,
    Column("day", Date, primary_key=True),
    Column("sender", String(64), primary_key=True),
    number("tries"),
)

outbox = Table(
    "outbox",
    MAIN,
    own_id(),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE")),
    Column("key_id", String(32), nullable=False),
    word("provider"),
    word("line"),
    word("channel"),
    Column("address_sealed", LargeBinary),
    Column("body_sealed", LargeBinary, nullable=False),
    Column("buttons_sealed", LargeBinary),
    word("kind"),
    number("turn"),
    number("parts"),
    Column("encoding", Text),
    word("language"),
    word("place"),
    number("choices"),
    number("priority"),
    word("state"),
    word("reason"),
    number("attempts"),
    number("doubts"),
    moment("due_at"),
    moment("expires_at"),
    maybe("claimed_until"),
    Column("claimed_by", Text),
    Column("external_id", Text),
    Column("inbound_id", ForeignKey("inbound.id", ondelete="SET NULL"), unique=True),
    Column("farewell_to", String(32), unique=True),
    moment("put_at"),
    moment("changed_at"),
    Column("member_id", String(32)),
    Column("about", String(32)),
    Column("stream", Text),
    number("position"),
    Index(None, "state", "due_at"),
    Index(None, "person_id", "state"),
    Index(None, "provider", "external_id"),
    Index(None, "put_at"),
    Index(None, "stream", "position"),
)

spend = Table(
    "spend",
    MAIN,
    Column("day", Date, primary_key=True),
    Column("scope", Text, primary_key=True),
    number("parts"),
)

timers = Table(
    "timers",
    MAIN,
    own_id(),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE")),
    word("kind"),
    number("turn"),
    moment("due_at"),
    Column("payload", JSON, nullable=False),
    Index(None, "due_at"),
    Index(None, "person_id"),
)

alerts = Table(
    "alerts",
    MAIN,
    own_id(),
    word("kind"),
    Column("referral_code", String(7)),
    moment("raised_at"),
    moment("next_at"),
    number("times"),
    maybe("acknowledged_at"),
    Index(None, "acknowledged_at", "next_at"),
    Index(None, "referral_code"),
)

collectives = Table(
    "collectives",
    MAIN,
    Column("id", String(64), primary_key=True),
    Column("spoken_name", Text),
    word("name"),
    Column("districts", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("contact", Text),
    Column("contact_kind", Text),
    Column("is_sample", Boolean, nullable=False),
    Column("consented_on", Date),
    Column("show", Boolean, nullable=False),
)

staff = Table(
    "staff",
    MAIN,
    own_id(),
    Column("name", String(32), nullable=False, unique=True),
    word("role"),
    word("password_hash"),
    Column("totp_sealed", LargeBinary, nullable=False),
    Column("totp_step", BigInteger),
    Column("recovery", JSON, nullable=False),
    Column("member_id", String(32)),
    moment("made_at"),
    maybe("enrolled_at"),
    maybe("disabled_at"),
)

safe_contacts = Table(
    "safe_contacts",
    MAIN,
    hers(primary=True),
    word("channel"),
    number("first_hour"),
    number("last_hour"),
    word("wording"),
    moment("given_at"),
    moment("expires_at"),
)

stages = Table(
    "stages",
    MAIN,
    hers(primary=True),
    Column("guide", String(32), primary_key=True),
    word("stage"),
    moment("since"),
)

journal = Table(
    "journal",
    MAIN,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    moment("at"),
    word("actor"),
    word("action"),
    word("subject"),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

erasures = Table("erasures", MAIN, Column("person_id", String(32), primary_key=True), moment("at"))

marks = Table("marks", MAIN, Column("name", String(64), primary_key=True), word("value"))

person_keys = Table("person_keys", KEYS, own_id(), Column("wrapped", LargeBinary, nullable=False), moment("made_at"))

erased = Table("erased", KEYS, Column("person_id", String(32), primary_key=True), moment("at"))

key_check = Table("key_check", KEYS, own_id(), Column("sealed", LargeBinary, nullable=False))

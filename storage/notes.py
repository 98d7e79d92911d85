"""What staff wrote down beside a request: under her own key, so that when she is forgotten, so is every word of it."""

from dataclasses import dataclass, field, fields
from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.desk_tables import notes
from storage.ids import new_id
from storage.seal import PersonKey, Sealer, Where


@dataclass(frozen=True, slots=True)
class Note:
    """One note; only her own key opens it."""

    id: str
    by: str
    at: datetime
    text_sealed: bytes = field(repr=False)


def add(db: Connection, sealer: Sealer, key: PersonKey, *, referral_id: str, text: str, by: str, now: datetime) -> None:
    """Keep a note. Call it with her row locked, so that she is not forgotten meanwhile."""
    note_id = new_id(now)
    row = {"id": note_id, "referral_id": referral_id, "person_id": key.id, "by": by, "at": now}
    db.execute(insert(notes), {**row, "text_sealed": sealer.seal(key, _where(note_id), text)})


def of_referral(db: Connection, referral_id: str) -> list[Note]:
    """The notes beside a request, the oldest first."""
    found = select(*(notes.c[one.name] for one in fields(Note))).where(notes.c.referral_id == referral_id)
    return [Note(**row) for row in db.execute(found.order_by(notes.c.at, notes.c.id)).mappings()]


def text_of(sealer: Sealer, key: PersonKey, note: Note) -> str:
    """The words of a note.

    Raises:
        Tampered: the sealed text was changed or moved.
    """
    return sealer.open(key, _where(note.id), note.text_sealed)


def _where(note_id: str) -> Where:
    return Where("referral_notes", "text_sealed", note_id)

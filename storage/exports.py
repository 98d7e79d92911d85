"""Copies of the log that staff asked for: what is wanted, how far it is, and the file itself for an hour at most."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from storage.desk_tables import exports
from storage.ids import new_id

State: TypeAlias = Literal["asked", "running", "ready", "failed"]
KEPT = timedelta(hours=1)
SILENT = timedelta(minutes=1)  # so long without a sign, whoever worked on it is gone


@dataclass(frozen=True, slots=True)
class Export:
    """One copy that was asked for; its content is read apart."""

    id: str
    staff_id: str
    form: str
    reason: str
    query: str
    state: State
    rows_done: int
    rows_all: int
    changed_at: datetime
    made_at: datetime

    def is_stuck(self, now: datetime) -> bool:
        """Whether nobody works on it any more, though it is not done."""
        return self.state in ("asked", "running") and now - self.changed_at > SILENT


_ALL = tuple(exports.c[field.name] for field in fields(Export))


def ask(db: Connection, *, staff_id: str, form: str, reason: str, query: str, rows_all: int, now: datetime) -> Export:
    """Write down that a copy is wanted."""
    export = Export(new_id(now), staff_id, form, reason, query, "asked", 0, rows_all, now, now)
    db.execute(insert(exports), {field.name: getattr(export, field.name) for field in fields(Export)})
    return export


def read(db: Connection, export_id: str, now: datetime) -> Export | None:
    """The copy of this id, until its hour is over."""
    found = select(*_ALL).where(exports.c.id == export_id, exports.c.made_at > now - KEPT)
    row = db.execute(found).mappings().first()
    return None if row is None else Export(**row)


def of_staff(db: Connection, staff_id: str, now: datetime) -> Sequence[Export]:
    """What somebody asked for within the hour, the newest first."""
    found = select(*_ALL).where(exports.c.staff_id == staff_id, exports.c.made_at > now - KEPT)
    return [Export(**row) for row in db.execute(found.order_by(exports.c.id.desc())).mappings()]


def content(db: Connection, export_id: str, now: datetime) -> bytes | None:
    """The file, once it is ready and until its hour is over."""
    found = select(exports.c.content).where(exports.c.id == export_id, exports.c.made_at > now - KEPT)
    kept = db.execute(found.where(exports.c.state == "ready")).scalar_one_or_none()
    return None if kept is None else bytes(kept)


def due(db: Connection, now: datetime) -> Export | None:
    """The longest waiting copy that nobody works on: it was just asked for, or whoever did is silent."""
    found = select(*_ALL).where(_is_free(now), exports.c.made_at > now - KEPT)
    row = db.execute(found.order_by(exports.c.id).limit(1)).mappings().first()
    return None if row is None else Export(**row)


def take(db: Connection, export_id: str, now: datetime) -> bool:
    """Begin to work on it, from the first row; of those who try at once one is told yes."""
    free = update(exports).where(exports.c.id == export_id, _is_free(now))
    return bool(db.execute(free.values(state="running", rows_done=0, changed_at=now)).rowcount)


def advance(db: Connection, export_id: str, rows_done: int, now: datetime) -> bool:
    """So many rows are copied; false if it is no longer wanted."""
    return bool(db.execute(_running(export_id).values(rows_done=rows_done, changed_at=now)).rowcount)


def finish(db: Connection, export_id: str, made: bytes, rows_done: int, now: datetime) -> bool:
    """The file is whole; false if it is no longer wanted."""
    whole = {"state": "ready", "content": made, "rows_done": rows_done, "rows_all": rows_done, "changed_at": now}
    return bool(db.execute(_running(export_id).values(**whole)).rowcount)


def fail(db: Connection, export_id: str, now: datetime) -> None:
    """It could not be made; whoever asked is told, and may ask again."""
    db.execute(_running(export_id).values(state="failed", changed_at=now))


def again(db: Connection, export_id: str, now: datetime) -> None:
    """It is wanted again, after it failed or was left."""
    left = or_(exports.c.state == "failed", _is_free(now))
    db.execute(update(exports).where(exports.c.id == export_id, left).values(state="asked", changed_at=now))


def has_old(db: Connection, now: datetime) -> bool:
    """Whether something was kept for an hour."""
    return db.execute(select(exports.c.id).where(exports.c.made_at <= now - KEPT).limit(1)).first() is not None


def sweep(db: Connection, now: datetime) -> int:
    """Nothing is kept longer than an hour; how many went."""
    return db.execute(delete(exports).where(exports.c.made_at <= now - KEPT)).rowcount


def _is_free(now: datetime) -> ColumnElement[bool]:
    left = and_(exports.c.state == "running", exports.c.changed_at < now - SILENT)
    return or_(exports.c.state == "asked", left)


def _running(export_id: str) -> Any:
    return update(exports).where(exports.c.id == export_id, exports.c.state == "running")

"""Views of the log that somebody of the staff keeps for herself: a name and what it is narrowed to."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.desk_tables import views
from storage.ids import new_id

MOST = 20  # of one person; more is no shortcut


@dataclass(frozen=True, slots=True)
class View:
    """One view; the query is as it stands behind the question mark."""

    id: str
    name: str
    query: str


def keep(db: Connection, staff_id: str, name: str, query: str, now: datetime) -> bool:
    """Keep a view of hers, in the place of one of the same name; false if she has too many."""
    hers = views.c.staff_id == staff_id
    if db.execute(update(views).where(hers, views.c.name == name).values(query=query)).rowcount:
        return True
    if db.execute(select(func.count()).select_from(views).where(hers)).scalar_one() >= MOST:
        return False
    db.execute(insert(views), {"id": new_id(now), "staff_id": staff_id, "name": name, "query": query})
    return True


def of_staff(db: Connection, staff_id: str) -> Sequence[View]:
    """Her views, by name."""
    found = select(*(views.c[field.name] for field in fields(View))).where(views.c.staff_id == staff_id)
    return [View(**row) for row in db.execute(found.order_by(views.c.name, views.c.id)).mappings()]


def drop(db: Connection, staff_id: str, view_id: str) -> bool:
    """Let a view of hers go; false if she has none of this id."""
    return bool(db.execute(delete(views).where(views.c.id == view_id, views.c.staff_id == staff_id)).rowcount)

"""The collectives that may be named, and where."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, Row, delete, insert, select, true

from storage.tables import collectives
from storage.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Collective:
    """One collective; without a neutral `spoken_name` or a contact it is never named to a survivor."""

    id: str
    name: str
    spoken_name: str = ""
    districts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    contact: str = ""
    contact_kind: str = ""
    is_sample: bool = False
    consented_on: date | None = None
    show: bool = True


def upsert(db: Connection, rows: Iterable[Collective]) -> None:
    """Write these collectives; one of the same id is replaced."""
    for row in map(_row, rows):
        made = insert_into(db, collectives).values(**row)
        db.execute(made.on_conflict_do_update(index_elements=["id"], set_=row))


def replace_all(db: Connection, rows: Iterable[Collective]) -> None:
    """Make these the whole directory."""
    db.execute(delete(collectives))
    if given := [_row(row) for row in rows]:
        db.execute(insert(collectives), given)


def find(db: Connection, id_: str, *, lock: bool = False) -> Collective | None:
    """The collective of this id; with `lock` its row is held until the transaction ends."""
    found = select(collectives).where(collectives.c.id == id_)
    row = db.execute(found.with_for_update() if lock else found).first()
    return None if row is None else _collective(row)


def remove(db: Connection, id_: str) -> None:
    """Take one out of the directory."""
    db.execute(delete(collectives).where(collectives.c.id == id_))


def remove_samples(db: Connection) -> None:
    """Take out whatever is no real group."""
    db.execute(delete(collectives).where(collectives.c.is_sample == true()))


def in_district(db: Connection, district: str) -> list[Collective]:
    """Those of a district that agreed to be named, by name."""
    named = select(collectives).where(
        collectives.c.show == true(), collectives.c.spoken_name != "", collectives.c.contact != ""
    )
    found = (_collective(row) for row in db.execute(named.order_by(collectives.c.spoken_name, collectives.c.id)))
    return [collective for collective in found if district in collective.districts]


def all_of(db: Connection) -> list[Collective]:
    """The whole directory, by id."""
    return [_collective(row) for row in db.execute(select(collectives).order_by(collectives.c.id))]


def _row(collective: Collective) -> dict[str, object]:
    return {**asdict(collective), "districts": list(collective.districts), "languages": list(collective.languages)}


def _collective(row: Row[tuple[object, ...]]) -> Collective:
    lists = {"districts": tuple(row.districts), "languages": tuple(row.languages)}
    return Collective(**{**row._mapping, **lists})

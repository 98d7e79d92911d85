"""The topics of the members' group: one a talk while one member holds it, deleted when it ends."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, select, update

from storage import timers
from storage.database import Store, reading, writing
from storage.tables import timers as timer_rows
from storage.talk_tables import relays

NAMED = "topic:"  # before the id of a topic, where a message has a number alone
KEPT = timedelta(days=1)  # after a talk was closed


def number_of(store: Store, place: str) -> int | None:
    """The topic of a talk in these hands, `<tag>.<version>`, if it has one.

    Raises:
        LookupError: the talk is in these hands no more, and nothing of it goes anywhere.
    """
    with reading(store.main) as db:
        row = db.execute(select(relays.c.topic).where(*_held(place))).first()
    if row is None:
        raise LookupError("the talk has changed hands")
    number: int | None = row[0]
    return number


def keep(store: Store, place: str, topic: int) -> int:
    """Keep the number of a new topic; where another process opened one meanwhile, that one counts.

    Raises:
        LookupError: the talk is in these hands no more.
    """
    with writing(store.main) as db:
        db.execute(update(relays).where(*_held(place), relays.c.topic.is_(None)).values(topic=topic))
    return number_of(store, place) or topic


def let_go(db: Connection, relay_id: str, chat: str | None, topic: int | None, at: datetime) -> None:
    """A talk has its topic no more; the topic itself is deleted then, with all that was said in it."""
    if chat is None or topic is None:
        return
    db.execute(update(relays).where(relays.c.id == relay_id).values(topic=None))
    timers.set_timer(
        db, kind=timers.REMOVE, due_at=at, payload={"provider": "telegram", "id": f"{NAMED}{chat}/{topic}"}
    )


def was_ours(db: Connection, chat: str, topic: int | None) -> bool:
    """Whether this topic was a talk's and waits to be deleted."""
    name = f"{NAMED}{chat}/{topic}"
    waiting = db.execute(select(timer_rows.c.payload).where(timer_rows.c.kind == timers.REMOVE))
    return topic is not None and any(row.payload.get("id") == name for row in waiting)


def _held(place: str) -> tuple[ColumnElement[bool], ...]:
    tag, _, version = place.partition(".")
    return relays.c.tag == tag, relays.c.version == int(version), relays.c.state == "claimed"

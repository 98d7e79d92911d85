"""Sample people and messages, of which a test states only what matters to it."""

from datetime import UTC, datetime, timedelta

from flows.model import Channel, Inbound, Language
from storage import ids, inbound, keystore, outbox, people
from storage.database import Connection, Store, writing
from storage.seal import PersonKey

MASTER_KEY = bytes(range(32))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ADDRESS = "sms:+915550000001"


def message(text: str = "taka kobe pabo", *, external_id: str = "m1", address: str = ADDRESS) -> Inbound:
    """A message from her phone."""
    return Inbound("simulator", external_id, Channel.SMS, address, "line-1", text)


def meet(store: Store, address: str = ADDRESS, now: datetime = NOW) -> PersonKey:
    """A new person with this address; her key, whose id is hers."""
    with writing(store.keys) as keys_db:
        key = keystore.make(keys_db, store.sealer, now)
    with writing(store.main) as db:
        assert people.add(db, store.sealer, key, message(address=address), index=store.sealer.blind(address), now=now)
    return key


def keep(db: Connection, store: Store, key: PersonKey, external_id: str = "m1", **given: object) -> str | None:
    """Keep a message of hers."""
    now = given.get("now", NOW)
    assert isinstance(now, datetime)
    written = message(str(given.get("text", "hello")), external_id=external_id)
    dedupe = store.sealer.dedupe(written.provider, external_id, store.sealer.blind(written.address))
    return inbound.keep(db, store.sealer, key, written, id=ids.new_id(now), dedupe=dedupe, turn=0, now=now)


def put(
    db: Connection,
    store: Store,
    key: PersonKey,
    *,
    turn: int = 1,
    due_at: datetime = NOW,
    expires_at: datetime | None = None,
    provider: str = "simulator",
    body: str = "All right. Write at any time.",
    inbound_id: str | None = None,
    alone_at: str | None = None,
) -> str:
    """Put a message for her in the outbox; `alone_at` is an address of its own, with no person behind it."""
    outbox_id = ids.new_id(due_at)
    draft = outbox.Draft(
        id=outbox_id,
        person_id=None if alone_at else key.id,
        provider=provider,
        line="line-1",
        channel=Channel.SMS,
        body=body,
        buttons=(("1", "Yes"), ("2", "Not now")),
        kind="farewell" if alone_at else "reply",
        language=Language.EN,
        turn=turn,
        place="menu.list",
        choices=2,
        parts=1,
        priority=1,
        due_at=due_at,
        expires_at=expires_at or due_at + HOUR,
        inbound_id=inbound_id,
        address=alone_at,
        farewell_to=key.id if alone_at else None,
    )
    outbox.put(db, store.sealer, key, draft, due_at)
    return outbox_id

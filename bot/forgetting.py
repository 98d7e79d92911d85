"""Forgetting: the key first, then the rows, then one farewell that nothing of hers can be read from."""

from datetime import datetime, timedelta
from pathlib import Path

from bot import ledger, posting
from bot.posting import Letter
from bot.wording import word
from flows.helpline import forget
from flows.model import Say, T
from flows.vocabulary import End
from storage import conversations, keystore, outbox, people
from storage.database import Store, checkpoint, reading, writing
from storage.seal import PersonKey

FAREWELL_LIFETIME = timedelta(minutes=10)
CLEARED: T = next(
    step.sentence for step in forget.FLOW.steps if isinstance(step, End) and step.name == "cleared" and step.sentence
)


def finish(store: Store, erasures: Path, person_id: str, now: datetime) -> None:
    """Erase somebody who was marked for it; safe to begin again wherever it was interrupted.

    She is written down in the erasure ledger first, so that no restored backup brings her back; her own
    key goes before her rows, so that from then on no copy of the database can be read. The farewell is
    sealed under a key of its own, which is dropped when it is settled.
    """
    ledger.append(erasures, person_id, now)
    with reading(store.keys) as db:
        key = keystore.fetch(db, store.sealer, person_id)
    if key is not None:
        _put_farewell(store, key, now)
        with writing(store.keys) as db:
            keystore.drop(db, person_id, now)
    with writing(store.main) as db:
        people.erase_rows(db, person_id, now)
    checkpoint(store.main)
    checkpoint(store.keys)


def finish_all(store: Store, erasures: Path, now: datetime) -> int:
    """Erase everyone whose erasure was interrupted; says how many."""
    with reading(store.main) as db:
        interrupted = people.erasing_ids(db)
    for person_id in interrupted:
        finish(store, erasures, person_id, now)
    return len(interrupted)


def _put_farewell(store: Store, key: PersonKey, now: datetime) -> None:
    with writing(store.keys) as db:
        own = keystore.make(db, store.sealer, now)
    with writing(store.main) as db:
        record = people.find_erasing(db, key.id)
        if record is None or record.person.opted_out_at or outbox.has_farewell(db, key.id):
            return
        standing = conversations.standing_of(record, store.sealer, key, now)
        person = record.person
        letter = Letter(
            worded=word((Say(CLEARED),), standing.speaks),
            person=person,
            standing=standing,
            kind="farewell",
            provider=person.provider,
            line=person.line,
            lifetime=FAREWELL_LIFETIME,
            farewell_address=people.address_of(store.sealer, key, person),
        )
        posting.put(db, store.sealer, own, letter, now)

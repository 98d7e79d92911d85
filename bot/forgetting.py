"""Forgetting: the key first, then the rows, then one farewell that nothing of hers can be read from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot import ledger, posting
from bot.posting import Letter
from bot.wording import word
from flows.helpline import forget
from flows.model import Channel, Language, Say, Standing, T
from flows.vocabulary import End
from storage import conversations, ids, inbound, keystore, members, outbox, people
from storage.database import Connection, Store, checkpoint, reading, writing
from storage.ids import EPOCH
from storage.people import Person
from storage.seal import PersonKey, Sealer

FAREWELL_LIFETIME = timedelta(minutes=10)
WIPE_LIFETIME = timedelta(hours=6)
DELETABLE = timedelta(hours=48)  # Telegram deletes nothing older
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
    key = store.key_of(person_id)
    if key is not None:
        _put_last(store, key, now)
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


def _put_last(store: Store, key: PersonKey, now: datetime) -> None:
    """Put what still goes out for her: the deleting of messages where they lie, and the farewell."""
    with writing(store.keys) as db:
        own = keystore.make(db, store.sealer, now)
    with writing(store.main) as db:
        record = people.find_erasing(db, key.id)
        if record is None or outbox.has_farewell(db, key.id):
            return
        address = people.address_of(store.sealer, key, record.person)
        for provider, names in _deletable(db, store.sealer, key, record.person, now).items():
            _put_wipe(db, store.sealer, own, record.person, (provider, address, names), now)
        for provider, place, names in _with_members(db, store, record.person, now):
            _put_wipe(db, store.sealer, own, record.person, (provider, place, names), now)
        if not record.person.opted_out_at:
            standing = conversations.standing_of(record, store.sealer, key, now)
            posting.put(db, store.sealer, own, _farewell(record.person, standing, address), now)


def _farewell(person: Person, standing: Standing, address: str) -> Letter:
    return Letter(
        worded=word((Say(CLEARED),), standing.speaks),
        person=person,
        standing=standing,
        kind="farewell",
        provider=person.provider,
        line=person.line,
        lifetime=FAREWELL_LIFETIME,
        farewell_address=address,
    )


def _deletable(
    db: Connection, sealer: Sealer, key: PersonKey, person: Person, now: datetime
) -> Mapping[str, Sequence[str]]:
    """The providers' ids of what lies at them or on her phone, hers and ours."""
    since = now - DELETABLE if person.channel is Channel.TELEGRAM else EPOCH
    found: dict[str, list[str]] = defaultdict(list)
    for provider, name in (
        *inbound.external_ids(db, sealer, key, person.id, since),
        *outbox.sent_ids(db, person.id, since),
    ):
        found[provider] += name.split()
    return found


def _with_members(
    db: Connection, store: Store, person: Person, now: datetime
) -> Iterator[tuple[str, str, Sequence[str]]]:
    """(provider, address, ids) of her words on the phones of members, where they can still be deleted."""
    lying: dict[tuple[str, str], list[str]] = defaultdict(list)
    for provider, member_id, name in outbox.sent_about(db, person.id, now - DELETABLE):
        lying[provider, member_id] += name.split()
    for (provider, member_id), names in lying.items():
        member = members.read(db, member_id)
        key = store.key_of(member_id)
        place = members.address_of(store.sealer, key, member) if member and key else None
        if place:
            yield provider, place, names


def _put_wipe(
    db: Connection,
    sealer: Sealer,
    key: PersonKey,
    person: Person,
    what: tuple[str, str, Sequence[str]],
    now: datetime,
) -> None:
    provider, address, names = what
    draft = outbox.Draft(
        id=ids.new_id(now),
        person_id=None,
        provider=provider,
        line=person.line,
        channel=person.channel,
        body="\n".join(names),
        buttons=(),
        kind="wipe",
        language=Language.EN,
        turn=0,
        place="forget.cleared",
        choices=0,
        parts=0,
        priority=1,
        due_at=now,
        expires_at=now + WIPE_LIFETIME,
        address=address,
    )
    outbox.put(db, sealer, key, draft, now)

"""What the killing cost: the provider's ledger and the writers' own lists against the database."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from storage import keystore
from storage.database import Connection, Store, reading
from storage.tables import conversations, inbound, outbox, people, referrals
from tests.end_to_end.kill.load import Load
from tests.end_to_end.kill.provider import Ledger


@dataclass(frozen=True, slots=True)
class Count:
    """What an outside ledger and the database say after it all."""

    kills: int
    acked: int
    lost: int
    double: int
    orphans: int
    in_doubt: int

    def __str__(self) -> str:
        return (
            f"kills={self.kills} acked={self.acked} lost={self.lost} double={self.double} "
            f"orphans={self.orphans} in_doubt={self.in_doubt}"
        )

    @property
    def is_clean(self) -> bool:
        """Whether every promise held."""
        return self.acked > 0 and not (self.lost or self.double or self.orphans)


@dataclass(frozen=True, slots=True)
class Hers:
    """What the database holds of one sender."""

    kept: int
    turns: int
    requests: int
    put: tuple[str, ...]  # the outbox ids of her answers


def count(store: Store, kills: int, load: Load, ledger: Ledger) -> Count:
    """Sender by sender: what was acknowledged, kept, answered and sent.

    lost: acknowledged, but not kept, not answered, or its answer was never taken by the provider. double: kept,
    answered or referred more often than she wrote, or an answer taken more often than its doubts allow. orphans: a
    person without a key, an answer without a message, a message that nobody is at work on.
    """
    acked = Counter(one.sender for one in load.acked)
    wrote = Counter(sender for sender, _ in load.written)
    sent = Counter(accepted.outbox_id for accepted in ledger.accepted)
    with reading(store.main) as db:
        held = {sender: _hers(db, store, sender) for sender in wrote}
        doubts: Mapping[str, int] = {row.id: row.doubts for row in db.execute(select(outbox.c.id, outbox.c.doubts))}
        left_behind = sum(1 for _ in _left_behind(db, store))
    lost = double = 0
    for sender, hers in held.items():
        answered = sum(1 for name in hers.put if sent[name])
        lost += max(acked[sender] - min(hers.kept, hers.turns, answered), 0)
        double += max(hers.kept - wrote[sender], 0) + max(hers.turns - hers.kept, 0) + max(hers.requests - 1, 0)
        double += max(len(hers.put) - hers.kept, 0)
    double += sum(1 for name, times in sent.items() if times > 1 + doubts.get(name, 0))
    strangers = sum(1 for name in sent if name not in doubts)
    return Count(
        kills, sum(acked.values()), lost, double, left_behind + strangers, sum(1 for many in doubts.values() if many)
    )


def _hers(db: Connection, store: Store, sender: str) -> Hers:
    person = db.execute(select(people.c.id).where(people.c.blind_index == store.sealer.blind(f"sms:{sender}"))).first()
    if person is None:
        return Hers(0, 0, 0, ())
    kept = db.execute(select(func.count()).where(inbound.c.person_id == person.id)).scalar_one()
    turns = db.execute(select(conversations.c.turn).where(conversations.c.person_id == person.id)).scalar_one()
    asked = select(func.count()).where(referrals.c.person_id == person.id, referrals.c.kind == "counselling")
    put = db.scalars(select(outbox.c.id).where(outbox.c.person_id == person.id))
    return Hers(kept, turns, db.execute(asked).scalar_one(), tuple(put))


def _left_behind(db: Connection, store: Store) -> Iterator[str]:
    with reading(store.keys) as keys_db:
        keys = keystore.ids(keys_db)
    yield from (name for name in db.scalars(select(people.c.id)) if name not in keys)
    kept = set(db.scalars(select(inbound.c.id)))
    answers: dict[str, int] = defaultdict(int)
    for row in db.execute(select(outbox.c.id, outbox.c.inbound_id, outbox.c.state)):
        answers[row.inbound_id] += 1
        if row.inbound_id not in kept or row.state in ("waiting", "sending"):
            yield row.id
    yield from (name for name in db.scalars(select(inbound.c.id).where(inbound.c.state == "kept")))

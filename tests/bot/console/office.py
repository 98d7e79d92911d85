"""A running Sathi with the folder of its backups, for the tests of both."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pyrage

from bot import age, backups, ledger, restoring
from bot.backups import Home
from bot.restoring import Restored, Target
from storage import keystore, people
from storage.database import Store, reading, writing
from tests.storage.builders import ADDRESS, MASTER_KEY, NOW

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Office:
    """A running Sathi, the folder of its backups, and the key that opens them."""

    store: Store
    home: Home
    identity: pyrage.x25519.Identity

    @property
    def target(self) -> Target:
        """Its own databases."""
        return target_of(self.store)

    def back_up(self, now: datetime = NOW) -> backups.Manifest:
        """One backup."""
        recipient = self.identity.to_public()
        return backups.back_up(self.store.main, self.store.keys, self.home, recipient, now, unwatched)

    def restore(
        self,
        *,
        target: Target | None = None,
        home: Home | None = None,
        replace: bool = True,
        at: datetime | None = None,
    ) -> Restored:
        """Put one back."""
        return restoring.restore(
            target or self.target,
            home or self.home,
            self.identity,
            NOW + DAY,
            unwatched,
            replace=replace,
            at=at or NOW + DAY,
        )

    def forget(self, person_id: str, *, in_ledger: bool = True) -> None:
        """Erase somebody, in the order of `bot.forgetting`."""
        if in_ledger:
            ledger.append(self.home.ledger, person_id, NOW)
        with writing(self.store.keys) as db:
            keystore.drop(db, person_id, NOW)
        with writing(self.store.main) as db:
            people.erase_rows(db, person_id, NOW)


def unwatched(_step: str, _size: int | None) -> age.Advance:
    """No bar is shown."""
    return lambda _done: None


def finds(store: Store, address: str = ADDRESS) -> str | None:
    """What a thief with both databases and the master key can read of somebody; none if nothing."""
    with reading(store.main) as db, reading(store.keys) as keys_db:
        person = people.find(db, store.sealer.blind(address))
        key = keystore.fetch(keys_db, store.sealer, person.id) if person else None
        return people.address_of(store.sealer, key, person) if person and key else None


def target_of(store: Store) -> Target:
    """Its two databases, as a restore is told of them."""
    urls = [engine.url.render_as_string(False) for engine in (store.main, store.keys)]
    return Target(urls[0], urls[1], MASTER_KEY)

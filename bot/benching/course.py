"""The course of a benchmark: every measurement in order, a line each."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.assemble import open_house
from bot.benching import growth, starting, turns, words
from bot.benching.growth import Growth
from bot.benching.turns import Advance, Ground, Rates
from bot.settings import read
from bot.turn import House
from storage.database import Store
from storage.scratch import scratch_files, scratch_schemas
from storage.seal import KEY_BYTES, Sealer

ENOUGH = 0.4  # of the floor's speed, on SQLite, with sealing on and every turn durable
FEW = 40  # of so many turns, one more conversation or message is there before they are grown tenfold
REPEATS = 40  # likewise for the texts that are read over and over
QUICK_KIB = 8  # memory of the slow hash where it is no part of what is measured

Line: TypeAlias = Mapping[str, str | int | float | None]
Step: TypeAlias = Callable[[str, int], AbstractContextManager[Advance]]


@dataclass(frozen=True, slots=True)
class Course:
    """One run of every measurement; `step` shows how far it is, `note` what is to be read beside the figures."""

    folder: Path
    count: int  # how many turns are timed
    postgres: tuple[str, str] | None
    profiled: bool
    step: Step
    note: Callable[[str], None]

    def lines(self) -> Iterator[Line]:
        """What was measured, each line as soon as it is known."""
        with scratch_files(self.folder, Sealer(secrets.token_bytes(KEY_BYTES))) as store:
            house = _house(self.folder, store)
            yield from self._turns(house)
            yield from self._words()
            yield from self._growth(house)
        yield self._start()

    def _turns(self, house: House) -> Iterator[Line]:
        sealer = house.store.sealer
        files = _files(self.folder, sealer)
        yield self._beside_floor("turns", house, files)
        if self.postgres:
            main_url, keys_url = self.postgres
            yield self._beside_floor("turns_postgresql", house, lambda: scratch_schemas(main_url, keys_url, sealer))

    def _beside_floor(self, name: str, house: House, ground: Ground) -> Line:
        with self.step(name, self.count) as advance:
            durable = turns.measure(house, ground, self.count, advance)
        with self.step(f"{name}, not waiting for the disk", self.count) as advance:
            unsynced = turns.measure(house, ground, self.count, advance, is_durable=False)
        if self.profiled or (name == "turns" and durable.ratio < ENOUGH):
            self.note(turns.profile(house, ground, self.count))
        return _told(name, durable, unsynced)

    def _words(self) -> Iterator[Line]:
        for name, read_, texts in words.READERS:
            with self.step(name, 1):
                rate = words.per_second(read_, texts, self._repeats)
            yield {"bench": name, "per_s": round(rate, 1), "microseconds": round(1e6 / rate, 1)}

    def _growth(self, house: House) -> Iterator[Line]:
        few = max(1, self.count // FEW)
        files = _files(self.folder, Sealer(secrets.token_bytes(KEY_BYTES), memory_kib=QUICK_KIB, passes=1))
        with self.step("more conversations", few * (growth.TIMES - 1)) as advance:
            yield _grown(growth.of_conversations(house, files, few, advance))
        with self.step("more messages", few * growth.TIMES * growth.SAMPLED) as advance:
            yield _grown(growth.of_messages(house, files, few, advance))
        with self.step("more facts", 1):
            yield _grown(growth.of_facts(self._repeats))

    def _start(self) -> Line:
        with self.step("start", 1):
            started = starting.start_web(self.folder)
        memory = None if started.rss_mb is None else round(started.rss_mb, 1)
        return {"bench": "web", "start_s": round(started.seconds, 2), "rss_mb": memory}

    @property
    def _repeats(self) -> int:
        return max(1, self.count // REPEATS)


def _house(folder: Path, store: Store) -> House:
    """A house whose databases are replaced for each measurement."""
    settings = read(
        database_url=f"sqlite:///{folder}/unused.db",
        keystore_url=f"sqlite:///{folder}/unused-keys.db",
        erasure_ledger=folder / "erasures.ledger",
    )
    return open_house(settings, store)


def _files(folder: Path, sealer: Sealer) -> Ground:
    def ground() -> AbstractContextManager[Store]:
        return scratch_files(folder, sealer)

    return ground


def _told(name: str, durable: Rates, unsynced: Rates) -> Line:
    return {
        "bench": name,
        "sathi_per_s": round(durable.sathi_per_s, 1),
        "floor_per_s": round(durable.floor_per_s, 1),
        "ratio": round(durable.ratio, 3),
        "ratio_nosync": round(unsynced.ratio, 3),
        "statements_per_turn": round(durable.statements_per_turn, 1),
    }


def _grown(grown: Growth) -> Line:
    return {
        "bench": f"more_{grown.of}",
        "from": grown.few,
        "to": grown.many,
        "ratio": round(grown.ratio, 3),
    }

"""Twenty members in two processes who press "I take it" at once, some of which are killed while they do."""

import multiprocessing
import os
import random
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot import relay
from bot.members import acts, marks, words
from flows.model import Channel, Inbound
from flows.talked import Beside
from storage import members, relays
from storage.database import Store, open_database, reading, writing
from storage.relays import Relay
from storage.seal import Sealer
from tests.bot.channels.house import taking_of
from tests.bot.members.lane import Lane
from tests.storage.builders import MASTER_KEY, NOW

MEMBERS = 20
PROCESSES = 2
AT_ONCE = 20  # talks that are open in one go

fork = multiprocessing.get_context("fork")


@dataclass(slots=True)
class Counted:
    """What an external count of all rounds came to."""

    rounds: int = 0
    kills: int = 0
    double_owners: int = 0
    lost: int = 0
    stale_relays: int = 0

    def __str__(self) -> str:
        figures = f"double_owners={self.double_owners} lost={self.lost} stale_relays={self.stale_relays}"
        return f"rounds={self.rounds} members={MEMBERS} kills={self.kills} {figures}"


class Race:
    """The people, the members, and the rounds."""

    def __init__(self, store: Store, folder: Path, *, broken: bool = False) -> None:
        self._urls = [engine.url.render_as_string(False) for engine in (store.main, store.keys)]
        self._folder, self._broken = folder, broken
        self.lane = Lane(store, folder)
        self.addresses = [self.lane.member(f"m-{n}", n, capacity=10**6).address for n in range(1, MEMBERS + 1)]
        self.people = [f"sms:+91555{n:07d}" for n in range(1, AT_ONCE + 1)]
        for whom in self.people:
            self.lane.take(whom, "9")
        with writing(store.main) as db:
            for one in relays.waiting(db):
                relays.close(db, one, "left", NOW)
        self.counted = Counted()

    def run(self, rounds: int, rng: random.Random, *, kills: bool = True) -> Counted:
        """So many talks are raced for; in every go one process is killed in the middle and takes it up again."""
        while self.counted.rounds < rounds:
            many = min(AT_ONCE, rounds - self.counted.rounds)
            opened = self._open(many)
            ledgers = [self._folder / f"ledger-{n}" for n in range(PROCESSES)]
            for ledger in ledgers:
                ledger.unlink(missing_ok=True)
            seeds = [rng.random() for _ in ledgers]
            running = [self._start(n, ledgers[n], seeds[n]) for n in range(PROCESSES)]
            if kills:
                self._kill(running, ledgers, rng)
            for process in running:
                process.join(120)
                assert process.exitcode == 0
            self._count(opened, ledgers)
        return self.counted

    def _open(self, many: int) -> Sequence[str]:
        store, now = self.lane.store, self.lane.clock()
        ids = []
        with writing(store.main) as db:
            everybody = members.all_of(db)
            for whom in self.people[:many]:
                person = self.lane.person(whom)
                assert relays.open_one(db, person_id=person.id, referral_code=None, turn=1, now=now)
                waiting = relays.of_person(db, person.id)
                assert waiting
                relays.change(db, waiting.id, ring=1, ring_at=now + timedelta(days=1))
                for member in everybody:
                    relays.offer(db, waiting.id, member.id, 0, now)
                ids.append(waiting.id)
        return ids

    def _start(self, number: int, ledger: Path, seed: float) -> multiprocessing.Process:
        mine = self.addresses[number::PROCESSES]
        process = fork.Process(target=press_all, args=(self._urls, self._folder, mine, ledger, seed, self._broken))
        process.start()
        return process  # type: ignore[return-value]

    def _kill(self, running: list[multiprocessing.Process], ledgers: Sequence[Path], rng: random.Random) -> None:
        number = rng.randrange(PROCESSES)
        running[number].join(rng.uniform(0.02, 0.25))
        if running[number].pid and running[number].is_alive():
            os.kill(running[number].pid or 0, signal.SIGKILL)
            self.counted.kills += 1
        running[number].join()
        running[number] = self._start(number, ledgers[number], rng.random())

    def _count(self, opened: Sequence[str], ledgers: Sequence[Path]) -> None:
        """Count by what each process was told, against what the database says, and close the talks."""
        told: dict[str, set[str]] = {}
        for ledger in ledgers:
            for line in ledger.read_text().split("\n")[:-1] if ledger.exists() else ():
                relay_id, member_id = line.split()
                told.setdefault(relay_id, set()).add(member_id)
        with writing(self.lane.store.main) as db:
            for relay_id in opened:
                found = relays.read(db, relay_id)
                assert found
                self._judge(found, told.get(relay_id, set()), [one.by for one in relays.happened(db, relay_id)])
                relays.close(db, found, "ended", self.lane.clock())
        self.counted.rounds += len(opened)

    def _judge(self, found: Relay, told: set[str], claims: Sequence[str]) -> None:
        owner = found.member_id
        self.counted.double_owners += len(claims) > 1 or len(told) > 1
        self.counted.lost += found.state != "claimed" or len(claims) != 1
        self.counted.stale_relays += (owner is not None and [owner] != list(claims)[-1:]) or bool(told - {owner})


def press_all(
    urls: Sequence[str], folder: Path, addresses: Sequence[str], ledger: Path, seed: float, broken: bool
) -> None:
    """One process: all its members press for all waiting talks, in an order of their own, until none waits."""
    main, keys = (open_database(url) for url in urls)
    store = Store(main, keys, Sealer(MASTER_KEY, memory_kib=8, passes=1))
    house = taking_of(store, folder).house
    if broken:
        acts.OFFERED = {"take": take_without_looking}  # type: ignore[misc]
    rng = random.Random(seed)
    with reading(store.main) as db:
        waiting = relays.waiting(db) if not broken else relays.listed(db)
        known = {address: members.find(db, store.sealer.blind(address)) for address in addresses}
    presses = [(one, address) for one in waiting if one.state != "closed" for address in addresses]
    rng.shuffle(presses)
    gone: set[str] = set()
    for number, (one, address) in enumerate(presses):
        member = known[address]
        if one.id in gone or member is None:
            continue
        mark = marks.make(store.sealer, one, member.id, "take")
        name = f"press:{seed}:{number}"
        message = Inbound(
            "telegram", name, Channel.TELEGRAM, address, "bot", "", beside=Beside(mark=mark, is_press=True)
        )
        taken = relay.take_said(house, member, message, NOW + timedelta(seconds=1))
        if any(event.fields.get("state") == "claimed" for event in taken.events):
            with ledger.open("a") as out:
                out.write(f"{one.id} {member.id}\n")
        if not broken and rng.random() < 0.7:
            gone.add(one.id)
    store.close()
    os._exit(0)


def take_without_looking(hands: acts.Hands, found: Relay, _her: object, _mark: object) -> None:
    """The sabotage: whoever presses is told that it is hers."""
    relays.change(hands.db, found.id, state="claimed", member_id=hands.member.id)
    relays.note(hands.db, found.id, "claimed", hands.member.id, hands.now)
    hands.tell(words.TAKEN, found)

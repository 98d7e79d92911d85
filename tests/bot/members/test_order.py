"""Many pairs at once, on lines that are busy, silent, moved or blocked: all is read in the order it was written.

A few pairs run each time; `ORDER_PAIRS=50` is for a release.
"""

import os
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import and_, func, or_, select

from bot.errors import InDoubt, SendFailed, Stopped, TryLater
from flows.model import Channel, Inbound, Outgoing
from storage import outbox as outbox_rows
from storage import settling
from storage.database import Store, reading, writing
from storage.tables import outbox
from tests.bot.members.lane import Lane
from tests.bot.safety.town import Carrier

PAIRS = int(os.environ.get("ORDER_PAIRS", "8"))
ROUNDS = 6
WORD = re.compile(r"word (\d+) (\d+)", re.ASCII)
_IN_DOUBT = and_(outbox.c.state == "in_doubt", settling.may_go_again(outbox))  # half a minute later
_STILL_TO_GO = select(func.count()).select_from(outbox).where(or_(outbox.c.state == "waiting", _IN_DOUBT))


class Flaky(Carrier):
    """A provider that is busy, moves chats, or does not answer, though it may have taken the message."""

    rng = random.Random(7)
    is_flaky = False

    async def send(self, outgoing: Outgoing) -> str | None:
        """Refuse one in three in one of the ways there are; of those without an answer half were taken."""
        if self.is_flaky and self.rng.random() < 1 / 3:
            failure: SendFailed = self.rng.choice(
                [TryLater("error 429", timedelta(seconds=7)), TryLater("the chat has moved"), InDoubt("no answer")]
            )
            if isinstance(failure, InDoubt) and self.rng.random() < 0.5:
                await super().send(outgoing)
            raise failure
        return await super().send(outgoing)


def pairs(store: Store, folder: Path) -> tuple[Lane, list[tuple[str, str]]]:
    """A lane in which every survivor talks with a member of her own."""
    lane = Lane(store, folder)
    lane.carrier = Flaky(lane.clock)
    lane.telegram = Flaky(lane.clock, provider="telegram")
    lane.post.senders.update(simulator=lane.carrier, telegram=lane.telegram)  # type: ignore[attr-defined]
    made = []
    for number in range(1, PAIRS + 1):
        whom = f"sms:+91555{number:07d}"
        lane.take(whom, "9")
        lane.take(whom, "3")
        made.append(whom)
    lane.deliver()
    phones = [lane.member(f"m-{number}", number, capacity=1) for number in range(1, PAIRS + 1)]
    lane.wait(timedelta(minutes=3))
    for phone, whom in zip(phones, made, strict=True):
        tag = lane.relay(whom).tag or ""
        mark = next(key for one in phone.shown if tag in one.text for key, label in one.buttons if label == "I take it")
        phone.press("I take it", mark=mark)
    return lane, [(whom, phone.address) for whom, phone in zip(made, phones, strict=True)]


def talk(lane: Lane, held: list[tuple[str, str]]) -> None:
    """Each of a pair writes in turn while the lines fail; then all that waits goes out."""
    Flaky.is_flaky, Flaky.rng = True, random.Random(7)
    for said in range(ROUNDS):
        for number, (whom, address) in enumerate(held):
            lane.take(whom, f"word {number} {said}")
            lane.written += 1
            told = Inbound("telegram", f"t{lane.written}", Channel.TELEGRAM, address, "bot", f"word {number} {said}")
            lane.bring_quietly(told)
        lane.deliver(3)
        lane.clock.move(timedelta(seconds=4))
    Flaky.is_flaky = False
    for _ in range(60):
        lane.clock.move(timedelta(seconds=9))
        with writing(lane.store.main) as db:
            settling.recover(db, lane.clock())
        lane.deliver()
        with reading(lane.store.main) as db:
            if not db.execute(_STILL_TO_GO).scalar_one():
                break


def out_of_order(carrier: Carrier) -> tuple[int, int]:
    """How many messages were read behind a later one, and how many were never read; a doubled one counts once."""
    read: dict[str, list[int]] = {}
    for _, outgoing in carrier.took:
        if found := WORD.search(outgoing.text):
            told = read.setdefault(found[1], [])
            if int(found[2]) not in told:
                told.append(int(found[2]))
    swapped = sum(told != sorted(told) for told in read.values())
    return swapped, PAIRS * ROUNDS - sum(map(len, read.values()))


@pytest.mark.timeout(900)
def test_all_pairs_read_in_order(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """Nothing is lost or passes another, in either direction."""
    lane, held = pairs(store, tmp_path)
    talk(lane, held)
    figures = [out_of_order(lane.carrier), out_of_order(lane.telegram)]
    assert figures == [(0, 0), (0, 0)]
    proof(f"order on {store.main.dialect.name}: pairs={PAIRS} words={2 * PAIRS * ROUNDS} out_of_order=0 lost=0")


@pytest.mark.timeout(900)
def test_lines_without_streams_are_caught(
    store: Store, tmp_path: Path, proof: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: with no streams, what waits for another try is passed by what came later."""
    real = outbox_rows.put

    def loose(db: object, sealer: object, key: object, draft: outbox_rows.Draft, now: object) -> None:
        real(db, sealer, key, replace(draft, stream=None), now)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox_rows, "put", loose)
    lane, held = pairs(store, tmp_path)
    talk(lane, held)
    assert sum(out_of_order(carrier)[0] for carrier in (lane.carrier, lane.telegram)) > 0
    proof(f"order on {store.main.dialect.name}: sabotage caught 1/1")


def test_a_member_who_blocks_us_loses_her_talk_and_nobody_loses_a_word(store: Store, tmp_path: Path) -> None:
    """403 is a leaving: the next member reads what the first never did."""
    lane = Lane(store, tmp_path)
    rina, mina = lane.member("north-1", 1), lane.member("north-2", 2)
    whom = "sms:+915550000001"
    lane.write(whom, "9", "3", "9", "1", "1", "basirhat", "1", "1")
    lane.wait(timedelta(seconds=1))
    rina.press("I take it")

    class Blocked(Carrier):
        async def send(self, outgoing: Outgoing) -> str | None:
            if outgoing.address == rina.address:
                raise Stopped("error 403")
            return await super().send(outgoing)

    lane.telegram = Blocked(lane.clock, provider="telegram", took=lane.telegram.took)
    lane.post.senders.update(telegram=lane.telegram)  # type: ignore[attr-defined]
    lane.write(whom, "is anybody there")
    lane.wait(timedelta(seconds=1))
    mina.press("I take it")
    assert "Before: is anybody there" in mina.reads

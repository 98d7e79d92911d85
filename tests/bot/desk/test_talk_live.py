"""What a page of talks hears without being loaded again, and when it hears no more."""

import asyncio

import pytest

from bot.desk import live
from storage import sessions, staff
from storage.database import reading, writing
from tests.bot.desk.talking import DeskLane, Ear, claimed
from tests.bot.members.lane import HER

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks that follow at once on one another."""
    monkeypatch.setattr(live, "EVERY", 0.02)


def test_new_words_come(lane: DeskLane) -> None:
    """The words as they are, then each new one; it ends with the session, and takes the words along."""
    rina, tag = claimed(lane)

    async def hear() -> None:
        ear = Ear(rina, f"/desk/relays/{tag}/words")
        task = asyncio.create_task(ear.listen())
        assert "Nothing has been said yet" in (await ear.next() or "")
        await asyncio.to_thread(lane.write, HER, "<b>hello</b>")
        assert "&lt;b&gt;hello&lt;/b&gt;" in await _until(ear, "hello")
        with writing(lane.store.main) as db:
            sessions.end_all(db, staff.find(db, "north-1").id)  # type: ignore[union-attr]
        ended = await _until(ear, "event: over")
        assert "You are signed out" in ended
        assert "hello" not in ended
        assert await ear.next() is None
        await task

    asyncio.run(hear())


def test_it_ends_with_the_talk(lane: DeskLane) -> None:
    """Once the talk is in other hands nothing more of it comes."""
    rina, tag = claimed(lane)

    async def hear() -> None:
        ear = Ear(rina, f"/desk/relays/{tag}/words")
        task = asyncio.create_task(ear.listen())
        await ear.next()
        await asyncio.to_thread(lane.write, HER, "STOP")
        assert "not in your hands any more" in await _until(ear, "event: over")
        await task

    asyncio.run(hear())


def test_it_ends_when_the_server_stops(lane: DeskLane) -> None:
    """A server that is told to stop is not held up by whoever listens."""
    rina, tag = claimed(lane)

    async def hear() -> None:
        ear = Ear(rina, f"/desk/relays/{tag}/words")
        task = asyncio.create_task(ear.listen())
        await ear.next()
        lane.office.stopping = True
        await asyncio.wait_for(task, 3)

    asyncio.run(hear())


def test_it_ends_by_itself(lane: DeskLane) -> None:
    """After some minutes the browser must come again; listening keeps no session alive."""
    rina, tag = claimed(lane)
    with reading(lane.store.main) as db:
        (before,) = sessions.of_staff(db, staff.find(db, "north-1").id)  # type: ignore[union-attr]

    async def hear() -> None:
        ear = Ear(rina, f"/desk/relays/{tag}/words")
        task = asyncio.create_task(ear.listen())
        await ear.next()
        lane.clock.move(live.LASTS)
        await asyncio.wait_for(task, 3)

    asyncio.run(hear())
    with reading(lane.store.main) as db:
        assert sessions.of_staff(db, before.staff_id) == [before]


def test_whoever_waits_hears_of_an_offer(lane: DeskLane) -> None:
    """The page of talks shows who waits without being loaded again."""
    rina = lane.seat("north-1")

    async def hear() -> None:
        ear = Ear(rina, "/desk/relays/now")
        task = asyncio.create_task(ear.listen())
        assert "Nobody waits for you now" in (await ear.next() or "")
        await asyncio.to_thread(lane.asks)
        assert "I take it" in await _until(ear, "I take it")
        lane.office.stopping = True
        await task

    asyncio.run(hear())


def test_nobody_listens_from_outside(lane: DeskLane) -> None:
    """Without a session a stream is refused, not led to a page that would be asked for again and again."""
    rina, tag = claimed(lane)
    rina.browser.client.cookies.clear()

    async def hear() -> None:
        ear = Ear(rina, f"/desk/relays/{tag}/words")
        await ear.listen()
        assert ear.status == 401

    asyncio.run(hear())


async def _until(ear: Ear, words: str) -> str:
    """The first event that holds these words."""
    while (heard := await ear.next()) is not None:
        if words in heard:
            return heard
    raise AssertionError(f"it ended without {words!r}")

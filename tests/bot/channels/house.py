"""The whole path behind a webhook, on real databases, for forgeries to fail against."""

import asyncio
from collections.abc import Sequence
from datetime import time, timedelta
from pathlib import Path

import httpx
from sqlalchemy import func, select

from bot import wording
from bot.codes import CodePool
from bot.duty import Duty
from bot.taking import Taking
from bot.turn import House
from bot.web import Hook, make_web
from flows.engine import Engine
from flows.model import Received
from storage.database import Store, reading
from storage.tables import KEYS, MAIN
from tests.fakes import Clock
from tests.storage.builders import NOW


def taking_of(store: Store, folder: Path) -> Taking:
    """What it takes to take a message in, at the hour of the tests."""
    house = House(
        store=store,
        engine=Engine(labels=wording.labels),
        duty=Duty(frozenset(range(6)), time(9), time(18)),
        codes=CodePool(store.sealer),
        erasures=folder / "erasures.ledger",
        reply_lifetime=timedelta(minutes=30),
    )
    return Taking(house, Clock(NOW), lambda: None)


def post_all(taking: Taking, hook: Hook, requests: Sequence[Received]) -> list[int]:
    """Bring requests to a webhook over HTTP, one after another, and say how each was answered."""

    async def bring() -> list[int]:
        transport = httpx.ASGITransport(make_web(taking, [hook], ""))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            path = hook.path
            answers = [
                await http.post(
                    f"{path}?{one.query}" if one.query else path, content=one.body, headers=dict(one.headers)
                )
                for one in requests
            ]
            return [answer.status_code for answer in answers]

    return asyncio.run(bring())


def rows(store: Store) -> dict[str, int]:
    """How many rows each table of both databases holds."""
    with reading(store.main) as main, reading(store.keys) as keys:
        return {
            table.name: db.execute(select(func.count()).select_from(table)).scalar_one()
            for metadata, db in ((MAIN, main), (KEYS, keys))
            for table in metadata.sorted_tables
        }

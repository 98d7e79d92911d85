"""Rows of the log for figures and exports, of which a test states only what matters to it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product
from random import Random

from sqlalchemy import insert

from flows.places import DISTRICTS
from storage import ids
from storage.database import Store, writing
from storage.tables import conversations, people, referral_changes, referrals, spend, stages
from storage.talk_tables import follow_ups, relays
from tests.storage.builders import NOW

DAY = timedelta(days=1)
_CODES = [f"{a}{b}-{number}" for number, a, b in product(range(1000, 10_000), "ACFHJKLMRTUWY", "ACFHJKLMRTUWY")]


def referral(at: datetime = NOW, number: int = 0, **told: object) -> dict[str, object]:
    """A referral that was opened at this moment."""
    row: dict[str, object] = {"kind": "counselling", "state": "requested", "outcome": None, "district": "nadia"}
    row |= {"id": ids.new_id(at), "code": _CODES[number], "channel": "sms", "language": "bn", "collective": None}
    return row | {"opened_at": at, "changed_at": at} | told


def change(of: dict[str, object], at: datetime, by: str) -> dict[str, object]:
    """A change of a referral by somebody."""
    return {"id": ids.new_id(at), "referral_id": of["id"], "at": at, "state": "accepted", "outcome": None, "by": by}


def talk(of: dict[str, object], claimed_at: datetime | None) -> dict[str, object]:
    """A talk about a referral, that a member took at this moment."""
    at = of["opened_at"]
    assert isinstance(at, datetime)
    row = {"id": ids.new_id(at), "referral_code": of["code"], "state": "waiting"}
    return row | {"opened_at": at, "claimed_at": claimed_at}


def answer(of: dict[str, object], said: str, at: datetime) -> dict[str, object]:
    """Her own word on what came of it."""
    state = {"state": "answered", "due_at": at, "answered_at": at, "answer": said}
    return {"id": ids.new_id(at), "referral_code": of["code"], **state}


def person(seen_at: datetime, place: tuple[str, str] = ("menu", "list")) -> tuple[dict[str, object], dict[str, object]]:
    """Somebody who wrote last at this moment, and where she stands."""
    made = ids.new_id(seen_at)
    who = {"id": made, "blind_index": made.encode(), "address_sealed": b"x", "channel": "sms", "provider": "simulator"}
    who |= {"line": "line-1", "first_at": seen_at, "erasing": False}
    stands = {"person_id": made, "flow": place[0], "step": place[1], "covered": False, "known": True, "offered": []}
    stands |= {"slots": {}, "proved": False, "seen_at": seen_at}
    return who, stands


def write(
    store: Store,
    referrals_: Sequence[dict[str, object]] = (),
    changes: Sequence[dict[str, object]] = (),
    talks: Sequence[dict[str, object]] = (),
    answers: Sequence[dict[str, object]] = (),
    standing: Sequence[tuple[dict[str, object], dict[str, object]]] = (),
    staged: Sequence[dict[str, object]] = (),
    parts: Sequence[dict[str, object]] = (),
) -> None:
    """Write rows down as they are."""
    whose = [who for who, _ in standing]
    stands = [where for _, where in standing]
    rows = {people: whose, conversations: stands, stages: staged, referrals: referrals_, referral_changes: changes}
    rows |= {relays: talks, follow_ups: answers, spend: parts}
    with writing(store.main) as db:
        for table, given in rows.items():
            if given:
                db.execute(insert(table), list(given))


def many(store: Store, count: int, now: datetime = NOW) -> None:
    """A log of so many referrals over two years, with all that belongs to them."""
    chance = Random(7)
    kinds = ("information", "counselling", "legal_aid", "collective", "emergency")
    ends = (("requested", None), ("accepted", None), ("done", "helped"), ("declined", "we could not help"))
    asked, changes, talks, answers = [], [], [], []
    for number in range(count):
        at = now - timedelta(days=chance.random() * 730)
        kind = chance.choices(kinds, (60, 20, 10, 8, 2))[0]
        state, outcome = ("done", "told") if kind == "information" else chance.choice(ends)
        where = chance.choice(tuple(DISTRICTS))
        row = referral(at, number, kind=kind, state=state, outcome=outcome, district=where)
        asked.append(row)
        changes.append(change(row, at, "survivor"))
        if kind != "information":
            after = at + timedelta(minutes=chance.expovariate(1 / 300))
            changes.append(change(row, after, "member"))
            talks.append(talk(row, after))
            answers.append(answer(row, chance.choice(("yes", "no", "refused")), after))
    standing = [
        person(now - chance.random() * 90 * DAY, ("money", chance.choice(("order", "unpaid", "fir"))))
        for _ in range(count // 3)
    ]
    staged = [
        {"person_id": who["id"], "guide": "money", "stage": "order", "since": where["seen_at"]}
        for who, where in standing[::3]
    ]
    spent = [{"day": (now - day * DAY).date(), "scope": "line:android_sms:a", "parts": 40} for day in range(730)]
    write(store, asked, changes, talks, answers, standing, staged, spent)

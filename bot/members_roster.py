"""The roster of members: checked row by row before anything of it is kept, and invited one by one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot.duty import DAYS
from bot.errors import Misconfigured
from bot.roster_files import MEMBERS, Cell, Line, Row, listed, read_lines, refuse_wrong
from bot.telling import WHAT
from flows.model import Language
from flows.places import DISTRICTS
from storage import directory, keystore, members, outbox, relays
from storage.database import Connection, Store, reading, writing
from storage.members import Member, Post, Spans

NEEDS = tuple(need for need in WHAT if need != "collective")
INVITED = timedelta(days=3)
MOST = 9  # talks at once

_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{1,30}")
_SPAN = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})", re.ASCII)


def read_file(path: Path, collectives: Sequence[str]) -> list[Post]:
    """The members of a CSV or TOML file.

    Raises:
        Misconfigured: the file cannot be read, or rows of it are wrong: every one is named by its line.
    """
    return checked(path.name, read_lines(path, MEMBERS), collectives)


def checked(name: str, lines: Sequence[Line], collectives: Sequence[str]) -> list[Post]:
    """The members that these lines name.

    Raises:
        Misconfigured: rows are wrong; every fault stands on a line of its own.
    """
    refuse_wrong(name, lines, "label", lambda row: faults(row, collectives))
    return [_post(line.row) for line in lines]


def put(store: Store, posts: Sequence[Post], now: datetime, *, whole: bool = False) -> None:
    """Write these members; one of the same label is mended, and with `whole` every other is revoked.

    The keys of new members are committed before their rows, as those of survivors are.
    """
    with reading(store.main) as db:
        known = {one.post.label: one.id for one in members.all_of(db)}
    with writing(store.keys) as keys_db:
        made = {post.label: keystore.make(keys_db, store.sealer, now) for post in posts if post.label not in known}
    with writing(store.main) as db:
        for post in posts:
            if post.label in known:
                members.mend(db, known[post.label], post)
            else:
                members.add(db, made[post.label], post, now)
        gone = [one for one in known if whole and one not in {post.label for post in posts}]
        for label in gone:
            revoke(db, known[label], now)


def invite(db: Connection, label: str, now: datetime) -> str:
    """A one-time token for a member; an older one of hers opens nothing any more.

    Raises:
        Misconfigured: there is no such member.
    """
    return members.invite(db, _called(db, label).id, now, now + INVITED)


def revoke(db: Connection, member_id: str, now: datetime) -> int:
    """A member leaves or lost her phone: nothing more goes to it or comes from it, and whom she held waits again."""
    held = let_wait(db, member_id, now)
    outbox.cancel_to(db, member_id)
    members.revoke(db, member_id, now)
    return held


def let_wait(db: Connection, member_id: str, now: datetime) -> int:
    """Whom a member holds waits again, since she cannot answer any more; how many those are."""
    members.read(db, member_id, lock=True)
    held = relays.held_by(db, member_id)
    for relay in held:
        relays.release(db, relay, now, offer="gone", why="revoked", by=member_id)
    return len(held)


def revoke_label(db: Connection, label: str, now: datetime) -> int:
    """The same by the label of a member; how many talks wait again.

    Raises:
        Misconfigured: there is no such member.
    """
    return revoke(db, _called(db, label).id, now)


def row_of(member: Member) -> Mapping[str, Cell]:
    """A member as a row of a file."""
    post = member.post
    return {**{name: getattr(post, name) for name in MEMBERS.columns}, "duty": told_duty(post.duty)}


def told_duty(duty: Spans) -> str:
    """Duty hours as they are written in a file: "mon 09:00-13:00 15:00-18:00; tue 09:00-13:00"."""
    days = (f"{day} {' '.join(f'{first}-{last}' for first, last in duty[day])}" for day in DAYS if day in duty)
    return "; ".join(days)


def read_duty(cell: str) -> Spans:
    """The duty hours that such a text names.

    Raises:
        ValueError: a day is unknown, or a span is none.
    """
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        day, *spans = part.lower().split()
        if day not in DAYS or not spans:
            raise ValueError(f"{part!r} is no day with hours, like mon 09:00-13:00 15:00-18:00")
        found[day] = tuple(sorted(_span(span) for span in spans))
    return found


def faults(row: Row, collectives: Sequence[str]) -> Iterator[str]:
    """What is wrong with a row, in words for whoever keeps the file."""
    if not _LABEL.fullmatch(row["label"]):
        yield "label must be 2 to 31 small letters, digits and hyphens; it is no name"
    if row["collective"] not in collectives:
        yield f"no collective has the id {row['collective']!r}"
    yield from _unknown("district", (*listed(row["districts"]), *filter(None, [row["home"]])), tuple(DISTRICTS))
    yield from _unknown("language", (*listed(row["languages"]), row["language"]), tuple(map(str, Language)))
    yield from _unknown("need", listed(row["needs"]), NEEDS)
    yield from (f"{column} is missing" for column in ("districts", "languages", "duty") if not row[column])
    if not row["capacity"].isdecimal() or not 1 <= int(row["capacity"]) <= MOST:
        yield f"capacity is a number from 1 to {MOST}"
    if row["block"] and not row["home"]:
        yield "a block needs its district, home"
    yield from _faults_of_time(row)


def _called(db: Connection, label: str) -> Member:
    member = members.of_label(db, label)
    if member is None:
        raise Misconfigured(f"no member is called {label!r}")
    return member


def _faults_of_time(row: Row) -> Iterator[str]:
    try:
        read_duty(row["duty"])
    except ValueError as wrong:
        yield f"duty: {wrong}"
    for day in listed(row["holidays"]):
        try:
            date.fromisoformat(day)
        except ValueError:
            yield f"holidays: {day!r} is no date like 2026-11-24"


def _unknown(what: str, given: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    yield from (f"no {what} has the code {code!r}" for code in given if code not in known)


def _span(cell: str) -> tuple[str, str]:
    matched = _SPAN.fullmatch(cell)
    if not matched:
        raise ValueError(f"{cell!r} is no span of hours like 09:00-13:00")
    first, last = matched[1], matched[2]
    if not time.fromisoformat(first) < (time.max if last == "24:00" else time.fromisoformat(last)):
        raise ValueError(f"{cell!r} ends before it begins")
    return first, last


def _post(row: Row) -> Post:
    return Post(
        label=row["label"],
        collective=row["collective"],
        districts=listed(row["districts"]),
        languages=listed(row["languages"]),
        needs=listed(row["needs"]),
        home=row["home"] or None,
        block=row["block"].casefold() or None,
        capacity=int(row["capacity"]),
        duty=read_duty(row["duty"]),
        holidays=listed(row["holidays"]),
        language=row["language"],
    )


def collective_ids(db: Connection) -> list[str]:
    """The collectives that a member can belong to."""
    return [one.id for one in directory.all_of(db)]

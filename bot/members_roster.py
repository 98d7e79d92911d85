"""The roster of members: checked row by row before anything of it is kept, and invited one by one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.duty import DAYS
from bot.errors import Misconfigured
from bot.faults import Fault, WrongHours, wrong
from bot.roster_files import MEMBERS, Cell, Line, Row, listed, read_lines, refuse_wrong
from bot.telling import WHAT
from flows.model import Language
from flows.places import DISTRICTS
from storage import directory, keystore, members, outbox, relays
from storage.database import Connection, Store, reading, writing
from storage.members import Member, Post, Spans
from storage.seal import PersonKey

NEEDS = tuple(need for need in WHAT if need != "collective")
INVITED = timedelta(days=3)
MOST = 9  # talks at once

_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{1,30}")
_SPAN = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)", re.ASCII)


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
    return [post_of(line.row) for line in lines]


def put(store: Store, posts: Sequence[Post], now: datetime, *, whole: bool = False) -> None:
    """Write these members; one of the same label is mended, and with `whole` every other is revoked."""
    made = make_keys(store, posts, now)
    with writing(store.main) as db:
        write(db, made, posts, now, whole=whole)


def make_keys(store: Store, posts: Sequence[Post], now: datetime) -> Mapping[str, PersonKey]:
    """The keys of those who are new, by label; they are committed before their rows, as those of survivors are."""
    with reading(store.main) as db:
        known = {one.post.label for one in members.all_of(db)}
    with writing(store.keys) as keys_db:
        return {post.label: keystore.make(keys_db, store.sealer, now) for post in posts if post.label not in known}


def write(
    db: Connection, made: Mapping[str, PersonKey], posts: Sequence[Post], now: datetime, *, whole: bool = False
) -> None:
    """Write these members, as `put` does, in the caller's transaction; `made` are the keys of those who are new."""
    known = {one.post.label: one.id for one in members.all_of(db)}
    for post in posts:
        if post.label in known:
            members.mend(db, known[post.label], post)
        else:
            members.add(db, made[post.label], post, now)
    there = {post.label for post in posts}
    for label in (one for one in known if whole and one not in there):
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
        WrongHours: a day is unknown, or a span is none.
    """
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        day, *spans = part.lower().split()
        if day not in DAYS or not spans:
            raise WrongHours(
                wrong("duty", "duty: {part} is no day with hours, like mon 09:00-13:00 15:00-18:00", part=repr(part))
            )
        found[day] = tuple(sorted(_span(span) for span in spans))
    return found


def faults(row: Row, collectives: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with a row, in words for whoever keeps the file."""
    if not _LABEL.fullmatch(row["label"]):
        yield wrong("label", "label must be 2 to 31 small letters, digits and hyphens; it is no name")
    if row["collective"] not in collectives:
        yield wrong("collective", "no collective has the id {id}", id=repr(row["collective"]))
    for code in _unknown((*listed(row["districts"]), *filter(None, [row["home"]])), tuple(DISTRICTS)):
        yield wrong("districts", "no district has the code {code}", code=repr(code))
    for code in _unknown((*listed(row["languages"]), row["language"]), tuple(map(str, Language))):
        yield wrong("languages", "no language has the code {code}", code=repr(code))
    for code in _unknown(listed(row["needs"]), NEEDS):
        yield wrong("needs", "no need has the code {code}", code=repr(code))
    for column in ("districts", "languages", "duty"):
        if not row[column]:
            yield wrong(column, "{column} is missing", column=column)
    if not row["capacity"].isdecimal() or not 1 <= int(row["capacity"]) <= MOST:
        yield wrong("capacity", "capacity is a number from 1 to {most}", most=MOST)
    if row["block"] and not row["home"]:
        yield wrong("block", "a block needs its district, home")
    yield from _faults_of_time(row)


def _called(db: Connection, label: str) -> Member:
    member = members.of_label(db, label)
    if member is None:
        raise Misconfigured(f"no member is called {label!r}")
    return member


def _faults_of_time(row: Row) -> Iterator[Fault]:
    try:
        read_duty(row["duty"])
    except WrongHours as found:
        yield found.fault
    for day in listed(row["holidays"]):
        try:
            date.fromisoformat(day)
        except ValueError:
            yield wrong("holidays", "holidays: {day} is no date like 2026-11-24", day=repr(day))


def _unknown(given: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    return (code for code in given if code not in known)


def _span(cell: str) -> tuple[str, str]:
    matched = _SPAN.fullmatch(cell)
    if not matched:
        raise WrongHours(wrong("duty", "duty: {span} is no span of hours like 09:00-13:00", span=repr(cell)))
    first, last = matched[1], matched[2]
    if not first < last:  # both have two digits, a colon and two digits
        raise WrongHours(wrong("duty", "duty: {span} ends before it begins", span=repr(cell)))
    return first, last


def post_of(row: Row) -> Post:
    """What a row without faults says of a member."""
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

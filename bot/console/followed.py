"""What came of the requests, by her own word, beside what the provider says; and where the two differ."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.console.lines import write_object
from bot.console.times import written_moment
from storage import follow_ups, journal, referrals
from storage.database import Connection, Engine, reading, writing
from storage.follow_ups import FollowUp


def show(main: Engine, at: datetime, *, json: bool) -> None:
    """Print every question after a request: overdue ones and contradictions are marked."""
    with writing(main) as db:
        journal.write(db, actor="console", action="read follow-ups", subject="all", now=at)
    with reading(main) as db:
        rows = rows_of(db, at)
    if json:
        for row in rows:
            write_object(row)
        return
    table = Table("code", "provider says", "she says", "question", "due", "look at")
    for row in rows:
        look = "contradiction" if row["contradiction"] else "overdue" if row["overdue"] else ""
        cells = (row["code"], row["provider"], row["she"] or "-", row["question"], row["due_at"])
        table.add_row(*cells, look)
    Console().print(table if rows else "no question was planned")


def rows_of(db: Connection, at: datetime) -> list[Mapping[str, Any]]:
    """One question a row; her word stands apart from the provider's."""
    apart = {code for code, _state, _answer in follow_ups.contradicted(db)}
    return [_row(db, one, apart, at) for one in follow_ups.listed(db)]


def _row(db: Connection, one: FollowUp, apart: set[str], at: datetime) -> Mapping[str, Any]:
    referral = referrals.of_code(db, one.referral_code)
    return {
        "code": one.referral_code,
        "provider": referral.state if referral else "",
        "she": one.answer,
        "question": one.state,
        "due_at": written_moment(one.due_at),
        "overdue": one.state == "planned" and one.due_at <= at,
        "contradiction": one.referral_code in apart,
    }

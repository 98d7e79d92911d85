"""The log at the desk: narrowed, sorted, by the page, shared by its address, and kept as views."""

import random
import re
from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import insert

from bot.desk import narrowing
from bot.desk.labels import KINDS, OUTCOMES, STATES
from flows.model import Channel, Language
from storage import directory, ids, journal, log, referrals
from storage.database import Store, reading, writing
from storage.directory import Collective
from storage.log import Asked
from storage.staff import Role
from storage.tables import journal as journal_table
from storage.tables import referrals as referral_table
from tests.bot.desk.asked import DAY, ask
from tests.bot.desk.browsers import Browser, Office
from tests.storage.builders import NOW

CODES = re.compile(r'<th scope="row"><a href="/desk/log/([^"]+)"')


def codes(browser: Browser, query: str = "") -> list[str]:
    """The codes on a page of the log, in their order."""
    answered = browser.get(f"/desk/log?{query}")
    assert answered.status_code == 200
    return CODES.findall(answered.text)


@pytest.fixture
def anita(office: Office) -> Browser:
    """An administrator's browser."""
    office.hire("anita", Role.ADMINISTRATOR)
    return office.signed_in("anita")


def fill(store: Store, count: int) -> list[str]:
    """So many rows of every sort, many of them opened in the same moment; their codes."""
    chance = random.Random(5)  # the same rows in every run
    moments = [NOW - days * DAY for days in (0, 1, 3, 6, 8, 11, 15)]
    rows = [
        {
            "id": ids.new_id(NOW),
            "code": f"T{number:06d}",
            "kind": chance.choice(list(KINDS)),
            "state": chance.choice(list(STATES)),
            "outcome": chance.choice([None, *OUTCOMES]),
            "district": chance.choice([None, "nadia", "kolkata", "malda"]),
            "language": chance.choice([None, *(one.value for one in Language)]),
            "channel": chance.choice([one.value for one in Channel]),
            "collective": chance.choice([None, "c1", "c2"]),
            "opened_at": (opened := chance.choice(moments)),
            "changed_at": opened + timedelta(hours=chance.randrange(3)),
            "assigned_to": chance.choice([None, "s1"]),
        }
        for number in range(count)
    ]
    with writing(store.main) as db:
        db.execute(insert(referral_table), rows)
    return [str(row["code"]) for row in rows]


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("sort", log.SORTS)
def test_every_row_on_one_page(store: Store, sort: str, descending: bool) -> None:
    """In every order each row stands on exactly one page, in order, and what has no value comes last."""
    made = fill(store, 160)
    with reading(store.main) as db:
        pages = [log.page(db, Asked(), sort, descending=descending, number=number) for number in (1, 2, 3, 4, 5)]
    rows = [row for page in pages for row in page]
    assert [len(page) for page in pages] == [50, 50, 50, 10, 0]
    assert sorted(row.code for row in rows) == sorted(made)
    values = [getattr(row, sort) for row in rows]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    if sort not in ("district", "outcome", "state", "kind"):  # PostgreSQL orders words as its locale does
        assert known == sorted(known, reverse=descending)


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        (Asked(kind="legal_aid"), lambda row: row.kind == "legal_aid"),
        (Asked(kind=log.REQUESTS), lambda row: row.kind != "information"),
        (Asked(state="done"), lambda row: row.state == "done"),
        (Asked(state=log.OPEN_ONES), lambda row: row.state in referrals.OPEN),
        (Asked(outcome="helped"), lambda row: row.outcome == "helped"),
        (Asked(district="malda"), lambda row: row.district == "malda"),
        (Asked(collective="c2"), lambda row: row.collective == "c2"),
        (Asked(language="bn_Latn"), lambda row: row.language == "bn_Latn"),
        (Asked(channel="telegram"), lambda row: row.channel == "telegram"),
        (Asked(assigned_to="s1"), lambda row: row.assigned_to == "s1"),
        (Asked(assigned_to=log.NOBODY), lambda row: row.assigned_to is None),
        (Asked(since=NOW - 5 * DAY), lambda row: row.opened_at >= NOW - 5 * DAY),
        (Asked(until=NOW - 5 * DAY), lambda row: row.opened_at < NOW - 5 * DAY),
        (Asked(kind="counselling", channel="sms"), lambda row: (row.kind, row.channel) == ("counselling", "sms")),
    ],
)  # fmt: skip
def test_narrowed(store: Store, asked: Asked, holds: object) -> None:
    """Each way to narrow leaves exactly the rows that fit, and the count is theirs."""
    assert callable(holds)
    fill(store, 50)
    with reading(store.main) as db:
        everything = log.page(db, Asked(), "code", descending=False, number=1)
        found = log.page(db, asked, "code", descending=False, number=1)
        count = log.count(db, asked)
    assert found == [row for row in everything if holds(row)]
    assert 0 < count == len(found) < 50


def test_page_of_the_log(anita: Browser, office: Office) -> None:
    """The address narrows and sorts; the second page begins where the first ended."""
    made = fill(office.store, 120)
    first, second, third = (codes(anita, f"sort=code&page={page}") for page in (1, 2, 3))
    assert first + second + third == sorted(made)
    assert codes(anita, "sort=-code") == sorted(made, reverse=True)[:50]
    assert codes(anita, "sort=code&page=99") == third


def test_day_of_india(anita: Browser, office: Office) -> None:
    """A day begins and ends at midnight in India."""
    late, _ = ask(office.store, 1, now=NOW.replace(hour=18, minute=29))
    next_day, _ = ask(office.store, 2, now=NOW.replace(hour=18, minute=31))
    assert codes(anita, "until=2026-03-02") == [late.code]
    assert codes(anita, "since=2026-03-03") == [next_day.code]


def test_link_of_a_column_keeps_the_rest(anita: Browser, office: Office) -> None:
    """A heading sorts what is narrowed already, and turns the order round when it is pressed again."""
    fill(office.store, 60)
    page = anita.get("/desk/log?district=nadia&sort=kind").text
    assert 'href="?district=nadia&amp;sort=-kind"' in page
    assert 'aria-sort="ascending"' in page
    assert 'href="?district=nadia&amp;sort=state"' in page


def test_what_is_unknown_is_said(anita: Browser, office: Office) -> None:
    """A wrong address shows what it can, and says that a part was left out."""
    asked, _ = ask(office.store)
    page = anita.get("/desk/log?district=atlantis&kind=counselling&since=yesterday&page=-1")
    assert "was not understood" in page.text
    assert CODES.findall(page.text) == [asked.code]
    assert "was not understood" not in anita.get("/desk/log?kind=counselling").text


def test_nothing_there(anita: Browser, office: Office) -> None:
    """An empty log says what will stand in it; one that is narrowed too far leads back."""
    assert "Nothing is written down yet" in anita.get("/desk/log").text
    ask(office.store)
    assert "Nothing is written down that fits this" in anita.get("/desk/log?district=malda").text


def test_collective_is_named(anita: Browser, office: Office) -> None:
    """What may be chosen are the collectives of the directory, by name; another is no filter."""
    with writing(office.store.main) as db:
        directory.upsert(db, [Collective("c1", "The river")])
    fill(office.store, 40)
    page = anita.get("/desk/log?collective=c1").text
    assert '<option value="c1" selected>The river</option>' in page
    assert "was not understood" in anita.get("/desk/log?collective=c9").text


def test_mine(office: Office) -> None:
    """Mine is what is assigned to whoever looks."""
    ruma = office.hire("ruma", Role.COORDINATOR)
    office.hire("anita", Role.ADMINISTRATOR)
    first, _ = ask(office.store, 1)
    ask(office.store, 2)
    with writing(office.store.main) as db:
        assert referrals.assign(db, first.code, ruma.id)
    assert codes(office.signed_in("ruma"), "assigned=me") == [first.code]
    assert codes(office.signed_in("anita"), "assigned=me") == []


def test_nobodys(anita: Browser, office: Office) -> None:
    """With nobody is what is assigned to no one."""
    first, _ = ask(office.store, 1)
    other, _ = ask(office.store, 2)
    with writing(office.store.main) as db:
        assert referrals.assign(db, first.code, "somebody")
    assert codes(anita, "assigned=nobody") == [other.code]


def test_look_is_in_the_journal(anita: Browser, office: Office) -> None:
    """That somebody looked is written down, without what she looked for."""
    anita.get("/desk/log?district=nadia")
    with reading(office.store.main) as db:
        rows = db.execute(journal_table.select().order_by(journal_table.c.seq)).all()
        assert journal.verify(db) is None
    assert (rows[-1].action, rows[-1].subject) == ("read log", "log")


def test_views(anita: Browser) -> None:
    """A view is kept under a name, replaced under the same, and deleted; its name is shown as it was written."""
    form = {"district": "nadia", "sort": "-code", "name": "  my <b>district</b> ", "evil": "1"}
    kept = anita.post("/desk/log/views", form)
    assert kept.headers["location"] == "/desk/log?district=nadia&sort=-code"
    page = anita.get("/desk/log").text
    assert '<bdi class="hers" dir="auto">my &lt;b&gt;district&lt;/b&gt;</bdi>' in page
    assert 'href="/desk/log?district=nadia&amp;sort=-code"' in page
    anita.post("/desk/log/views", {**form, "district": "malda"})
    page = anita.get("/desk/log").text
    assert "district=malda" in page
    assert "district=nadia" not in page
    (view,) = re.findall(r"/desk/log/views/(\w+)/delete", page)
    assert anita.post(f"/desk/log/views/{view}/delete").status_code == 303
    assert "my &lt;b&gt;" not in anita.get("/desk/log").text
    assert anita.post(f"/desk/log/views/{view}/delete").status_code == 404


def test_views_of_others(anita: Browser, office: Office) -> None:
    """Nobody sees or deletes a view of somebody else; a reviewer has views of her own."""
    anita.post("/desk/log/views", {"name": "mine alone", "kind": "counselling"})
    (view,) = re.findall(r"/desk/log/views/(\w+)/delete", anita.get("/desk/log").text)
    office.hire("tapan", Role.REVIEWER)
    tapan = office.signed_in("tapan")
    assert "mine alone" not in tapan.get("/desk/log").text
    assert tapan.post(f"/desk/log/views/{view}/delete").status_code == 404
    assert tapan.post("/desk/log/views", {"name": "his"}).status_code == 303
    assert "mine alone" in anita.get("/desk/log").text


@pytest.mark.parametrize("name", ["", "   ", "a" * 41])
def test_name_of_a_view(anita: Browser, name: str) -> None:
    """A view needs a name, and a short one."""
    answered = anita.post("/desk/log/views", {"name": name, "kind": "counselling"})
    assert answered.status_code == 422
    assert "at most 40 letters" in answered.text


def test_views_end_somewhere(anita: Browser) -> None:
    """Nobody keeps more than twenty."""
    told = [anita.post("/desk/log/views", {"name": f"view {number}"}).status_code for number in range(21)]
    assert told == [303] * 20 + [422]


def test_member_sees_no_log(office: Office) -> None:
    """A member of a collective is told that nothing is there."""
    office.hire("didi", Role.MEMBER)
    asked, _ = ask(office.store)
    didi = office.signed_in("didi")
    assert didi.get("/desk/log").status_code == 404
    assert didi.get(f"/desk/log/{asked.code}").status_code == 404


TEXTS = some.text(max_size=12) | some.sampled_from(
    ["counselling", "done", "nadia", "-code", "2026-03-02", "2026-02-30"]
)
NAMES = some.sampled_from(["kind", "state", "district", "sort", "since", "until", "page", "assigned"]) | some.text(
    max_size=8
)


@given(some.dictionaries(NAMES, TEXTS, max_size=6))
def test_any_address_is_understood(query: Mapping[str, str]) -> None:
    """Whatever stands in an address, it is read without failing, and read again it is the same."""
    once = narrowing.read(query, frozenset())
    again = narrowing.read(dict(parse_qsl(once.query)), frozenset())
    assert (again.given, again.unread) == (once.given, ())
    assert once.page > 0
    assert set(once.unread) | set(once.given) | {"page"} == set(query) | {"page"}
    asked = once.asked("s1")
    assert asked.since is None or asked.since.date() == date.fromisoformat(query["since"])

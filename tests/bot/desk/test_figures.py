"""The figures: what is counted, what is shown of it, and the pictures."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from time import perf_counter, process_time
from xml.etree import ElementTree

import pytest

from bot.desk import counting, labels, plots
from bot.desk.counting import Period, read_period
from bot.desk.roles import Role
from bot.desk.suppressing import Sign
from bot.settings import Settings
from flows.helpline import FLOWS
from flows.staged import SetStage
from flows.vocabulary import Ask
from storage import figures, journal, retention, spend
from storage.database import Store, reading, writing
from storage.tables import journal as journal_table
from tests.bot.desk import logs
from tests.bot.desk.browsers import Browser, Office
from tests.bot.desk.logs import DAY
from tests.storage.builders import HOUR, NOW

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
BIG = 100_000


@pytest.fixture
def reader(office: Office, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A reviewer, who has signed in, and for whom nothing is kept that another test counted on the same server."""
    monkeypatch.setattr(counting, "_of_periods", counting._Kept())
    monkeypatch.setattr(counting, "_of_now", counting._Kept())
    office.hire("reviewer", Role.REVIEWER)
    return office.signed_in("reviewer")


def cells(page: str, title: str) -> dict[str, list[str]]:
    """The numbers of one figure's table on a page, by row."""
    table = page.partition(f'<caption class="muted">{title}</caption>')[2].partition("</table>")[0]
    rows = table.split("<tr>")[2:]
    return {
        re.findall(r'<th scope="row">(.*?)</th>', row)[0]: re.findall(r"<td[^>]*>(.*?)</td>", row)
        for row in rows
        if 'scope="row"' in row
    }


def some(count: int, **told: object) -> list[dict[str, object]]:
    """So many referrals alike, none with the code of another."""
    some.number += 1  # type: ignore[attr-defined]
    first = some.number * 1000  # type: ignore[attr-defined]
    return [logs.referral(number=first + number, **told) for number in range(count)]  # type: ignore[arg-type]


some.number = 0  # type: ignore[attr-defined]


def test_referrals_are_counted_by_all_that_tells_them_apart(store: Store) -> None:
    """Kind, state, outcome and district; only what was opened within the months, by India's clock."""
    since, until = MARCH.moments
    edges = [since, since - timedelta(milliseconds=1), until, until - timedelta(milliseconds=1)]
    logs.write(store, [logs.referral(at, number) for number, at in enumerate(edges)] + some(3, kind="legal_aid"))
    with reading(store.main) as db:
        found = {(one.kind, one.state, one.outcome, one.district): one.count for one in figures.alike(db, since, until)}
        days = figures.opened_on(db, since, until)
    assert found == {("counselling", "requested", None, "nadia"): 2, ("legal_aid", "requested", None, "nadia"): 3}
    assert days == {date(2026, 3, 1): 1, date(2026, 3, 2): 3, date(2026, 3, 31): 1}
    assert (since + timedelta(hours=5, minutes=30)).hour == 0


def test_first_answer_is_the_first_by_a_person(store: Store) -> None:
    """What she changes herself is no answer; the second person's is not counted; who waits is not in."""
    rows = [logs.referral(NOW + number * HOUR, number) for number in range(3)]
    opened = [logs.change(row, NOW + number * HOUR, "survivor") for number, row in enumerate(rows)]
    changes = [
        *opened,
        logs.change(rows[0], NOW + 5 * HOUR / 60, "survivor"),
        logs.change(rows[0], NOW + HOUR / 2, "member"),
        logs.change(rows[0], NOW + HOUR, "staff abc"),
        logs.change(rows[1], NOW + HOUR + 2 * DAY + HOUR / 2, "staff abc"),
        logs.change(rows[2], NOW + 3 * HOUR, "survivor"),
    ]
    logs.write(store, rows, changes)
    with reading(store.main) as db:
        found = figures.answered_after(db, *MARCH.moments)
        none = figures.answered_after(db, NOW + DAY, NOW + 2 * DAY)
    assert found == {30: 1, 2 * 24 * 60: 1}
    assert none == {}


def test_waits_for_a_member_and_own_words(store: Store) -> None:
    """From the opening of a talk until it was taken; what she answered afterwards, when she did."""
    rows = [logs.referral(number=number) for number in range(3)]
    talks = [logs.talk(rows[0], NOW + HOUR / 4), logs.talk(rows[1], NOW + HOUR / 4), logs.talk(rows[2], None)]
    answers = [logs.answer(rows[0], "yes", NOW + DAY), logs.answer(rows[1], "no", NOW + 40 * DAY)]
    logs.write(store, rows, talks=talks, answers=answers)
    with reading(store.main) as db:
        assert figures.claimed_after(db, *MARCH.moments) == {15: 2}
        assert figures.own_words(db, *MARCH.moments) == {"yes": 1}


def test_standing_at_a_stage_by_age(store: Store) -> None:
    """By how long she stands there; other guides are not in."""
    people = [logs.person(NOW) for _ in range(4)]
    since = [NOW, NOW - 10 * DAY, NOW - 50 * DAY, NOW - 500 * DAY]
    staged = [
        {"person_id": who["id"], "guide": "money", "stage": "order", "since": at}
        for (who, _), at in zip(people, since, strict=True)
    ]
    staged.append({"person_id": people[0][0]["id"], "guide": "police", "stage": "order", "since": NOW})
    logs.write(store, standing=people, staged=staged)
    with reading(store.main) as db:
        assert figures.standing(db, "money", counting.AGES, NOW) == {"order": (2, 1, 0, 1)}


def test_stages_are_those_of_the_guide() -> None:
    """What is called awarded and unpaid are stages that she can name in the guide to money."""
    (money,) = (flow for flow in FLOWS if flow.name == "money")
    named = {
        effect.stage
        for step in money.steps
        if isinstance(step, Ask)
        for choice in step.choices
        for effect in choice.does
        if isinstance(effect, SetStage)
    }
    assert set(labels.AWARDED) <= named
    assert {stage for stage in named if stage.startswith(("order", "unpaid"))} == set(labels.AWARDED)


def test_where_people_stop(store: Store, reader: Browser) -> None:
    """Who wrote today is not in; steps with fewer than five are told together; an end is no drop-off."""
    standing = [logs.person(NOW - 3 * DAY, ("money", "fir")) for _ in range(6)]
    standing += [logs.person(NOW - HOUR, ("money", "fir")) for _ in range(9)]
    standing += [logs.person(NOW - 3 * DAY, ("police", f"step{at}")) for at in range(7)]
    standing += [logs.person(NOW - 3 * DAY, ("talk", "noted")) for _ in range(20)]
    logs.write(store, standing=standing)
    told = cells(reader.get("/desk/figures").text, "Where people stop")
    assert told == {"money.fir": ["6"], "other steps, fewer than 5 at each": ["7"], "Together": ["13"]}


def test_parts_are_kept_for_the_months_and_nobody_is_in_them(store: Store) -> None:
    """The parts of a line outlive the three days that a person's are kept; they are swept with the log."""
    with writing(store.main) as db:
        for back in (0, 10, 1200):
            spend.add(db, (NOW - back * DAY).date(), "line:android_sms:a", 7)
            spend.add(db, (NOW - back * DAY).date(), "0" * 32, 7)
            spend.add(db, (NOW - back * DAY).date(), f"cover:{'0' * 32}", 7)
        retention.clear(db, NOW, retention.Keep())
    with reading(store.main) as db:
        counted = figures.parts_on(db, date(2020, 1, 1), date(2030, 1, 1))
        left = db.exec_driver_sql("SELECT count(*) FROM spend").scalar_one()
    assert counted == {NOW.date(): 7, (NOW - 10 * DAY).date(): 7}
    assert left == 4


def test_page_says_each_figure_with_its_table(store: Store, reader: Browser) -> None:
    """Ten figures: a sentence, a picture, a table with a caption; small numbers are not shown."""
    logs.write(store, [*some(30, kind="information"), *some(3, kind="emergency"), *some(20, kind="legal_aid")])
    page = reader.get("/desk/figures").text
    assert page.count("<figure><img") == page.count("<caption") == 9
    assert page.count("Nothing was counted yet.") == 1
    by_kind = cells(page, "Requests by kind")
    assert by_kind == {
        "Counselling": ["0"],
        "A free lawyer": ["–"],
        "A collective": ["0"],
        "Help at once": ["&lt;5"],
        "Information told": ["30"],
        "Together": ["53"],
    }
    assert "Small numbers, and what they could be worked out from, are not shown." in page
    assert "Counted at 2 Mar 2026, 14:30" in page


def test_medians_and_shares_tell_of_nobody(store: Store, reader: Browser) -> None:
    """Half of the waits is told from ten on, nine of ten from fifty; the share only where its numbers are shown."""
    rows = some(9)
    logs.write(store, rows, talks=[logs.talk(row, NOW + HOUR / 4) for row in rows])
    assert "Half of them within" not in reader.get("/desk/figures").text
    more = some(11)
    said = [logs.answer(row, "yes" if at < 6 else "no", NOW) for at, row in enumerate(more)]
    logs.write(store, more, talks=[logs.talk(row, NOW + HOUR / 4) for row in more], answers=said)
    reader.office.clock.at += counting.KEPT
    page = reader.get("/desk/figures").text
    assert "Half of them within 16 minutes." in page
    assert "Nine of ten within" not in page
    assert "By their own word it succeeded in 55%." in page


def test_cost_of_the_parts(office: Office, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the parts cost at the price that is set; nothing of it where none is."""
    logs.write(store, parts=[{"day": NOW.date(), "scope": "line:android_sms:a", "parts": 2000}])
    office.hire("reviewer", Role.REVIEWER)
    assert "Cost" not in office.signed_in("reviewer").get("/desk/figures").text
    priced = Settings(public_url="https://desk.example", sms_part_cost=0.25)
    monkeypatch.setattr("tests.bot.desk.browsers.Settings", lambda **_given: priced)
    office.clock.at += HOUR
    told = cells(office.signed_in("reviewer").get("/desk/figures").text, "SMS parts")
    assert told["Mar 2026"] == ["2,000", "₹500.00"]
    assert told["Together"] == ["2,000", "₹500.00"]


def test_counts_are_kept_for_a_minute(store: Store, reader: Browser) -> None:
    """Within it nothing is counted again, and the page says when it was; another period is counted at once."""
    logs.write(store, some(10))
    first = reader.get("/desk/figures").text
    logs.write(store, some(10))
    reader.office.clock.at += counting.KEPT - timedelta(seconds=1)
    assert cells(reader.get("/desk/figures").text, "Requests by kind") == cells(first, "Requests by kind")
    assert cells(reader.get("/desk/figures?since=2026-03").text, "Requests by kind")["Together"] == ["20"]
    reader.office.clock.at += timedelta(seconds=1)
    page = reader.get("/desk/figures").text
    assert cells(page, "Requests by kind")["Together"] == ["20"]
    assert "Counted at 2 Mar 2026, 14:31" in page


@pytest.mark.parametrize(
    ("since", "until", "period"),
    [
        ("", "", Period(date(2025, 4, 1), date(2026, 4, 1))),
        ("2026-01", "2026-02", Period(date(2026, 1, 1), date(2026, 3, 1))),
        ("2026-02", "2026-01", Period(date(2026, 1, 1), date(2026, 2, 1))),
        ("2026-02-03", "2031-01", Period(date(2025, 4, 1), date(2026, 4, 1))),
        ("'; drop", "2023-01", Period(date(2025, 4, 1), date(2026, 4, 1))),
        ("2025-12", "2025-12", Period(date(2025, 12, 1), date(2026, 1, 1))),
    ],
)
def test_periods_are_whole_months(since: str, until: str, period: Period) -> None:
    """Only months that there are; what is anything else is the last twelve."""
    assert read_period(since, until, NOW) == period


def test_pictures_are_bare_and_always_the_same(store: Store, reader: Browser) -> None:
    """No script, no style, nothing from elsewhere, no date, no id; the same numbers give the same bytes."""
    logs.write(store, [*some(30), *some(2, kind="emergency", district=None), *some(9, kind="legal_aid")])
    page = reader.get("/desk/figures").text
    for path in re.findall(r'<img src="([^"]+)"', page):
        drawn = reader.get(path.replace("&amp;", "&"))
        assert drawn.headers["content-type"] == "image/svg+xml"
        assert "default-src 'none'" in drawn.headers["content-security-policy"]
        tree = ElementTree.fromstring(drawn.content)
        assert {one.tag.rpartition("}")[2] for one in tree.iter()} <= {"svg", "g", "rect", "text", "path"}
        assert not {name for one in tree.iter() for name in one.attrib} & {"style", "class", "id", "href", "onload"}
        assert b"2026" not in drawn.content or "month" in path or "parts" in path
        assert reader.get(path.replace("&amp;", "&")).content == drawn.content


def test_hidden_numbers_are_no_bars() -> None:
    """What is hidden is an empty bar with its sign; every label and number is text."""
    rows = [("নদিয়া", 40, "40"), ("कोलकाता", Sign.FEW, "<5"), ("a & b", Sign.WITHHELD, "–"), ("none", 0, "0")]
    tree = ElementTree.fromstring(plots.draw(rows))
    shapes = list(tree.iter())
    assert [one.text for one in shapes if one.tag.endswith("text")] == [
        *(label for label, _, _ in reversed(rows)),
        *(said for _, _, said in reversed(rows)),
    ]
    bars = [one for one in shapes if one.get("stroke") and one.tag.endswith("rect")]
    assert [one.get("width") is not None for one in bars] == [False, False, False, True]


def test_no_picture_of_another_name(reader: Browser) -> None:
    """What is no figure is not there."""
    assert reader.get("/desk/figures/secret.svg").status_code == 404


def test_a_look_stands_in_the_journal(store: Store, reader: Browser) -> None:
    """The page and each picture of it."""
    reader.get("/desk/figures")
    reader.get("/desk/figures/kind.svg")
    with reading(store.main) as db:
        newest = db.execute(journal_table.select().order_by(journal_table.c.seq.desc()).limit(2)).all()
        assert journal.verify(db) is None
    assert [(row.action, row.subject) for row in newest] == [
        ("see plot", "figures/kind.svg"),
        ("read figures", "figures"),
    ]


@pytest.mark.parametrize("language", ["bn", "hi"])
def test_in_her_language(store: Store, reader: Browser, language: str) -> None:
    """No English sentence is left on the page, and unknown codes do not break it."""
    logs.write(store, [*some(9, outcome="{0}"), *some(9, kind="<b>", district="{nowhere}")])
    reader.post("/desk/language", {"language": language, "here": "/desk/figures"})
    page = reader.get("/desk/figures").text
    assert "Requests" not in page
    assert "&lt;b&gt;" in page
    assert "{nowhere}" in page


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_hundred_thousand_referrals(store: Store, reader: Browser, proof: Callable[[str], None]) -> None:
    """How long a page takes that must count, and one that need not; measured through the web application."""
    logs.many(store, BIG)
    pages = [f"/desk/figures?since=2025-{month:02}&until=2026-03" for month in range(1, 13)]
    took: list[tuple[float, float]] = []
    for path in pages * 3:
        reader.office.clock.at += timedelta(seconds=2)
        began, worked = perf_counter(), process_time()
        answered = reader.get(path)
        took.append(((perf_counter() - began) * 1000, (process_time() - worked) * 1000))
        assert answered.status_code == 200
    anew, all_of_them = took[: len(pages)], took
    proof(
        f"referrals={BIG} figures p95={_p95(wall for wall, _ in all_of_them):.0f}ms "
        f"cpu_p95={_p95(cpu for _, cpu in all_of_them):.0f}ms counted_anew_cpu_p95={_p95(cpu for _, cpu in anew):.0f}ms"
    )
    assert cells(answered.text, "Requests by kind")["Together"] != ["0"]


def _p95(taken: Iterable[float]) -> float:
    ranked = sorted(taken)
    return ranked[round(len(ranked) * 0.95) - 1]

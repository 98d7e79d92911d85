"""Members at the desk: edited by the rules of a file, invited by a link shown once, revoked at once, or as a table."""

import csv
import io
import re
from collections.abc import Mapping

import pytest

from bot.roster_files import MEMBERS
from storage import directory, journal, members
from storage.database import reading, writing
from storage.directory import Collective
from storage.members import Member
from storage.staff import Role
from tests.bot.console.test_members_command import GOOD as ROW
from tests.bot.desk.browsers import Browser, Office

GOOD: Mapping[str, str] = {
    "label": "nadia-1",
    "collective": "asha",
    "districts.nadia": "on",
    "languages.bn": "on",
    "home": "nadia",
    "block": "Ranaghat",
    "capacity": "3",
    "duty.mon": "09:00-13:00 15:00-18:00",
    "duty.sat": "10:00-12:00",
    "holidays": "2026-10-20\n2026-10-21",
    "language": "bn",
}


@pytest.fixture
def anita(office: Office) -> Browser:
    """An administrator who has signed in, with one collective in the directory."""
    with writing(office.store.main) as db:
        directory.upsert(db, [Collective("asha", "Asha", districts=("nadia",))])
    office.hire("anita", Role.ADMINISTRATOR)
    return office.signed_in("anita")


def there(office: Office) -> list[Member]:
    """The roster."""
    with reading(office.store.main) as db:
        return members.all_of(db)


def noted(office: Office) -> list[str]:
    """What was changed."""
    with reading(office.store.main) as db:
        found = [f"{one.action}: {one.subject}" for one in reversed(journal.read(db, 100)) if "member" in one.action]
    return [one for one in found if not one.startswith("read")]


def table(*rows: Mapping[str, str]) -> str:
    """Rows as the text of a CSV file."""
    file = io.StringIO()
    out = csv.DictWriter(file, MEMBERS.columns)
    out.writeheader()
    out.writerows(rows)
    return file.getvalue()


def add(browser: Browser, **change: str) -> None:
    """Add a member."""
    browser.get("/desk/roster/new")
    assert browser.post("/desk/roster/new", {**GOOD, **change}).status_code == 303


def test_add_and_change(office: Office, anita: Browser) -> None:
    """What is typed is what the roster says; her label stays, and so does her phone."""
    add(anita)
    (one,) = there(office)
    assert one.post.duty == {"mon": (("09:00", "13:00"), ("15:00", "18:00")), "sat": (("10:00", "12:00"),)}
    assert one.post.holidays == ("2026-10-20", "2026-10-21")
    page = anita.get("/desk/roster/one/nadia-1").text
    assert 'value="09:00-13:00 15:00-18:00"' in page
    anita.post("/desk/roster/one/nadia-1", {**GOOD, "label": "other", "capacity": "5"})
    (after,) = there(office)
    assert (after.id, after.post.label, after.post.capacity) == (one.id, "nadia-1", 5)
    assert noted(office) == ["add member: nadia-1", "change member: nadia-1"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"label": "Rina Das"}, "label must be"),
        ({"collective": "none"}, "no collective has the id"),
        ({"capacity": "0"}, "capacity is a number from 1 to 9"),
        ({"capacity": ""}, "capacity is a number from 1 to 9"),
        ({"duty.mon": "18:00-09:00"}, "ends before it begins"),
        ({"duty.mon": "25:00-26:00"}, "is no span of hours"),
        ({"duty.mon": "morning"}, "is no span of hours"),
        ({"holidays": "yesterday"}, "is no date"),
        ({"home": ""}, "a block needs its district"),
    ],
)
def test_faults_stand_beside_their_fields(office: Office, anita: Browser, change: Mapping[str, str], told: str) -> None:
    """What is wrong is said, what was typed stays, and nothing is kept."""
    anita.get("/desk/roster/new")
    answered = anita.post("/desk/roster/new", {**GOOD, **change})
    column = next(iter(change)).partition(".")[0]
    beside = " ".join(re.findall(rf'id="(?:{column}|block)-wrong">([^<]*)', answered.text))
    assert (answered.status_code, told in beside) == (422, True)
    assert next(iter(change.values())) in answered.text
    assert there(office) == []


def test_label_that_is_taken(office: Office, anita: Browser) -> None:
    """A second member does not take the place of the first."""
    add(anita)
    anita.get("/desk/roster/new")
    answered = anita.post("/desk/roster/new", {**GOOD, "capacity": "9"})
    assert (answered.status_code, "is taken" in answered.text) == (422, True)
    assert [one.post.capacity for one in there(office)] == [3]


def test_invitation_is_shown_once(office: Office, anita: Browser) -> None:
    """The link opens the way for one phone; it is on no other page, not in the journal, and a new one voids it."""
    add(anita)
    anita.get("/desk/roster/one/nadia-1")
    tokens = []
    for _ in range(2):
        page = anita.post("/desk/roster/one/nadia-1/invite").text
        tokens += re.findall(r'<code class="breaks">/start ([^<]+)</code>', page)
    assert len(set(tokens)) == 2
    assert not any(token in anita.get("/desk/roster/one/nadia-1").text for token in tokens)
    with reading(office.store.main) as db:
        opened = [members.open_invitation(db, token, office.clock()) is not None for token in tokens]
        told = " ".join(one.subject for one in journal.read(db, 100))
    assert opened == [False, True]
    assert not any(token in told for token in tokens)
    assert noted(office)[-2:] == ["invite member: nadia-1"] * 2


def test_revoked_at_once(office: Office, anita: Browser) -> None:
    """No invitation of hers opens anything, and the list says so."""
    add(anita)
    anita.get("/desk/roster/one/nadia-1")
    page = anita.post("/desk/roster/one/nadia-1/invite").text
    (token,) = re.findall(r'<code class="breaks">/start ([^<]+)</code>', page)
    anita.post("/desk/roster/one/nadia-1/revoke")
    with reading(office.store.main) as db:
        assert members.open_invitation(db, token, office.clock()) is None
    assert there(office)[0].revoked_at is not None
    page = anita.get("/desk/roster/one/nadia-1").text
    assert "revoked on" in page
    assert "Revoke now" not in page
    assert noted(office)[-1] == "revoke member: nadia-1"


def test_table_goes_in_and_comes_out(office: Office, anita: Browser) -> None:
    """Pasted or uploaded, as a spreadsheet saves it; what is saved from here can be taken in again."""
    anita.get("/desk/roster/file")
    assert anita.post("/desk/roster/file", {"pasted": table(ROW)}).status_code == 303
    saved = anita.get("/desk/roster/export")
    assert saved.headers["content-type"] == "text/csv; charset=utf-8"
    assert saved.headers["cache-control"] == "no-store"
    anita.get("/desk/roster/file")
    file = {"file": ("members.csv", saved.content, "text/csv")}
    answered = anita.post("/desk/roster/file", files=file)
    assert answered.status_code == 303, answered.text
    assert [one.post.label for one in there(office)] == ["north-1"]
    assert noted(office) == ["import members: 1", "export members: roster/export", "import members: 1"]


def test_table_with_wrong_lines(office: Office, anita: Browser) -> None:
    """Every wrong line is told with its number, and the good one before them is not taken in either."""
    rows = [ROW, {**ROW, "label": "north-2", "capacity": "0"}, {**ROW, "label": "north-1"}]
    anita.get("/desk/roster/file")
    answered = anita.post("/desk/roster/file", {"pasted": table(*rows)})
    assert answered.status_code == 422
    assert re.findall(r"<li>(Line \d+: [^&<]*)", answered.text) == [
        "Line 3: capacity is a number from 1 to 9",
        "Line 4: the label ",
    ]
    assert "north-2" in answered.text
    assert there(office) == []
    assert noted(office) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is missing; the columns are"),
        ("label;collective\n", "is missing; the columns are"),
        (table(), "There is no member in it."),
        (table() + "north-1,asha\n", "it has not 11 cells"),
        (table() + '"north-1\n', "Line 2"),
        (table() + "\ufffd" * 3, "UTF-8"),
        (table() + "\0", "UTF-8"),
    ],
)
def test_what_is_no_table(office: Office, anita: Browser, text: str, told: str) -> None:
    """It is refused in words, whatever it is."""
    anita.get("/desk/roster/file")
    answered = anita.post("/desk/roster/file", {"pasted": text})
    assert (answered.status_code, told in answered.text) == (422, True)
    assert there(office) == []


def test_whole_table_revokes_who_is_not_in_it(office: Office, anita: Browser) -> None:
    """Only where the box is ticked."""
    add(anita)
    for form, expected in (({}, [False, False]), ({"whole": "on"}, [True, False])):
        anita.get("/desk/roster/file")
        anita.post("/desk/roster/file", {"pasted": table(ROW), **form})
        assert [one.revoked_at is not None for one in there(office)] == expected


def test_nobody_is_there(anita: Browser) -> None:
    """An empty roster says what to do; a label that nobody has is nothing."""
    assert "Nobody answers yet." in anita.get("/desk/roster").text
    assert anita.get("/desk/roster/one/nobody").status_code == 404
    assert anita.get("/desk/directory").status_code == 200

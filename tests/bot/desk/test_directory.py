"""Collectives at the desk: the same rules as for a file, told beside the fields; a sample shows no number."""

from collections.abc import Mapping

import pytest

from bot import members_roster, roster
from storage import directory, journal, marks
from storage.database import reading, writing
from storage.directory import Collective
from storage.members import Post
from storage.staff import Role
from tests.bot.desk.browsers import Browser, Office

GOOD: Mapping[str, str] = {
    "id": "asha",
    "name": "Asha Collective",
    "spoken_name": "Asha sewing group",
    "districts.nadia": "on",
    "districts.kolkata": "on",
    "languages.bn": "on",
    "contact": "+915550000007",
    "contact_kind": "phone",
    "consented_on": "2026-02-01",
    "show": "on",
}
HIDDEN = {name: value for name, value in GOOD.items() if name != "show"}


@pytest.fixture
def anita(office: Office) -> Browser:
    """An administrator who has signed in."""
    office.hire("anita", Role.ADMINISTRATOR)
    return office.signed_in("anita")


def there(office: Office) -> list[Collective]:
    """The directory."""
    with reading(office.store.main) as db:
        return directory.all_of(db)


def named(office: Office, district: str = "nadia") -> list[str]:
    """Whom a survivor of this district is told of."""
    with reading(office.store.main) as db:
        return [one.id for one in directory.in_district(db, district)]


def noted(office: Office) -> list[str]:
    """What was changed."""
    with reading(office.store.main) as db:
        return [
            f"{one.action}: {one.subject}" for one in reversed(journal.read(db, 100)) if " collective" in one.action
        ]


def test_add_change_hide_show_remove(office: Office, anita: Browser) -> None:
    """The life of a collective in the directory, and all of it in the journal."""
    anita.get("/desk/directory/new")
    assert anita.post("/desk/directory/new", GOOD).headers["location"] == "/desk/directory"
    assert (there(office)[0].districts, named(office)) == (("kolkata", "nadia"), ["asha"])
    anita.get("/desk/directory/one/asha")
    anita.post("/desk/directory/one/asha", {**GOOD, "id": "other", "name": "Asha again"})
    assert [(one.id, one.name) for one in there(office)] == [("asha", "Asha again")]
    anita.post("/desk/directory/one/asha/show", {"show": "no"})
    assert named(office) == []
    anita.post("/desk/directory/one/asha/show", {"show": "yes"})
    assert named(office) == ["asha"]
    anita.post("/desk/directory/one/asha/remove")
    assert there(office) == []
    assert [one for one in noted(office) if not one.startswith("read")] == [
        "add collective: asha",
        "change collective: asha",
        "hide collective: asha",
        "show collective: asha",
        "remove collective: asha",
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": "Not An Id"}, "id must be 2 to 63 small letters"),
        ({"name": ""}, "name is missing"),
        ({"districts.nadia": None, "districts.kolkata": None}, "districts is missing"),
        ({"spoken_name": "Rescue group"}, "Neutral name that she reads holds a word that must not be on her phone"),
        ({"spoken_name": "W" * 25}, "Neutral name that she reads is longer than 24 letters"),
        ({"spoken_name": ""}, "without a neutral spoken_name it cannot be shown"),
        ({"contact": ""}, "contact is missing"),
        ({"contact_kind": "pigeon"}, "contact_kind is one of"),
        ({"consented_on": ""}, "before it agreed"),
        ({"consented_on": "2999-01-01"}, "in the future"),
    ],
)
def test_faults_stand_beside_their_fields(
    office: Office, anita: Browser, change: Mapping[str, str | None], told: str
) -> None:
    """What is wrong is said, what was typed stays in the form, and nothing is kept."""
    anita.get("/desk/directory/new")
    form = {name: value for name, value in {**GOOD, **change}.items() if value is not None}
    answered = anita.post("/desk/directory/new", form)
    column = next(iter(change)).partition(".")[0]
    (beside,) = [line for line in answered.text.splitlines() if f'id="{column}-wrong"' in line]
    assert (answered.status_code, told in beside) == (422, True)
    if column != "name":
        assert 'value="Asha Collective"' in answered.text
    assert there(office) == []
    assert noted(office) == []


def test_id_that_is_taken(office: Office, anita: Browser) -> None:
    """A second collective does not take the place of the first."""
    anita.get("/desk/directory/new")
    anita.post("/desk/directory/new", GOOD)
    anita.get("/desk/directory/new")
    answered = anita.post("/desk/directory/new", {**GOOD, "name": "Another"})
    assert (answered.status_code, "is taken" in answered.text) == (422, True)
    assert [one.name for one in there(office)] == ["Asha Collective"]


def test_show_without_consent(office: Office, anita: Browser) -> None:
    """A group that did not agree cannot be shown by the button either."""
    anita.get("/desk/directory/new")
    anita.post("/desk/directory/new", {**HIDDEN, "consented_on": ""})
    anita.get("/desk/directory")
    answered = anita.post("/desk/directory/one/asha/show", {"show": "yes"})
    assert (answered.status_code, "before it agreed" in answered.text) == (422, True)
    assert named(office) == []


def test_collective_with_members_stays(office: Office, anita: Browser) -> None:
    """Members would belong to nothing: it is refused until they are moved or revoked."""
    anita.get("/desk/directory/new")
    anita.post("/desk/directory/new", GOOD)
    members_roster.put(office.store, [Post("nadia-1", "asha", ("nadia",), ("bn",))], office.clock())
    anita.get("/desk/directory/one/asha")
    answered = anita.post("/desk/directory/one/asha/remove")
    assert (answered.status_code, "Members belong to it." in answered.text) == (422, True)
    with writing(office.store.main) as db:
        members_roster.revoke_label(db, "nadia-1", office.clock())
    assert anita.post("/desk/directory/one/asha/remove").status_code == 303


def test_samples_show_no_number(office: Office, anita: Browser) -> None:
    """A sample is marked, has no number that somebody might dial, cannot be edited, and goes when a real one comes."""
    with writing(office.store.main) as db:
        assert marks.mark_of(db, marks.REAL_CHANNEL) is None
        roster.put_samples(db)
    page = anita.get("/desk/directory").text
    assert "SAMPLE" in page
    assert "+9155" not in page
    assert "tel:" not in page
    assert anita.get("/desk/directory/one/sample-north").status_code == 404
    assert anita.post("/desk/directory/one/sample-north", GOOD).status_code == 404
    assert anita.post("/desk/directory/one/sample-north/show", {"show": "no"}).status_code == 404
    anita.post("/desk/directory/one/sample-north/remove")
    assert len(there(office)) == 2
    anita.post("/desk/directory/new", GOOD)
    assert [one.id for one in there(office)] == ["asha"]


def test_faults_are_told_in_the_language_of_the_desk(anita: Browser) -> None:
    """The same rule, in Bengali."""
    anita.get("/desk/directory/new")
    answered = anita.post("/desk/directory/new", {**GOOD, "contact": ""}, headers={"accept-language": "bn"})
    (beside,) = [line for line in answered.text.splitlines() if 'id="contact-wrong"' in line]
    assert "contact is missing" not in beside

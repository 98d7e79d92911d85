"""Words at the desk: how translations stand, flows and talks in each language, and a text that is only tried."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import talks
from bot.desk import content_labels
from bot.desk.wordbook import LONGEST
from bot.parts import cut, fit
from flows.engine import leads
from flows.helpline import FLOWS
from flows.model import Language, Place
from locales import DESK, DOMAIN, catalogues
from storage import journal
from storage.database import reading
from storage.staff import Role
from tests.bot.channels.house import rows
from tests.bot.desk.browsers import Browser, Office

SECRET = "আমার নাম কেউ যেন না জানে 98765"


@pytest.fixture
def mira(office: Office) -> Browser:
    """A coordinator who has signed in."""
    office.hire("mira", Role.COORDINATOR)
    return office.signed_in("mira")


def test_state_of_translations(mira: Browser) -> None:
    """Each language of each domain stands in the table; none was read by a native speaker yet, and the page says so."""
    page = mira.get("/desk/words").text
    assert page.count("not yet</strong>") == sum(len(languages) for languages in catalogues.SPOKEN.values()) == 6


def test_counts_are_those_of_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing sentence, a fuzzy one and a catalogue that was read are each seen."""
    catalogue = catalogues.read(Language.BN)
    first, second, *_ = catalogues.sentences(catalogue)
    first.string = ""
    second.flags.add("fuzzy")
    catalogue.header_comment = "# read by somebody"
    monkeypatch.setattr(catalogues, "read", lambda _language, domain: catalogue if domain == DOMAIN else None)
    count = catalogues.counted.__wrapped__(Language.BN, DOMAIN)
    assert (count.missing, count.fuzzy, count.is_read) == (1, 1, True)
    assert catalogues.counted(Language.HI, DESK).sentences > 0


@pytest.mark.parametrize("language", list(Language))
def test_flows_are_drawn(mira: Browser, language: Language) -> None:
    """Every step of every flow stands there with every way that leads on from it."""
    for flow in FLOWS:
        page = mira.get(f"/desk/words/flows/{flow.name}?language={language.value}").text
        ways = sum(len(list(leads(Place(flow.name, step.name), step))) for step in flow.steps)
        assert all(f'<tr id="{step.name}">' in page for step in flow.steps)
        assert page.count("→") == ways


def test_words_of_a_flow_are_in_its_language(mira: Browser) -> None:
    """The menu in Hindi is in Hindi, on an English desk."""
    page = mira.get("/desk/words/flows/menu?language=hi").text
    assert "पैसा" in page
    assert "What she reads" in page


@pytest.mark.parametrize("path", ["/desk/words/flows/nothing", "/desk/words/flows/menu?language=fr"])
def test_what_is_not_there(mira: Browser, path: str) -> None:
    """Another flow, or another language, is nothing."""
    assert mira.get(path).status_code == 404


def test_talks_are_held(office: Office, mira: Browser) -> None:
    """Every talk in every language, as it is written down in docs, and nothing of it is kept."""
    before = rows(office.store)
    for language in Language:
        page = mira.get(f"/desk/words/talks?language={language.value}").text
        assert page.count("She writes") > 25
    after = rows(office.store)
    assert {name for name in after if after[name] != before[name]} <= {"journal"}


def test_titles_of_the_talks_are_known() -> None:
    """Each is among the labels, and so in the language of the desk."""
    assert {talk.title for talk in talks.talks()} == set(content_labels.TALKS)


def test_talks_are_those_of_the_real_path(mira: Browser) -> None:
    """The first answer of the first talk is the one that stands in docs/conversations."""
    page = mira.get("/desk/words/talks?language=bn_Latn").text
    assert "Nomoskar. Information line. Ekhon porar somoy hobe?" in page


def test_a_text_is_tried(mira: Browser) -> None:
    """Encoding and parts as they would be sent, in Bengali two, in English one."""
    mira.get("/desk/words")
    page = mira.post("/desk/words", {"text": "ক" * 71}).text
    assert "UCS-2" in page
    assert page.count('<li><bdi class="hers"') == 2
    page = mira.post("/desk/words", {"text": "k" * 160}).text
    assert "GSM-7" in page
    assert page.count('<li><bdi class="hers"') == 1


def test_dear_letters_and_bad_words_are_named(mira: Browser) -> None:
    """One curly mark makes a message twice as dear, and a word of the risk list must not be sent."""
    mira.get("/desk/words")
    page = mira.post("/desk/words", {"text": "We rescue\u2019d nobody"}).text
    assert "Without these letters more would fit into a part: \u2019" in page
    assert "must not be on her phone: rescue" in page


def test_tried_text_is_kept_nowhere(office: Office, mira: Browser) -> None:
    """It is in no row of either database, and the journal does not know that it was tried."""
    mira.get("/desk/words")
    before = rows(office.store)
    assert SECRET in mira.post("/desk/words", {"text": SECRET}).text
    assert rows(office.store) == before
    with reading(office.store.main) as db:
        assert not [one for one in journal.read(db, 100) if "98765" in f"{one.action}{one.subject}{one.actor}"]


@pytest.mark.parametrize("text", ["", "   ", "<script>alert(1)</script>", "x" * (LONGEST + 50), "\u202e\u0000\ud7ff"])
def test_strange_texts(mira: Browser, text: str) -> None:
    """None breaks the page, and none is taken for markup."""
    mira.get("/desk/words")
    answered = mira.post("/desk/words", {"text": text})
    assert answered.status_code == 200
    assert "<script>alert" not in answered.text


@given(st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("কষ্টাि্র हिंदी€[👩‍👩‍👧a ")), max_size=400))
def test_parts_are_as_many_as_are_counted(text: str) -> None:
    """However a text is cut, nothing of it is lost, and there are as many parts as it is charged for."""
    parts = cut(text)
    assert "".join(parts) == text
    assert len(parts) == fit(text).segments

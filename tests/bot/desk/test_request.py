"""One request at the desk: what happened, who says so, what staff may do, and what follows from it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import forgetting
from bot.desk.moves import MOVES, REASONS
from bot.turn import take_turn
from flows.model import Channel, Inbound
from storage import alerts, follow_ups, journal, keystore, people, referrals, relays, reveals
from storage.database import Store, reading, writing
from storage.referrals import Referral
from storage.staff import Role
from storage.tables import journal as journal_table
from tests.bot.channels.house import taking_of
from tests.bot.desk.asked import DAY, HER_NUMBER, MINUTE, WORDS, allow, ask, line_up
from tests.bot.desk.browsers import Browser, Office
from tests.storage.builders import NOW, keep


@pytest.fixture
def ruma(office: Office) -> Browser:
    """A coordinator's browser."""
    office.hire("ruma", Role.COORDINATOR)
    return office.signed_in("ruma")


def now_is(store: Store, code: str) -> Referral:
    """A request as it stands."""
    with reading(store.main) as db:
        found = referrals.of_code(db, code)
    assert found is not None
    return found


def change(browser: Browser, asked: Referral, move: str, seen: str | None = None) -> int:
    """Send the form that changes the state."""
    form = {"move": move, "seen": seen or asked.state}
    return browser.post(f"/desk/log/{asked.code}/state", form).status_code


def acts(store: Store) -> list[tuple[str, str]]:
    """What the journal says was done, looks left out."""
    with reading(store.main) as db:
        assert journal.verify(db) is None
        rows = db.execute(select(journal_table.c.action, journal_table.c.subject).order_by(journal_table.c.seq))
        return [(row[0], row[1]) for row in rows if not row[0].startswith(("read", "sign in", "new recovery"))]


def test_coded_words_and_timeline(ruma: Browser, office: Office) -> None:
    """The page tells in words what is coded, and everything that happened, in its order."""
    asked, _ = ask(office.store)
    line_up(office.store, asked, held=True, now=NOW + MINUTE)
    with writing(office.store.main) as db:
        referrals.change(db, asked.code, "accepted", None, "member", NOW + 2 * MINUTE)
    page = ruma.get(f"/desk/log/{asked.code}").text
    for words in ("Counselling", "Nadia", "Bengali", "somebody to talk to"):
        assert words in page
    told = re.findall(r"<strong>([^<]+)</strong>", page.split('class="timeline"')[1].split("</ol>")[0])
    assert told == ["asked for", "She waits for a member", "A member took the talk", "taken"]


def test_her_messages_and_number_are_not_shown(ruma: Browser, office: Office) -> None:
    """Neither what she wrote nor where she is reached stands on any page of hers."""
    asked, key = ask(office.store)
    with writing(office.store.main) as db:
        keep(db, office.store, key, text=WORDS)
    for path in ("/desk", "/desk/log", f"/desk/log/{asked.code}"):
        page = ruma.get(path).text
        assert WORDS not in page
        assert HER_NUMBER.removeprefix("+91") not in page


@pytest.mark.parametrize(
    ("state", "answer", "apart"),
    [("done", "no", True), ("done", "yes", False), ("declined", "yes", True), ("unreachable", "unsafe", False)],
)
def test_her_word_beside_the_providers(ruma: Browser, office: Office, state: str, answer: str, apart: bool) -> None:
    """Both stand on the page; where they do not go together it says so, and only there."""
    asked, key = ask(office.store)
    with writing(office.store.main) as db:
        referrals.change(db, asked.code, state, None, "member", NOW)
        follow_ups.plan(db, asked.code, key.id, NOW)
        (one,) = follow_ups.of_referral(db, asked.code)
        follow_ups.asked(db, one.id, NOW + MINUTE)
        assert follow_ups.answer(db, key.id, answer, NOW + 2 * MINUTE) == asked.code
        assert bool(follow_ups.contradicted(db)) is apart
    page = ruma.get(f"/desk/log/{asked.code}").text
    assert ("do not go together" in page) is apart
    assert "What she says" in page
    assert "What the provider says" in page


@pytest.mark.parametrize("state", MOVES)
def test_every_legal_move(ruma: Browser, office: Office, state: str) -> None:
    """From each state exactly the moves of the list can be made, for exactly their reasons; the form offers them."""
    for number, to in enumerate(MOVES):
        asked, _ = ask(office.store, number, state=state)
        for why in {why for reasons in REASONS.values() for why in reasons}:
            is_legal = to in MOVES[state] and why in REASONS[to]
            page = ruma.get(f"/desk/log/{asked.code}").text
            assert (f'value="{to}:{why}"' in page) is is_legal
        wrong = change(ruma, asked, f"{to}:no such reason")
        assert (wrong, now_is(office.store, asked.code).state) == (409, state)
        right = change(ruma, asked, f"{to}:{REASONS[to][0]}")
        assert right == (303 if to in MOVES[state] else 409)
        assert now_is(office.store, asked.code).state == (to if to in MOVES[state] else state)


def test_who_changed_it(ruma: Browser, office: Office) -> None:
    """The log says who of the staff did it and why, and the journal that it was done."""
    asked, _ = ask(office.store)
    office.clock.at += MINUTE
    assert change(ruma, asked, "accepted:by a lawyer") == 303
    with reading(office.store.main) as db:
        last = referrals.changes(db, asked.id)[-1]
    assert (last.state, last.outcome) == ("accepted", "by a lawyer")
    assert re.fullmatch(r"staff [0-9a-f]{32}", last.by)
    assert acts(office.store) == [("change to accepted", asked.code)]
    assert "taken</strong>: by a lawyer" in ruma.get(f"/desk/log/{asked.code}").text


def test_changed_meanwhile(ruma: Browser, office: Office) -> None:
    """Of two who saw the same state the second is told that it is another one now."""
    asked, _ = ask(office.store)
    assert change(ruma, asked, "accepted:by staff") == 303
    answered = ruma.post(f"/desk/log/{asked.code}/state", {"move": "declined:not ours", "seen": "requested"})
    assert (answered.status_code, now_is(office.store, asked.code).state) == (409, "accepted")
    assert "changed it meanwhile" in answered.text


def test_what_was_told_stays(ruma: Browser, office: Office) -> None:
    """Information that was told is no request, and has no other state."""
    asked, _ = ask(office.store, kind="information", state="done")
    assert change(ruma, asked, "in_progress:first talk") == 409
    assert "Change the state" not in ruma.get(f"/desk/log/{asked.code}").text


@pytest.mark.parametrize(
    ("move", "planned"), [("done:helped", 1), ("in_progress:referred", 1), ("declined:not ours", 0)]
)
def test_question_follows_what_was_done(ruma: Browser, office: Office, move: str, planned: int) -> None:
    """As after a talk with a member: where somebody did something, she is asked some days later what came of it."""
    asked, _ = ask(office.store)
    assert change(ruma, asked, move) == 303
    with reading(office.store.main) as db:
        found = follow_ups.of_referral(db, asked.code)
    assert [one.state for one in found] == ["planned"] * planned
    assert all(one.due_at == NOW + timedelta(days=5) for one in found)


def test_taken_is_seen(ruma: Browser, office: Office) -> None:
    """Staff who take it have seen that she waits; an alert of danger goes on until somebody says so."""
    asked, _ = ask(office.store)
    with writing(office.store.main) as db:
        for kind in ("person", "danger"):
            alerts.raise_one(db, kind, asked.code, NOW)
    change(ruma, asked, "accepted:by staff")
    with reading(office.store.main) as db:
        assert [one.kind for one in alerts.unseen(db)] == ["danger"]


def test_withdrawn_ends_everything(ruma: Browser, office: Office) -> None:
    """When she takes it back through the staff, the talk ends and no question is asked, as when she does it herself."""
    asked, key = ask(office.store, state="accepted")
    relay = line_up(office.store, asked, held=True)
    with writing(office.store.main) as db:
        follow_ups.plan(db, asked.code, key.id, NOW + DAY)
    office.clock.at += MINUTE
    assert change(ruma, asked, "withdrawn:by her") == 303
    with reading(office.store.main) as db:
        ended = relays.read(db, relay.id)
        assert [one.state for one in follow_ups.of_referral(db, asked.code)] == ["dropped"]
        assert ended is not None
        assert relays.happened(db, relay.id)[-1].by.startswith("staff ")
    assert (ended.state, ended.outcome) == ("closed", "withdrawn")


@pytest.mark.parametrize("move", ["done:helped", "declined:not ours", "unreachable:no answer"])
def test_settled_leaves_the_line(ruma: Browser, office: Office, move: str) -> None:
    """A request that is settled calls no member any more."""
    asked, _ = ask(office.store)
    relay = line_up(office.store, asked)
    office.clock.at += MINUTE
    assert change(ruma, asked, move) == 303
    with reading(office.store.main) as db:
        assert relays.waiting(db) == []
        assert relays.happened(db, relay.id)[-1].what == "closed"


def test_talk_is_not_closed_over_a_members_head(ruma: Browser, office: Office) -> None:
    """While a member talks with her, the request is not settled; and the talk of another request is not touched."""
    asked, key = ask(office.store, state="accepted")
    line_up(office.store, asked, held=True)
    with writing(office.store.main) as db:
        other, _ = referrals.open_one(db, kind="legal_aid", person_id=key.id, channel=Channel.SMS, now=NOW)
    answered = ruma.post(f"/desk/log/{asked.code}/state", {"move": "done:helped", "seen": "accepted"})
    assert (answered.status_code, now_is(office.store, asked.code).state) == (409, "accepted")
    assert "talking with her" in answered.text
    assert change(ruma, other, "declined:not ours") == 303
    with reading(office.store.main) as db:
        held = relays.of_person(db, key.id)
    assert held is not None
    assert held.state == "claimed"


def test_reopened_only_alone(ruma: Browser, office: Office) -> None:
    """What is settled can be taken up again, but not beside another open request of its kind."""
    asked, key = ask(office.store, state="done")
    with writing(office.store.main) as db:
        again, _ = referrals.open_one(db, kind="counselling", person_id=key.id, channel=Channel.SMS, now=NOW)
    assert change(ruma, asked, "in_progress:she says otherwise") == 409
    assert change(ruma, again, "declined:not ours") == 303
    assert change(ruma, asked, "in_progress:she says otherwise") == 303


def test_assigned(ruma: Browser, office: Office) -> None:
    """To somebody of the office, or to nobody; to no reviewer, nobody disabled, nobody who is not there."""
    anita = office.hire("anita", Role.ADMINISTRATOR)
    tapan = office.hire("tapan", Role.REVIEWER)
    asked, _ = ask(office.store)
    path = f"/desk/log/{asked.code}/assign"
    told = []
    for chosen in (anita.id, tapan.id, "f" * 32, ""):
        told.append((ruma.post(path, {"staff": chosen}).status_code, now_is(office.store, asked.code).assigned_to))
    assert told == [(303, anita.id), (409, anita.id), (409, anita.id), (303, None)]
    assert acts(office.store) == [(f"assign to {anita.id}", asked.code), ("assign to nobody", asked.code)]


def test_note(ruma: Browser, office: Office) -> None:
    """A note is shown as it was written, to the office; the database holds none of it in the clear."""
    asked, _ = ask(office.store)
    assert ruma.post(f"/desk/log/{asked.code}/note", {"text": f" <i>{WORDS}</i> "}).status_code == 303
    page = ruma.get(f"/desk/log/{asked.code}").text
    assert f'<bdi class="hers" dir="auto">&lt;i&gt;{WORDS}&lt;/i&gt;</bdi>' in page
    office.hire("tapan", Role.REVIEWER)
    read = office.signed_in("tapan").get(f"/desk/log/{asked.code}").text
    assert WORDS not in read
    assert "<strong>Note</strong>" in read
    assert acts(office.store) == [("write note", asked.code)]
    if office.store.main.dialect.name == "sqlite":
        files = [file.read_bytes() for file in Path(str(office.store.main.url.database)).parent.glob("main.db*")]
        assert files
        assert not any(WORDS.encode() in held for held in files)


@pytest.mark.parametrize("text", ["", "  \n ", "a" * 2001])
def test_note_of_nothing_or_too_long(ruma: Browser, office: Office, text: str) -> None:
    """Neither is kept."""
    asked, _ = ask(office.store)
    assert ruma.post(f"/desk/log/{asked.code}/note", {"text": text}).status_code == 422
    assert "<strong>Note</strong>" not in ruma.get(f"/desk/log/{asked.code}").text


def test_forgotten(ruma: Browser, office: Office, tmp_path: Path) -> None:
    """When she is forgotten her notes go with her; the coded row stays, can still be settled, and nothing is added."""
    asked, key = ask(office.store)
    allow(office.store, key)
    ruma.post(f"/desk/log/{asked.code}/note", {"text": WORDS})
    with writing(office.store.main) as db:
        people.mark_erasing(db, key.id)
    told = [ruma.post(f"/desk/log/{asked.code}/note", {"text": "more"}).status_code]
    forgetting.finish(office.store, tmp_path / "erasures.ledger", key.id, NOW)
    page = ruma.get(f"/desk/log/{asked.code}").text
    assert WORDS not in page
    assert "<strong>Note</strong>" not in page
    assert "Only these coded words are left" in page
    for act, form in (
        ("note", {"text": "more"}),
        ("follow-up", {"days": "5"}),
        ("another", {"kind": "legal_aid"}),
        ("reveal", {"reason": "danger to life"}),
    ):
        told.append(ruma.post(f"/desk/log/{asked.code}/{act}", form).status_code)
    assert told == [409] * 5
    assert change(ruma, asked, "declined:we could not help") == 303


def test_note_when_her_key_went_first(ruma: Browser, office: Office) -> None:
    """Between the two steps of an erasure, when only her key is gone, the page reads as erased and takes no note."""
    asked, key = ask(office.store)
    ruma.post(f"/desk/log/{asked.code}/note", {"text": WORDS})
    with writing(office.store.keys) as db:
        keystore.drop(db, key.id, NOW)
    assert WORDS not in ruma.get(f"/desk/log/{asked.code}").text
    assert ruma.post(f"/desk/log/{asked.code}/note", {"text": "more"}).status_code == 409


def test_follow_up(ruma: Browser, office: Office) -> None:
    """It is planned once, within her permission."""
    asked, key = ask(office.store)
    path = f"/desk/log/{asked.code}/follow-up"
    told = [ruma.post(path, {"days": "5"})]
    assert "may not write to her first" in told[0].text
    allow(office.store, key, days=7)
    for days in ("0", "29", "x", "", "٣", "8", "7", "5", "5"):
        told.append(ruma.post(path, {"days": days}))
    assert [one.status_code for one in told] == [409, *[422] * 5, 409, 409, 303, 409]
    with reading(office.store.main) as db:
        assert [one.due_at for one in follow_ups.of_referral(db, asked.code)] == [NOW + 5 * DAY]
    assert acts(office.store) == [("plan follow-up", asked.code)]


def test_follow_up_of_whom_nothing_is_sent(ruma: Browser, office: Office) -> None:
    """Who wants no messages is asked nothing, whatever she allowed before; nor about what she took back."""
    asked, key = ask(office.store)
    gone, other = ask(office.store, 8, state="withdrawn")
    for hers in (key, other):
        allow(office.store, hers)
    with writing(office.store.main) as db:
        people.opt_out(db, key.id, NOW)
    for one in (asked, gone):
        assert ruma.post(f"/desk/log/{one.code}/follow-up", {"days": "5"}).status_code == 409


def test_another_request(ruma: Browser, office: Office) -> None:
    """One of another kind is opened for the same person, by the staff; one of an open kind never."""
    asked, key = ask(office.store)
    path = f"/desk/log/{asked.code}/another"
    opened = ruma.post(path, {"kind": "legal_aid", "district": "malda"})
    code = opened.headers["location"].rpartition("/")[2]
    made = now_is(office.store, code)
    assert (made.kind, made.district, made.person_id, made.channel) == ("legal_aid", "malda", key.id, "sms")
    with reading(office.store.main) as db:
        assert referrals.changes(db, made.id)[0].by.startswith("staff ")
    again = ruma.post(path, {"kind": "legal_aid"})
    assert (again.status_code, "never more than one" in again.text) == (409, True)
    assert ruma.post(path, {"kind": "counselling"}).status_code == 409
    for form in ({"kind": "information"}, {"kind": ""}, {"kind": "emergency", "district": "atlantis"}):
        assert ruma.post(path, form).status_code == 422
    with reading(office.store.main) as db:
        assert len(referrals.of_person(db, key.id)) == 2


def test_reviewer_reads_and_changes_nothing(ruma: Browser, office: Office) -> None:
    """The page of a reviewer has no form of its own, and every door that changes is shut to him."""
    asked, key = ask(office.store)
    allow(office.store, key)
    ruma.post(f"/desk/log/{asked.code}/reveal", {"reason": "danger to life"})
    office.hire("tapan", Role.REVIEWER)
    tapan = office.signed_in("tapan")
    page = tapan.get(f"/desk/log/{asked.code}")
    assert page.status_code == 200
    assert f"/desk/log/{asked.code}/" not in page.text
    with reading(office.store.main) as db:
        (reveal,) = reveals.of_referral(db, asked.id, NOW)
    before = acts(office.store)
    for act in ("state", "assign", "note", "follow-up", "another", "reveal", f"reveal/{reveal.id}/agree"):
        assert tapan.post(f"/desk/log/{asked.code}/{act}", {"reason": "danger to life"}).status_code == 404
    assert acts(office.store) == before


def test_no_such_request(ruma: Browser) -> None:
    """A code that nobody has is not there, to look at or to change."""
    assert ruma.get("/desk/log/AA-2222").status_code == 404
    assert ruma.post("/desk/log/AA-2222/note", {"text": "more"}).status_code == 404


def test_paper_is_clean(ruma: Browser, office: Office) -> None:
    """What can be done stands in a part that is not printed; when and by whom it was printed stands only on paper."""
    asked, _ = ask(office.store)
    page = ruma.get(f"/desk/log/{asked.code}").text
    main = page.split("<main")[1].split("</main>")[0]
    on_paper = re.sub(r'<section class="screen">.*?</section>', "", main, flags=re.S)
    assert "<form" not in on_paper
    assert '<p class="paper">Printed' in on_paper


def test_from_a_phone_to_its_outcome(office: Office, ruma: Browser, tmp_path: Path) -> None:
    """She asks from the trial phone, staff take it and close it with an outcome, and the log shows it."""
    house = taking_of(office.store, tmp_path).house
    said = ("order paisi 2 bochor age taka ase nai", "1", "9", "1", "1", "basirhat", "1", "1")
    for number, text in enumerate(said):
        message = Inbound("simulator", f"m{number}", Channel.SMS, "sms:+915550000042", "simulator", text)
        assert take_turn(house, message, NOW + number * timedelta(seconds=20)).outcome == "answered"
    page = ruma.get("/desk/log?kind=requests&state=open").text
    (code,) = re.findall(r'<th scope="row"><a href="/desk/log/([^"]+)"', page)
    asked = now_is(office.store, code)
    assert change(ruma, asked, "accepted:by staff") == 303
    assert change(ruma, asked, "done:helped", seen="accepted") == 303
    closed = now_is(office.store, code)
    assert (closed.kind, closed.state, closed.outcome, closed.district) == (
        "counselling", "done", "helped", "north_24_parganas",
    )  # fmt: skip
    assert "she was helped" in ruma.get("/desk/log?outcome=helped").text

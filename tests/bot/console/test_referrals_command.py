"""`sathi referrals`: coded fields only, what is asked for only, and every look is in the journal."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.console import referrals as room
from flows.model import Channel, Language
from storage import alerts, journal, referrals, stages
from storage.database import Store, reading, writing
from storage.referrals import Referral
from storage.tables import journal as journal_table
from tests.bot.console.running import run
from tests.storage.builders import ADDRESS, HOUR, NOW, meet

KEYS = [
    "code", "kind", "state", "district", "language", "channel", "collective", "opened_at", "changed_at", "outcome",
]  # fmt: skip


def _ask_for(store: Store, kind: str = "counselling", district: str = "nadia", later: timedelta = HOUR * 0) -> Referral:
    key = meet(store, f"sms:+91555000{kind}{district}{later}", NOW + later)
    with writing(store.main) as db:
        made, _ = referrals.open_one(
            db,
            kind=kind,
            person_id=key.id,
            district=district,
            language=Language.BN_LATN,
            channel=Channel.SMS,
            now=NOW + later,
        )
    return made


def test_one_object_a_line_with_the_agreed_fields(store: Store) -> None:
    """The fields are those of the contract, in their order, and times are in UTC."""
    made = _ask_for(store)
    (told,) = run(room, "referrals", "--json", store=store).objects
    assert list(told) == KEYS
    assert told == {
        "code": made.code,
        "kind": "counselling",
        "state": "requested",
        "district": "nadia",
        "language": "bn_Latn",
        "channel": "sms",
        "collective": None,
        "opened_at": "2026-03-02T09:00:00Z",
        "changed_at": "2026-03-02T09:00:00Z",
        "outcome": None,
    }


def test_no_number_and_no_id_of_hers_is_in_any_output(store: Store) -> None:
    """Neither form of the output leads to a person."""
    key = meet(store)
    with writing(store.main) as db:
        referrals.open_one(db, kind="emergency", person_id=key.id, channel=Channel.SMS, now=NOW)
    for words in ((), ("--json",)):
        told = run(room, "referrals", *words, store=store).out
        assert key.id not in told
        assert ADDRESS.removeprefix("sms:+91") not in told


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (("--kind", "legal_aid"), ["legal_aid"]),
        (("--district", "nadia"), ["counselling"]),
        (("--state", "done"), []),
        (("--language", "bn_Latn", "--channel", "sms"), ["counselling", "legal_aid"]),
        (("--language", "hi"), []),
        (("--since", "2026-03-03"), ["legal_aid"]),
        (("--until", "2026-03-02"), ["counselling"]),
        (("--since", "2026-03-02", "--until", "2026-03-03"), ["counselling", "legal_aid"]),
        (("--until", "2026-03-02T14:00"), []),
        (("--collective", "nobody"), []),
    ],
)
def test_filters_narrow(store: Store, words: tuple[str, ...], kinds: list[str]) -> None:
    """Each filter leaves what it names; days are days of India, and the last one counts whole."""
    _ask_for(store)
    _ask_for(store, "legal_aid", "kolkata", 24 * HOUR)
    assert [told["kind"] for told in run(room, "referrals", "--json", *words, store=store).objects] == kinds


@pytest.mark.parametrize(
    "words", [("--kind", "love"), ("--state", "lost"), ("--district", "atlantis"), ("--since", "soon")]
)
def test_unknown_filter_is_one_line(store: Store, words: tuple[str, str]) -> None:
    """A filter that can find nothing is refused, not answered with an empty list."""
    ended = run(room, "referrals", "--json", *words, store=store)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert words[1] in ended.err


def test_alerts_and_waiting_come_first(store: Store) -> None:
    """People see first what nobody has seen, then who waits, the longest first."""
    late, early = _ask_for(store, later=HOUR), _ask_for(store, "legal_aid")
    done = _ask_for(store, "collective", "kolkata")
    with writing(store.main) as db:
        referrals.change(db, done.code, "done", "reached", "staff", NOW)
        alerts.raise_one(db, "danger", late.code, NOW)
    told = run(room, "referrals", store=store).out
    assert 0 < told.index("danger") < told.index(early.code) < told.rindex(late.code) < told.index(done.code)


def test_an_acknowledged_alert_is_repeated_no_more(store: Store) -> None:
    """The alert is not due again, and the journal says who saw to it; a second time there is none."""
    made = _ask_for(store)
    with writing(store.main) as db:
        alerts.raise_one(db, "danger", made.code, NOW)
    assert run(room, "referrals", "--acknowledge", made.code.lower(), store=store).code == 0
    with reading(store.main) as db:
        assert alerts.open_count(db) == 0
        entry = db.execute(journal_table.select()).one()
        assert (entry.actor, entry.action, entry.subject) == ("console", "acknowledge", made.code)
        assert journal.verify(db) is None
    assert run(room, "referrals", "--acknowledge", made.code, store=store).code == 2


def test_every_look_is_in_the_journal(store: Store) -> None:
    """Reading the log leaves a record with what was asked for."""
    run(room, "referrals", "--json", "--kind", "legal_aid", store=store)
    with reading(store.main) as db:
        entry = db.execute(journal_table.select()).one()
    assert (entry.action, entry.subject) == ("read referrals", "kind=legal_aid")


def test_stages_are_counts_alone(store: Store) -> None:
    """Staff see how many stand where and since when, and that they looked is in the journal."""
    key = meet(store)
    with writing(store.main) as db:
        stages.set_one(db, key.id, "money", "unpaid_1_year", NOW)
    (told,) = run(room, "referrals", "--stages", "--json", store=store).objects
    since = "2026-03-02T09:00:00Z"
    assert told == {
        "guide": "money", "stage": "unpaid_1_year", "people": 1, "longest_since": since, "middle_since": since,
    }  # fmt: skip
    assert "unpaid_1_year" in run(room, "referrals", "--stages", store=store).out
    with reading(store.main) as db:
        assert "read stages" in [row.action for row in db.execute(select(journal_table))]

"""`sathi bench`: the form of its lines, on both databases; how fast anything is, is not tested here."""

import psycopg
import pytest

from bot.benching.talks import callers
from bot.console import bench
from flows.model import Channel, Language
from tests.bot.console.running import run
from tests.storage.postgres import Postgres

TURNS = ["bench", "sathi_per_s", "floor_per_s", "ratio", "ratio_nosync", "statements_per_turn"]
GROWN = ["bench", "from", "to", "ratio"]
READ = ["bench", "per_s", "microseconds"]
AFTER = [
    ("hear", READ),
    ("ask", READ),
    ("district", READ),
    ("more_conversations", GROWN),
    ("more_messages", GROWN),
    ("more_facts", GROWN),
    ("web", ["bench", "start_s", "rss_mb"]),
]


def test_each_line_is_one_object() -> None:
    """The turns come first, then the rest in order; progress is on stderr alone."""
    ended = run(bench, "bench", "--json", "--turns", "2")
    assert ended.code == 0
    assert [(one["bench"], list(one)) for one in ended.objects] == [("turns", TURNS), *AFTER]
    first = ended.objects[0]
    assert first["ratio"] == pytest.approx(first["sathi_per_s"] / first["floor_per_s"], abs=0.002)
    assert first["statements_per_turn"] > 5
    assert "more facts" in ended.err


@pytest.mark.peer
def test_postgresql_is_measured_in_schemas_of_its_own(postgres: Postgres) -> None:
    """The second line is PostgreSQL's, and nothing of it is left in the databases that were named."""
    urls = [postgres.make("bench_main"), postgres.make("bench_keys")]
    ended = run(bench, "bench", "--json", "--turns", "2", "--postgres", *urls)
    assert [(one["bench"], list(one)) for one in ended.objects[:2]] == [("turns", TURNS), ("turns_postgresql", TURNS)]
    for url in urls:
        with psycopg.connect(url) as db:
            assert not db.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'sathi%'").fetchall()


def test_people_write_in_every_way() -> None:
    """Each channel and each way of writing is measured, from addresses that nobody has."""
    people = callers(20)
    assert {(one.channel, one.language) for one in people} == {(c, way) for c in Channel for way in Language}
    assert len({one.address for one in people}) == 20
    assert all(one.address.startswith(("sms:+91555", "telegram:555")) for one in people)


def test_no_turns_is_an_error_of_usage() -> None:
    """There is nothing to measure in no turn."""
    assert run(bench, "bench", "--turns", "0").code == 2

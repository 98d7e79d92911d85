"""`sathi hear` and `sathi ask`: the contract's objects, a line each, at once; a bad line is named."""

import json
from types import ModuleType

import pytest

from bot.console import ask, hear
from tests.bot.console.running import run

HEARD = ["language", "confidence", "command", "danger", "sure"]
ASKED = ["answer", "matches", "danger", "person"]


def _lines(*texts: str) -> str:
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)


def test_hear_answers_each_line() -> None:
    """A digit of any script, a word and silence are each one object with the contract's fields, null as null."""
    told = run(hear, "hear", "--jsonl", stdin=_lines("9", "৯", "STOP", "")).objects
    assert [list(one) for one in told] == [HEARD] * 4
    assert [one["command"] for one in told] == ["person", "person", "stop", None]
    assert told[2]["sure"] is True
    assert told[3]["danger"] is None


def test_ask_answers_each_line() -> None:
    """A question about money finds a fact; small talk finds no answer; a person-word is told as such."""
    told = run(ask, "ask", "--jsonl", stdin=_lines("how do i get a free lawyer", "nice weather today", "9")).objects
    assert [list(one) for one in told] == [ASKED] * 3
    assert [one["answer"] for one in told] == [True, False, False]
    assert [one["person"] for one in told] == [False, False, True]
    assert list(told[0]["matches"][0]) == ["facts", "topic", "score"]
    assert told[0]["matches"][0]["topic"] == "free_legal_aid"


def test_danger_goes_before_any_answer() -> None:
    """Words of danger are never answered with a fact alone."""
    (told,) = run(ask, "ask", "--jsonl", stdin=_lines("i want to kill myself how do i get a lawyer")).objects
    assert (told["answer"], told["danger"]) == (False, "self_harm")


@pytest.mark.parametrize("room", [hear, ask])
@pytest.mark.parametrize(
    "line", [b"nonsense", b"[]", b"{}", b'{"text": 3}', b"", b'{"text": null}', b'{"text": "\xff\xfe"}', b"[" * 100_000]
)
def test_bad_line_is_named(room: ModuleType, line: bytes) -> None:
    """The lines before it are answered; it ends the run with code 2 and its number."""
    name = room.__name__.rpartition(".")[2]
    ended = run(room, name, "--jsonl", stdin=b'{"text": "9"}\n' + line + b'\n{"text": "9"}\n')
    assert ended.code == 2
    assert "line 2" in ended.err
    assert len(ended.objects) <= 1


def test_unknown_language_is_named() -> None:
    """A language that Sathi has not is an error of its line."""
    ended = run(ask, "ask", "--jsonl", stdin='{"text": "lawyer", "language": "fr"}\n')
    assert ended.code == 2
    assert "line 1: language is one of" in ended.err


@pytest.mark.parametrize("room", [hear, ask])
def test_text_or_lines_not_both(room: ModuleType) -> None:
    """Neither or both of TEXT and --jsonl is an error of usage."""
    name = room.__name__.rpartition(".")[2]
    assert run(room, name).code == 2
    assert run(room, name, "text", "--jsonl").code == 2


def test_people_read_a_table() -> None:
    """Without --jsonl one text is told for people, with reasons if they ask."""
    assert "person" in run(hear, "hear", "9").out
    plain = run(ask, "ask", "how do i get a free lawyer").out
    assert "free_legal_aid" in plain
    assert len(run(ask, "ask", "how do i get a free lawyer", "--explain").out) > len(plain)

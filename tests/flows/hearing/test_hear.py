"""Hearing: commands, language and danger on the sets they were developed on, and any text at all."""

import time
import tomllib
from importlib.resources import files
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from flows.hearing import Command, hear
from flows.hearing.language import LATIN, language
from flows.model import Danger, Language


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("tests.flows.hearing").joinpath("dev", name).read_text("utf-8"))


COMMANDS = _table("commands.toml")
DANGERS = _table("danger.toml")
SPOKEN = [
    (Language(written), text)
    for kind in DANGERS.values()
    for level in kind.values()
    for written, texts in level.items()
    for text in texts
]


@pytest.mark.parametrize("name", COMMANDS["command"])
def test_commands(name: str) -> None:
    """Every way of writing a command is heard as that command."""
    missed = [text for text in COMMANDS["command"][name] if hear(text).command != name]
    assert missed == []


def test_what_is_no_command() -> None:
    """A question, a greeting and a wish that only sounds like one are no command that would be obeyed."""
    heard = {text: hear(text) for text in COMMANDS["none"]["texts"]}
    assert [text for text, one in heard.items() if one.command and one.sure] == []
    assert sum(one.command is not None for one in heard.values()) <= 2


@pytest.mark.parametrize(
    "text", ["unsubscrib", "deleet my data", "plz stop sending me so many messages", "sob kotha muche felun to didi"]
)
def test_like_stop_or_forget_is_asked_about(text: str) -> None:
    """What only looks like STOP or forget, or stands among other words, is heard and not sure."""
    heard = hear(text)
    assert heard.command in (Command.STOP, Command.FORGET)
    assert not heard.sure


@pytest.mark.parametrize("kind", list(Danger))
@pytest.mark.parametrize(("level", "share"), [("explicit", 0.99), ("implicit", 0.95)])
def test_danger_is_heard(kind: Danger, level: str, share: float) -> None:
    """Danger is heard, and as what it is."""
    texts = list(chain.from_iterable(DANGERS[kind.value][level].values()))
    missed = [text for text in texts if hear(text).danger is not kind]
    assert len(missed) <= (1 - share) * len(texts), missed


@pytest.mark.parametrize("level", ["hard", "plain"])
def test_false_alarms_are_few(level: str) -> None:
    """Films, heat, laws and papers are no danger."""
    texts = list(chain.from_iterable(DANGERS["safe"][level].values()))
    alarms = [text for text in texts if hear(text).danger]
    assert len(alarms) <= 0.03 * len(texts), alarms


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("o amake mere felbe aj rate", Danger.DANGER),
        ("ar bachte ichche kore na", Danger.SELF_HARM),
        ("amar bon 14 oke kal niye jabe", Danger.CHILD),
    ],
)
def test_plain_danger_is_sure(text: str, kind: Danger) -> None:
    """Plain words are acted on without a question."""
    heard = hear(text)
    assert (heard.danger, heard.sure) == (kind, True)


def test_old_danger_in_a_question_is_asked_about() -> None:
    """What was said years ago, in a question about the law, is never acted on without asking."""
    heard = hear("he said he will kill me 2 years ago how do i file fir")
    assert heard.danger is None or not heard.sure


@pytest.mark.parametrize("written", list(Language))
def test_language(written: Language) -> None:
    """The language is named right or asked about; native letters are always told."""
    texts = [text for spoken, text in SPOKEN if spoken is written]
    told = [language(text)[0] for text in texts]
    named = [one for one in told if one is not None]
    assert sum(one is written for one in named) >= (0.98 if written in LATIN else 1) * len(named)
    assert len(named) >= 0.9 * len(texts)


def test_assamese_is_asked_about() -> None:
    """Assamese letters look Bengali, and are asked about."""
    assert hear("মোৰ টকা কেতিয়া পাম").language is None


@settings(max_examples=300, deadline=None)
@given(some.text(alphabet=some.characters(), max_size=400))
def test_any_text_is_heard(text: str) -> None:
    """Whatever comes, lone surrogates too, hearing ends in an answer, the same each time."""
    heard = hear(text)
    assert heard == hear(text)
    assert 0 <= heard.confidence <= 1


@pytest.mark.parametrize(
    "text", ["", "\ud800", "\u202e\u2066", "a" * 10**6, "মরে " * 10**5, "\u200d" * 1000, "👩‍👩‍👧" * 500, "ﷺ" * 2000]
)
def test_strange_text_is_heard(text: str) -> None:
    """Huge, broken and unseen letters are heard in no time."""
    began = time.perf_counter()
    assert hear(text).confidence <= 1
    assert time.perf_counter() - began < 1


@given(some.sampled_from("089"))
def test_digits_are_equal_everywhere(digit: str) -> None:
    """The keys mean the same in every script."""
    heard = {hear(chr(zero + int(digit))).command for zero in (ord("0"), ord("০"), ord("०"))}
    assert len(heard) == 1
    assert None not in heard

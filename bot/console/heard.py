"""`sathi review --hearing`: how well Sathi hears a folder of lines that were written to judge it."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from rich.table import Table

from bot.errors import Misconfigured
from flows.entitlements.search import ask
from flows.hearing import hear
from flows.model import Language
from flows.places import district

SMALL_TALK = "small_talk"
NOTHING = "none"
Line: TypeAlias = tuple[Language, str]


@dataclass(frozen=True, slots=True)
class Share:
    """What one measurement came to: how many of how many, the bar, and the lines that missed."""

    name: str
    written: str  # a way of writing, or "all"
    hit: int
    of: int
    bar: str
    missed: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        """The share in per cent; nothing of nothing is nought."""
        return 100 * self.hit / self.of if self.of else 0.0


def measure(folder: Path) -> list[Share]:
    """Every figure that the lines of a folder give.

    Raises:
        Misconfigured: the folder holds none of the files, or one that cannot be read.
    """
    readers = {
        ("questions.toml",): _questions,
        ("crisis.toml", "crisis_second.toml"): _crisis,
        ("commands.toml",): _commands,
        ("language.toml",): _languages,
        ("places.toml",): _places,
    }
    there = {names: [folder / name for name in names if (folder / name).is_file()] for names in readers}
    if not any(there.values()):
        raise Misconfigured(f"{folder} holds none of {', '.join(chain.from_iterable(readers))}")
    return [share for names, paths in there.items() if paths for share in readers[names](_joined(map(_read, paths)))]


def table(shares: Iterable[Share]) -> Table:
    """The figures as they are read."""
    shown = Table("measured", "written", "hit", "of", "%", "bar")
    for one in shares:
        shown.add_row(one.name, one.written, str(one.hit), str(one.of), f"{one.percent:.1f}", one.bar)
    return shown


def missed(shares: Iterable[Share]) -> Iterator[str]:
    """A line for each miss, under its measurement."""
    for one in shares:
        yield from (f"{one.name}, {one.written}: {line}" for line in one.missed)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        raise Misconfigured(f"{path.name} cannot be read: {broken}") from None


def _joined(tables: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Tables of one shape as one, their lists of lines one after the other."""
    whole: dict[str, Any] = {}
    for name, held in chain.from_iterable(table.items() for table in tables):
        before = whole.get(name)
        if isinstance(held, Mapping) and before is not None:
            whole[name] = _joined((before, held))
        else:
            whole[name] = [*before, *held] if before is not None else held
    return whole


def _lines(held: Mapping[str, Any]) -> list[Line]:
    return [(Language(written), line) for written, lines in held.items() for line in lines]


def _questions(held: Mapping[str, Any]) -> Iterator[Share]:
    asked = [(fact, line, ask(line[1], line[0])) for fact, by in held.items() for line in _lines(by)]
    for language in Language:
        of_facts = [(fact, line, found) for fact, line, found in asked if line[0] is language and fact != SMALL_TALK]
        small = [(line, found.answer) for fact, line, found in asked if line[0] is language and fact == SMALL_TALK]
        places = [
            next((at for at, match in enumerate(found.matches) if fact in match.facts), 9)
            for fact, _, found in of_facts
        ]
        named = [f"{line[1]} -> {_first(found.matches)}, is {fact}" for fact, line, found in of_facts]
        answered = [at for at, (_, _, found) in enumerate(of_facts) if found.answer]
        wrong = [at for at in answered if places[at]]
        yield _share("right fact first", language, [at == 0 for at in places], named, ">= 80")
        yield _share("among three", language, [at < 9 for at in places], named, ">= 92")
        yield Share("answered", language.value, len(answered), len(of_facts), ">= 60")
        yield Share(
            "of those wrong", language.value, len(wrong), len(answered), "<= 5", tuple(named[at] for at in wrong)
        )
        told = tuple(line[1] for line, is_answered in small if is_answered)
        yield Share("small talk answered", language.value, len(told), len(small), "<= 5", told)


def _first(matches: Sequence[Any]) -> str:
    return matches[0].facts[0] if matches else "nothing"


def _crisis(held: Mapping[str, Any]) -> Iterator[Share]:
    kinds: list[bool] = []
    confused: list[str] = []
    for level, bar in (("explicit", ">= 99"), ("implicit", ">= 85")):
        told = [(kind, line, hear(line[1])) for kind, by in held.items() for line in _lines(by.get(level, {}))]
        for language in Language:
            hers = [(kind, line, heard) for kind, line, heard in told if line[0] is language]
            found = [heard.danger is not None for _, _, heard in hers]
            yield _share(f"crisis {level}", language, found, [f"{line[1]} ({kind})" for kind, line, _ in hers], bar)
        for kind, line, heard in told:
            if heard.danger:
                kinds.append(heard.danger.value == kind)
                confused.append(f"{line[1]} -> {heard.danger.value}, is {kind}")
    yield _share("kind of those heard", None, kinds, confused, ">= 90")
    safe = [(line, hear(line[1]).danger) for line in _lines(held.get(NOTHING, {}))]
    for language in Language:
        alarmed = tuple(f"{line[1]} -> {kind.value}" for line, kind in safe if kind and line[0] is language)
        of = sum(line[0] is language for line, _ in safe)
        yield Share("false alarms", language.value, len(alarmed), of, "<= 10", alarmed)


def _commands(held: Mapping[str, Any]) -> Iterator[Share]:
    told = [(name, line, hear(line[1]).command) for name, by in held.items() for line in _lines(by)]
    for language in Language:
        hers = [(name, line, command) for name, line, command in told if line[0] is language]
        right = [command == name for name, _, command in hers]
        yield _share(
            "commands", language, right, [f"{line[1]} -> {command}, is {name}" for name, line, command in hers], ">= 95"
        )


def _languages(held: Mapping[str, Any]) -> Iterator[Share]:
    latin: list[bool] = []
    for language in Language:
        heard = [(line, hear(line).language) for line in held.get(language.value, ())]
        named = [(line, spoken) for line, spoken in heard if spoken]
        bar = ">= 99" if language in (Language.BN, Language.HI) else ">= 92"
        yield _share(
            "language", language, [spoken is language for _, spoken in named], [f"{a} -> {b}" for a, b in named], bar
        )
        latin += [spoken is None for _, spoken in heard] if bar == ">= 92" else []
    yield Share("language asked about", "Latin letters", sum(latin), len(latin), "<= 15")


def _places(held: Mapping[str, Any]) -> Iterator[Share]:
    told = [(code, line, district(line)) for code, by in held.items() for line in by["lines"]]
    named = [
        f"{line} -> {found.code or ' or '.join(found.among) or 'nothing'}, is {code}" for code, line, found in told
    ]
    yield _share("districts named", None, [code == found.code for code, _, found in told], named, "")
    right = [code in (found.code, *found.among) for code, _, found in told]
    yield _share("named or asked about", None, right, named, ">= 95")


def _share(name: str, language: Language | None, hits: Sequence[bool], lines: Sequence[str], bar: str) -> Share:
    lost = tuple(line for hit, line in zip(hits, lines, strict=True) if not hit)
    return Share(name, language.value if language else "all", sum(hits), len(hits), bar, lost)

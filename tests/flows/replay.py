"""Conversations as text: what she writes goes in, what is said and done comes out, in lines a person can read.

A line that begins with `# ` is a remark; `language`, `channel`, `hour`, `wait` and `start` set the scene; `> ` is she,
`< ` Sathi, and `! ` what is done.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime, timedelta

from bot.duty import INDIA, read_duty
from bot.settings import Settings
from bot.turn import moment_at
from bot.wording import labels, word
from flows.engine import Engine, newcomer
from flows.model import Channel, Effect, GiveReturnCode, Language, Moment, Offer, Place, Said, Say, Standing, Turn
from flows.paths import arrive

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=INDIA)  # a Wednesday on duty
CODE = "4729 8106"
SETTINGS = Settings()
DUTY = read_duty(SETTINGS.duty_days, SETTINGS.duty_from, SETTINGS.duty_until)
ENGINE = Engine(labels=labels)


@dataclass(slots=True)
class Scene:
    """One conversation on its way through the file."""

    standing: Standing = field(default_factory=lambda: newcomer(Channel.SMS))
    now: datetime = NOON
    cold: bool = False

    def moment(self) -> Moment:
        """The hour of the next turn."""
        return replace(moment_at(DUTY, self.now), cold=self.cold, runs_line="A sample group")


def replayed(text: str) -> str:
    """The file with its `<` and `!` lines as they come out today; the rest as it stands."""
    scene, out = Scene(), list[str]()
    for line in text.splitlines():
        if line.startswith(("< ", "! ", "    ")):
            continue
        out.append(line)
        out += _come_of(scene, line)
    return "\n".join(out) + "\n"


def _come_of(scene: Scene, line: str) -> Iterator[str]:
    command, _, rest = line.partition(" ")
    match command:
        case "language":
            scene.standing = replace(scene.standing, language=Language(rest))
        case "channel":
            scene.standing = replace(scene.standing, channel=Channel(rest))
        case "hour":
            scene.now = scene.now.replace(hour=int(rest))
        case "wait":
            scene.now += timedelta(minutes=int(rest))
            scene.cold = int(rest) >= 30
        case "start":
            scene.standing = replace(scene.standing, covered=False)
            yield from _taken(scene, arrive(ENGINE.paths, scene.standing, Place(*rest.split(".")), scene.moment()))
        case ">":
            said = Said(rest, code_is_hers=rest == CODE if rest.replace(" ", "").isdigit() and len(rest) > 7 else None)
            yield from _taken(scene, ENGINE.advance(scene.standing, said, scene.moment()))
            scene.cold = False


def _taken(scene: Scene, turn: Turn) -> Iterator[str]:
    scene.standing = turn.standing
    yield from (f"! {_done(effect)}" for effect in turn.effects if not isinstance(effect, Say | Offer | GiveReturnCode))
    said = [_spoken(effect) for effect in turn.effects if isinstance(effect, Say | Offer | GiveReturnCode)]
    first, *more = word(said, turn.standing.speaks).text.split("\n")
    yield f"< {first}" if first else "< (nothing)"
    yield from (f"    {line}" for line in more)


def _spoken(effect: Say | Offer | GiveReturnCode) -> Say | Offer:
    return Say(effect.sentence, {"code": CODE}) if isinstance(effect, GiveReturnCode) else effect


def _done(effect: Effect) -> str:
    """`referral counselling (state=requested)`: an effect by its name, then what it holds."""
    assert is_dataclass(effect)
    held = {one.name: getattr(effect, one.name) for one in fields(effect)}
    given = ", ".join(f"{name}={value}" for name, value in held.items() if value is not None)
    return f"{type(effect).__name__}{f' ({given})' if given else ''}"

"""The people of a benchmark, in the middle of a conversation, and what they write next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from flows.model import Channel, Inbound, Language

AT = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # a Wednesday, half past eleven in India
PACE = timedelta(seconds=2)  # between two messages of the whole town: nobody is idle for half an hour
PROVIDER = "bench"

OPENINGS: Mapping[Language, str] = {
    Language.EN: "namaste i want to know about papers",
    Language.BN: "নমস্কার দিদি কাগজ নিয়ে জানতে চাই",
    Language.HI: "नमस्ते कागज के बारे में जानना है",
    Language.BN_LATN: "namaskar kagoj niye jante chai",
    Language.HI_LATN: "namaste kagaz ke bare me janna hai",
}
QUESTIONS: Mapping[Language, str] = {
    Language.EN: "how do i get a free lawyer",
    Language.BN: "বিনা পয়সায় উকিল কীভাবে পাব",
    Language.HI: "मुफ्त वकील कैसे मिलेगा",
    Language.BN_LATN: "free ukil kivabe pabo",
    Language.HI_LATN: "muft vakil kaise milega",
}
DISTRICTS: Mapping[Language, str] = {
    Language.EN: "I live in canning",
    Language.BN: "বসিরহাটে থাকি",
    Language.HI: "बशीरहाट में रहती हूं",
    Language.BN_LATN: "ami bashirhat theke",
    Language.HI_LATN: "main siliguri se hoon",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """One person of the benchmark."""

    number: int
    channel: Channel
    language: Language

    @property
    def address(self) -> str:
        """An address that nobody has."""
        return f"sms:+91555{self.number:07d}" if self.channel is Channel.SMS else f"telegram:555{self.number:07d}"

    def opening(self) -> tuple[str, ...]:
        """Past the cover, to the list."""
        return (OPENINGS[self.language], "1")

    def cycle(self) -> tuple[str, ...]:
        """What she writes over and over: the list, a topic, a fact and its pages, a question, a person, a district.

        The turn that would give her a return code is left out: its slow hash is slow on purpose.
        """
        return (
            *("0", "1", "2", "8"),
            QUESTIONS[self.language],
            *("0", "2", "1", "1", "9", "1", "1"),
            DISTRICTS[self.language],
            "1",
        )


def callers(many: int) -> list[Caller]:
    """So many people, of each channel and each way of writing."""
    ways = [(channel, language) for language in Language for channel in Channel]
    return [Caller(number, *ways[number % len(ways)]) for number in range(many)]


def opening(people: list[Caller], ids: Iterator[int]) -> Iterator[tuple[Inbound, datetime]]:
    """Everybody comes past the cover."""
    for step in range(2):
        yield from (_message(one, one.opening()[step], next(ids)) for one in people)


def going_on(people: list[Caller], ids: Iterator[int]) -> Iterator[tuple[Inbound, datetime]]:
    """Everybody writes what comes next, in turn and without end; each began at another place of the cycle."""
    for step in count():
        for one in people:
            cycle = one.cycle()
            yield _message(one, cycle[(step + one.number) % len(cycle)], next(ids))


def _message(one: Caller, text: str, number: int) -> tuple[Inbound, datetime]:
    message = Inbound(PROVIDER, f"bench-{number}", one.channel, one.address, PROVIDER, text)
    return message, AT + number * PACE

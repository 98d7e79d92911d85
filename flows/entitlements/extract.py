"""The facts' English sentences, for the catalogues: an extraction method of Babel's."""

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from flows.entitlements.facts import read_topic, sentences


def extract(
    file: IO[bytes],
    keywords: Mapping[str, Any],  # noqa: ARG001 - what Babel hands to every method
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Each sentence that can reach a phone, with its line and the fact it belongs to as a comment."""
    text = file.read().decode("utf-8")
    lines = text.splitlines()
    for fact in read_topic(text).facts:
        for sentence in sentences(fact):
            yield _line_of(sentence, lines), None, sentence, [fact.id]


def _line_of(sentence: str, lines: list[str]) -> int:
    written = sentence.replace('"', '\\"')
    return next((number for number, line in enumerate(lines, 1) if written in line), 1)

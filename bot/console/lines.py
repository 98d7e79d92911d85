"""Programs talk to a command by JSON: one object a line in, one a line out."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.errors import Misconfigured


def read_objects(lines: Iterable[bytes]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Each line's number and object, as they come.

    Raises:
        Misconfigured: a line is no JSON object in UTF-8; it says which.
    """
    for number, line in enumerate(lines, 1):
        try:
            read = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError:
            raise Misconfigured(f"line {number} is not UTF-8") from None
        except (ValueError, RecursionError):
            raise Misconfigured(f"line {number} is not JSON") from None
        if not isinstance(read, dict):
            raise Misconfigured(f"line {number} is not a JSON object")
        yield number, read


def read_text(number: int, said: Mapping[str, Any]) -> str:
    """The `text` of a line.

    Raises:
        Misconfigured: it has none.
    """
    text = said.get("text")
    if not isinstance(text, str):
        raise Misconfigured(f"line {number}: text must be a string")
    return text


def write_object(said: Mapping[str, Any]) -> None:
    """One line out, at once."""
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    sys.stdout.flush()

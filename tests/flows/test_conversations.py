"""Every file in tests/conversations comes out as it stands; `--update` rewrites what Sathi says and does."""

from pathlib import Path

import pytest

from tests.flows.replay import replayed

FILES = sorted((Path(__file__).parents[1] / "conversations").rglob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_conversation_goes_as_it_is_written(file: Path, request: pytest.FixtureRequest) -> None:
    """What she writes in the file brings what the file says."""
    written = file.read_text(encoding="utf-8")
    spoken = replayed(written)
    if request.config.getoption("--update"):
        file.write_text(spoken, encoding="utf-8")
        return
    assert spoken == written


def test_there_are_conversations_in_every_way_of_writing() -> None:
    """A way of writing that nobody reads a conversation in is not held to anything."""
    spoken = {
        line.split()[1] for file in FILES for line in file.read_text().splitlines() if line.startswith("language")
    }
    assert spoken >= {"bn", "hi", "en", "bn_Latn", "hi_Latn"}

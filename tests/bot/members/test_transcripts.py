"""Whole talks that a member can read, in direct chat and in the group; `--update` writes docs/conversations anew."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from storage.database import Store
from tests.bot.members.lane import HER, Lane, Phone
from tests.bot.members.scenes import PREFIX, SCENES, Play

FOLDER = Path(__file__).parents[3] / "docs" / "conversations"
GROUP = "-5550000020"
TITLES = {"": "direct chat", GROUP: "the members' group, one topic a talk"}


class LaneStage:
    """A scene in a lane: her phone by the simulator, the member's by Telegram's outgoing side."""

    def __init__(self, lane: Lane, phone: Phone) -> None:
        self.lane, self.phone = lane, phone

    def she(self, text: str) -> None:
        """She sends an SMS; what falls due then is done."""
        self.lane.write(HER, text)
        self.lane.wait(timedelta(seconds=1))

    def member(self, text: str) -> None:
        """The member writes, in the topic of the talk where there is one."""
        if self.phone.group:
            self.phone.write_in(self.phone.shown[-1].topic, text)
        else:
            self.phone.write(text)

    def press(self, label: str) -> None:
        """The member presses."""
        self.phone.press(label)

    def her_texts(self) -> Sequence[str]:
        """All that she has read."""
        return self.lane.read_by(HER)

    def member_texts(self) -> Sequence[str]:
        """All that the member has read."""
        return self.phone.reads


@pytest.mark.parametrize("group", ["", GROUP])
@pytest.mark.parametrize("language", ["bn", "hi"])
def test_a_talk_reads_as_it_is_written_down(
    store: Store, tmp_path: Path, language: str, group: str, request: pytest.FixtureRequest
) -> None:
    """From her first word to the last, and nothing of it is in another language than hers and the member's."""
    lane = Lane(store, tmp_path, members_group=group)
    stage = LaneStage(lane, lane.member("north-1", 1, language=language))
    played = Play(stage).run(SCENES[language])
    assert PREFIX[language] in played
    assert "5550000002" not in "".join(stage.her_texts())
    path = FOLDER / f"talk_{language}{'_topic' if group else ''}.md"
    told = f"# A talk with a member, by {TITLES[group]} ({language})\n\n{played}"
    if request.config.getoption("--update"):
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")

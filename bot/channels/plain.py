"""What a network of plain words cannot do: the part of a sender that SMS and the simulator share."""

from collections.abc import Mapping, Sequence

from bot.errors import GiveUp


class PlainSender:
    """A sender for a network that has no topics and no menus, and on which what was delivered stays as it is."""

    __slots__ = ()

    async def edit(self, address: str, external_id: str, text: str) -> bool:  # noqa: ARG002
        """Nothing is changed that was delivered."""
        return False

    async def open_topic(self, address: str, name: str) -> int:  # noqa: ARG002
        """There are no topics.

        Raises:
            GiveUp: always.
        """
        raise GiveUp("no topics")

    async def offer_commands(self, address: str, commands: Mapping[str, Sequence[Sequence[str]]]) -> None:
        """There is no such menu."""

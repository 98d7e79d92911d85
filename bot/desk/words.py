"""The words of the desk that stand not in a template: a mark by which they are found for the catalogues."""

from collections.abc import Iterator, Mapping

from bot.desk.roles import ADMINISTRATORS, OFFICE, READERS, TALKERS, Role


def D(words: str) -> str:
    """The English words themselves; they are translated when they are shown."""
    return words


ROLES: Mapping[Role, str] = {
    Role.ADMINISTRATOR: D("Administrator"),
    Role.COORDINATOR: D("Coordinator"),
    Role.REVIEWER: D("Reviewer"),
    Role.MEMBER: D("Member of a collective"),
}

MENU = (
    ("/desk", D("Today"), OFFICE),
    ("/desk/log", D("Requests"), READERS),
    ("/desk/relays", D("Talks"), TALKERS),
    ("/desk/figures", D("Figures"), READERS),
    ("/desk/exports", D("Export"), READERS),
    ("/desk/facts", D("Facts"), OFFICE),
    ("/desk/words", D("Words"), OFFICE),
    ("/desk/directory", D("Collectives"), ADMINISTRATORS),
    ("/desk/roster", D("Members"), ADMINISTRATORS),
    ("/desk/journal", D("Journal"), ADMINISTRATORS),
)


def menu(role: Role) -> Iterator[tuple[str, str]]:
    """The pages that are open to a role, and their names."""
    return ((path, name) for path, name, roles in MENU if role in roles)

"""The four roles of the desk, and the groups of them that pages are open to."""

from storage.staff import Role

__all__ = ["ADMINISTRATORS", "EVERYBODY", "OFFICE", "READERS", "TALKERS", "Role"]

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
OFFICE = ADMINISTRATORS | {Role.COORDINATOR}  # who may act on a request
READERS = OFFICE | {Role.REVIEWER}  # who may read the log and the figures
TALKERS = OFFICE | {Role.MEMBER}  # who may answer a talk
EVERYBODY = frozenset(Role)

"""Staff of the coalition: who may sign in to the desk, and as what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, func, literal, or_, select, update

from storage import sessions
from storage.seal import PersonKey, Sealer, Where
from storage.tables import staff
from storage.upsert import insert_once

_SUBKEY = "staff"  # their secrets are not under a key of the keystore, where only survivors' keys are


class Role(StrEnum):
    """What a member of staff may do; the desk decides by it."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Staff:
    """One member of staff; `totp_step` is the last time step whose code was used, so that none is used twice."""

    id: str
    name: str
    role: Role
    password_hash: str = field(repr=False)
    totp_sealed: bytes = field(repr=False)
    made_at: datetime
    totp_step: int | None = None
    recovery: tuple[str, ...] = field(default=(), repr=False)  # hashes of the codes that are left
    enrolled_at: datetime | None = None  # when the second factor was first used
    disabled_at: datetime | None = None
    member_id: str | None = None  # of the collective's member she is, where she answers talks herself

    @property
    def actor(self) -> str:
        """How the journal and the log call her: never by name."""
        return f"staff {self.id}"


def add(db: Connection, member: Staff) -> bool:
    """Write a new member of staff down; false if the name is taken, also by somebody disabled."""
    row = {
        "id": member.id,
        "name": member.name,
        "role": member.role.value,
        "password_hash": member.password_hash,
        "totp_sealed": member.totp_sealed,
        "recovery": list(member.recovery),
        "member_id": member.member_id,
        "made_at": member.made_at,
    }
    return insert_once(db, staff, row)


def find(db: Connection, name: str) -> Staff | None:
    """Who has this name, disabled or not."""
    row = db.execute(select(staff).where(staff.c.name == name)).first()
    return None if row is None else _staff(row)


def of_id(db: Connection, staff_id: str) -> Staff | None:
    """Whose id this is, disabled or not."""
    row = db.execute(select(staff).where(staff.c.id == staff_id)).first()
    return None if row is None else _staff(row)


def all_of(db: Connection) -> list[Staff]:
    """Everybody, by name."""
    return [_staff(row) for row in db.execute(select(staff).order_by(staff.c.name))]


def names(db: Connection) -> Mapping[str, str]:
    """What everybody is called, by how the journal calls them."""
    return {one.actor: one.name for one in all_of(db)}


def renew(db: Connection, staff_id: str, *, password_hash: str, totp_sealed: bytes) -> None:
    """Give a new password and a new second factor; the old ones and the recovery codes are void."""
    fresh: dict[str, object] = {
        "password_hash": password_hash,
        "totp_sealed": totp_sealed,
        "totp_step": None,
        "enrolled_at": None,
        "recovery": [],
    }
    sessions.end_all(db, staff_id)
    db.execute(update(staff).where(staff.c.id == staff_id).values(**fresh, disabled_at=None))


def use_step(db: Connection, staff_id: str, step: int, now: datetime) -> bool:
    """Use the code of a time step up; false if it, or a later one, was used before."""
    unused = or_(staff.c.totp_step.is_(None), staff.c.totp_step < step)
    used = update(staff).where(staff.c.id == staff_id, unused)
    enrolled = func.coalesce(staff.c.enrolled_at, literal(now, staff.c.enrolled_at.type))
    return bool(db.execute(used.values(totp_step=step, enrolled_at=enrolled)).rowcount)


def give_recovery(db: Connection, staff_id: str, hashes: Sequence[str]) -> None:
    """New recovery codes; the old ones are void."""
    db.execute(update(staff).where(staff.c.id == staff_id).values(recovery=list(hashes)))


def use_recovery(db: Connection, staff_id: str, code_hash: str) -> bool:
    """Use one recovery code up; false if it is none, or was used. Call it in a writing transaction."""
    row = db.execute(select(staff.c.recovery).where(staff.c.id == staff_id).with_for_update()).first()
    if row is None or code_hash not in row.recovery:
        return False
    give_recovery(db, staff_id, [one for one in row.recovery if one != code_hash])
    return True


def disable(db: Connection, staff_id: str, now: datetime) -> None:
    """Let somebody in no more, from this moment; the row stays, since the journal names it."""
    sessions.end_all(db, staff_id)
    db.execute(update(staff).where(staff.c.id == staff_id, staff.c.disabled_at.is_(None)).values(disabled_at=now))


def seal_secret(sealer: Sealer, staff_id: str, secret: str) -> bytes:
    """The secret of the second factor, sealed by the master key for this one row."""
    return sealer.seal(_key(sealer, staff_id), _where(staff_id), secret)


def secret_of(sealer: Sealer, member: Staff) -> str:
    """The secret of the second factor.

    Raises:
        Tampered: it was changed, or taken from another row.
    """
    return sealer.open(_key(sealer, member.id), _where(member.id), member.totp_sealed)


def _key(sealer: Sealer, staff_id: str) -> PersonKey:
    return PersonKey(staff_id, sealer.subkey(_SUBKEY))


def _where(staff_id: str) -> Where:
    return Where("staff", "totp_sealed", staff_id)


def _staff(row: Row[tuple[object, ...]]) -> Staff:
    return Staff(**{**row._mapping, "role": Role(row.role), "recovery": tuple(row.recovery)})

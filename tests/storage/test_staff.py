"""Staff: one row a name, a second factor that opens in its own row only."""

from dataclasses import replace

import pytest

from storage import ids, staff
from storage.database import Store, reading, writing
from storage.errors import Tampered
from storage.staff import Role, Staff
from tests.storage.builders import NOW

SECRET = "JBSWY3DPEHPK3PXP"


def _asha(store: Store, name: str = "asha") -> Staff:
    staff_id = ids.new_id(NOW)
    sealed = staff.seal_secret(store.sealer, staff_id, SECRET)
    return Staff(staff_id, name, Role.COORDINATOR, "hash one", sealed, NOW)


def test_a_name_is_given_once(store: Store) -> None:
    """The second of a name is refused, and the first stays as it was."""
    first, second = _asha(store), _asha(store)
    with writing(store.main) as db:
        assert staff.add(db, first)
        assert not staff.add(db, second)
    with reading(store.main) as db:
        assert staff.find(db, "asha") == first
        assert staff.find(db, "rina") is None


def test_secret_opens_in_its_own_row_only(store: Store) -> None:
    """The second factor's secret, moved to somebody else's row, does not open there."""
    asha, rina = _asha(store), _asha(store, "rina")
    assert staff.secret_of(store.sealer, asha) == SECRET
    with pytest.raises(Tampered):
        staff.secret_of(store.sealer, replace(rina, totp_sealed=asha.totp_sealed))


def test_renewing_lets_in_again_with_new_secrets_only(store: Store) -> None:
    """A reset replaces both factors and forgets the used step, the recovery codes and the disabling."""
    asha = _asha(store)
    with writing(store.main) as db:
        staff.add(db, asha)
        staff.disable(db, asha.id, NOW)
        assert staff.find(db, "asha") == replace(asha, disabled_at=NOW)
        fresh = staff.seal_secret(store.sealer, asha.id, "KRSXG5A")
        staff.renew(db, asha.id, password_hash="hash two", totp_sealed=fresh)
    with reading(store.main) as db:
        (there,) = staff.all_of(db)
    assert there == replace(asha, password_hash="hash two", totp_sealed=fresh)
    assert staff.secret_of(store.sealer, there) == "KRSXG5A"


def test_nothing_of_the_secrets_is_shown(store: Store) -> None:
    """A member of staff who is printed or logged shows neither hash nor sealed secret."""
    shown = repr(_asha(store))
    assert "hash one" not in shown
    assert "totp_sealed" not in shown

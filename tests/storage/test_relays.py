"""The line and the talks: what members know a talk by is its own."""

import pytest

from storage import relays
from storage.database import Store, writing
from tests.storage.builders import NOW, meet


def test_no_two_talks_have_one_tag(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the dice fall alike they are thrown again, for a member's button finds its talk by the tag."""
    keys = [meet(store, f"sms:+91555000000{number}") for number in (1, 2)]
    thrown = iter(("AAAAAA", "AAAAAA", "AAAAAA", "CCCCCC"))
    monkeypatch.setattr(relays, "_tag", lambda: next(thrown))
    with writing(store.main) as db:
        for key in keys:
            assert relays.open_one(db, person_id=key.id, referral_code=None, turn=1, now=NOW)
        found = [relays.of_tag(db, tag) for tag in ("AAAAAA", "CCCCCC")]
    assert [one.person_id for one in found if one] == [key.id for key in keys]

"""How far each has come: one stage a guide, since when she first named it, and gone with her."""

from storage import people, stages
from storage.database import Store, reading, writing
from storage.stages import Standing
from tests.storage.builders import HOUR, NOW, meet

OTHER = "sms:+915550000002"


def test_stage_moves_on(store: Store) -> None:
    """A later stage takes the place of the earlier one, in its own guide alone."""
    key = meet(store)
    with writing(store.main) as db:
        stages.set_one(db, key.id, "money", "fir", NOW)
        stages.set_one(db, key.id, "lawyer", "asked", NOW)
        stages.set_one(db, key.id, "money", "applied", NOW + HOUR)
    with reading(store.main) as db:
        assert stages.counted(db) == [
            Standing("lawyer", "asked", 1, NOW, NOW),
            Standing("money", "applied", 1, NOW + HOUR, NOW + HOUR),
        ]


def test_stage_named_again_keeps_its_moment(store: Store) -> None:
    """Who says the same stage once more has waited since the first time."""
    key = meet(store)
    with writing(store.main) as db:
        stages.set_one(db, key.id, "money", "unpaid_1_year", NOW)
        stages.set_one(db, key.id, "money", "unpaid_1_year", NOW + HOUR)
    with reading(store.main) as db:
        assert [one.longest_since for one in stages.counted(db)] == [NOW]


def test_stages_are_counted_without_anybody(store: Store) -> None:
    """A count, the longest and the middle wait; nothing leads to a person, and the forgotten are not counted."""
    one, two, three = meet(store), meet(store, OTHER), meet(store, "sms:+915550000003")
    with writing(store.main) as db:
        for hours, key in enumerate((one, two, three)):
            stages.set_one(db, key.id, "money", "applied", NOW + hours * HOUR)
        assert stages.counted(db) == [Standing("money", "applied", 3, NOW, NOW + HOUR)]
        people.mark_erasing(db, one.id)
        people.erase_rows(db, one.id, NOW + HOUR)
        assert stages.counted(db) == [Standing("money", "applied", 2, NOW + HOUR, NOW + HOUR)]

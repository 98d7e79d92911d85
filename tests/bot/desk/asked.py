"""People who asked for something, to be seen at the desk."""

from datetime import datetime, timedelta

from flows.model import Channel, Language
from storage import referrals, relays, safe_contacts
from storage.database import Store, writing
from storage.referrals import Referral
from storage.seal import PersonKey
from tests.storage.builders import NOW, meet

WORDS = "I wait at the blue door"
HER_NUMBER = "+915550000007"
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def ask(
    store: Store,
    number: int = 7,
    *,
    kind: str = "counselling",
    state: str = "requested",
    district: str | None = "nadia",
    language: Language = Language.BN,
    channel: Channel = Channel.SMS,
    now: datetime = NOW,
) -> tuple[Referral, PersonKey]:
    """Somebody new, and what she asked for."""
    key = meet(store, f"sms:+91555{number:07d}", now)
    with writing(store.main) as db:
        asked, _ = referrals.open_one(
            db,
            kind=kind,
            state=state,
            person_id=key.id,
            district=district,
            need="counselling",
            language=language,
            channel=channel,
            now=now,
        )
    return asked, key


def allow(store: Store, key: PersonKey, days: int = 20) -> None:
    """She says that she may be written to, for so many days."""
    with writing(store.main) as db:
        safe_contacts.keep(
            db, key.id, channel=Channel.SMS, first_hour=0, last_hour=24, now=NOW, expires_at=NOW + days * DAY
        )


def line_up(store: Store, asked: Referral, *, held: bool = False, now: datetime = NOW) -> relays.Relay:
    """She stands in the line; where `held`, a member has taken her."""
    with writing(store.main) as db:
        assert relays.open_one(
            db, person_id=asked.person_id or "", referral_code=asked.code, turn=1, now=now, language=Language.BN
        )
        relay = relays.of_person(db, asked.person_id or "")
        assert relay is not None
        if held:
            assert relays.claim(db, relay.id, "somebody", relay.version, now)
            relays.note(db, relay.id, "claimed", "somebody", now)
    return relay

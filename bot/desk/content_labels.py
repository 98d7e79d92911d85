"""How the desk calls what the tables hold as codes; English here, translated when they are shown."""

from collections.abc import Mapping

from bot.desk import labels
from bot.desk.words import D
from locales import DESK, DOMAIN

LANGUAGES = labels.LANGUAGES

# Facts

TOPICS: Mapping[str, str] = {
    "victim_compensation": D("Money from the government"),
    "free_legal_aid": D("A free lawyer"),
    "police_fir": D("Police and FIR"),
    "the_crime_and_law": D("The crime and the law"),
    "court_rights": D("Rights in court"),
    "bonded_labour": D("Forced work and debt"),
    "shelter_rehabilitation": D("A safe place, and what comes after"),
    "counselling_mental_health": D("Body and mind"),
    "social_schemes": D("Schemes and papers"),
    "children": D("Children"),
    "cross_border": D("From another country"),
    "complaint_redress": D("Complaints"),
}
FACT_STATES: Mapping[str, str] = {
    "sent": D("is sent"),
    "with_caveat": D("sent with a caveat"),
    "overdue": D("re-check overdue"),
    "held": D("held here"),
    "held_by_file": D("held by its file"),
}
HOLD_REASONS: Mapping[str, str] = {
    "changed": D("The law or the scheme has changed"),
    "number": D("A number or an office in it is wrong"),
    "source": D("The source is gone, or says something else"),
    "harm": D("It could harm somebody"),
    "words": D("Its words are wrong or hard to understand"),
    "doubt": D("Somebody doubts it; we are asking"),
}
CONFIDENCE: Mapping[str, str] = {
    "verified": D("verified"),
    "partly": D("verified in part"),
    "unverified": D("not verified"),
}

# Words: the flows

DOMAINS: Mapping[str, str] = {
    DOMAIN: D("What survivors and members read"),
    DESK: D("The desk"),
}
STEPS: Mapping[str, str] = {
    "Ask": D("asks, with numbers"),
    "Collect": D("asks, in her own words"),
    "Tell": D("tells"),
    "Refer": D("writes a request down"),
    "Connect": D("looks for a member"),
    "End": D("ends"),
}
SAYINGS: Mapping[str, str] = {
    "sentence": "",
    "off_duty": D("when nobody is on duty"),
    "again": D("when it was not understood"),
    "first_time": D("once, by SMS"),
}
TALKS = (
    D("The first message is already a question"),
    D("Somebody else holds the phone"),
    D("She asks for a person"),
    D("Danger"),
    D("She wants to die"),
    D("Not understood, twice; then the language, then clearing"),
)
TRIGGERS: Mapping[str, str] = {
    "choose listed": D("a number of the list"),
    "collected": D("her answer"),
    "skip": D("8, to go past it"),
    "then": D("at once"),
}

# Collectives and members: the columns of a row

COLUMNS: Mapping[str, str] = {
    "id": D("Short name for the computer"),
    "name": D("Name"),
    "spoken_name": D("Neutral name that she reads"),
    "districts": D("Districts"),
    "languages": D("Languages"),
    "contact": D("Contact that she reads"),
    "contact_kind": D("Kind of contact"),
    "consented_on": D("Agreed to be named on"),
    "show": D("Named to survivors"),
    "label": D("Label"),
    "collective": D("Collective"),
    "needs": D("Needs she answers"),
    "home": D("District where she lives"),
    "block": D("Block where she lives"),
    "capacity": D("Talks at once"),
    "duty": D("Hours of duty"),
    "holidays": D("Days off"),
    "language": D("Language in which Sathi writes to her"),
}
CONTACT_KINDS: Mapping[str, str] = {"phone": D("phone"), "telegram": D("Telegram"), "visit": D("a visit")}
MEMBER_NEEDS: Mapping[str, str] = {
    "counselling": D("A talk with a person"),
    "legal_aid": D("A free lawyer"),
    "emergency": D("Help at once"),
}
MEMBER_STATES: Mapping[str, str] = {
    "new": D("not joined yet"),
    "joined": D("joined"),
    "away": D("away"),
    "revoked": D("revoked"),
}

# The journal: what was done

ACTIONS = (
    D("sign in"),
    D("revoke sessions"),
    D("new recovery codes"),
    D("read today"),
    D("read facts"),
    D("read fact"),
    D("hold fact"),
    D("release fact"),
    D("confirm check of fact"),
    D("read words"),
    D("read journal"),
    D("verify journal"),
    D("read collectives"),
    D("read collective"),
    D("add collective"),
    D("change collective"),
    D("show collective"),
    D("hide collective"),
    D("remove collective"),
    D("read members"),
    D("read member"),
    D("add member"),
    D("change member"),
    D("invite member"),
    D("revoke member"),
    D("import members"),
    D("export members"),
    D("import collectives"),
    D("export collectives"),
    D("back up"),
    D("restore"),
    D("acknowledge"),
    D("read referrals"),
)

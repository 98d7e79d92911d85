"""What codes are called on the pages: states, outcomes and what happened; shown by the filter `said`."""

from collections.abc import Mapping

from bot.desk.words import D
from flows.model import Channel, Language
from flows.places import DISTRICTS

# Talks
TALK_STATES: Mapping[str, str] = {
    "waiting": D("waits for a member"),
    "claimed": D("a member holds it"),
    "closed": D("closed"),
}
TALK_OUTCOMES: Mapping[str, str] = {
    "helped": D("she was helped"),
    "referred": D("passed to somebody else"),
    "declined": D("we could not help"),
    "unreachable": D("she did not answer"),
    "ended": D("she ended it"),
    "stopped": D("she wants no more messages"),
    "cleared": D("she had everything cleared"),
    "withdrawn": D("she took her request back"),
    "left": D("nobody came to it in time"),
}
TALK_EVENTS: Mapping[str, str] = {
    "claimed": D("A member took the talk"),
    "passed": D("A member cannot take it now"),
    "said": D("A member wrote"),
    "released": D("The member gave it back"),
    "transferred": D("The member passed it on"),
    "another": D("She asked for another person"),
    "revoked": D("The member left"),
    "nobody free": D("Nobody was free, the staff on call were told"),
    "referred": D("She agrees that somebody else is asked. It is written down."),
    "referred before": D("She agrees that somebody else is asked. It was written down before."),
    "not referred": D("She does not want that somebody else is asked."),
    "left": D("She had to leave. What you write waits until she is back."),
    "closed": D("The talk was closed"),
}
LANGUAGES: Mapping[str, str] = {
    Language.EN: D("English"),
    Language.BN: D("Bengali"),
    Language.HI: D("Hindi"),
    Language.BN_LATN: D("Bengali in Latin letters"),
    Language.HI_LATN: D("Hindi in Latin letters"),
}
CHANNELS: Mapping[str, str] = {Channel.SMS.value: D("SMS"), Channel.TELEGRAM.value: D("Telegram")}

# Requests
KINDS: Mapping[str, str] = {
    "counselling": D("Counselling"),
    "legal_aid": D("A free lawyer"),
    "collective": D("A collective"),
    "emergency": D("Help at once"),
    "information": D("Information told"),
}
STATES: Mapping[str, str] = {
    "requested": D("asked for"),
    "accepted": D("taken"),
    "in_progress": D("under way"),
    "done": D("done"),
    "declined": D("could not be done"),
    "unreachable": D("could not be reached"),
    "withdrawn": D("taken back"),
}
OUTCOMES: Mapping[str, str] = {
    "helped": D("she was helped"),
    "referred": D("passed to somebody else"),
    "handed over": D("handed over in person"),
    "ended by her": D("she ended it"),
    "told": D("she was told"),
    "by staff": D("by the staff"),
    "by a counsellor": D("by a counsellor"),
    "by a lawyer": D("by a lawyer"),
    "first talk": D("a first talk was held"),
    "papers filed": D("papers were handed in"),
    "waits for an office": D("an office must answer"),
    "she came back": D("she came back to it"),
    "she says otherwise": D("she says it was not so"),
    "given back": D("given back"),
    "written by mistake": D("written down by mistake"),
    "we could not help": D("we could not help"),
    "nobody free": D("nobody had room"),
    "not ours": D("others must do it"),
    "no answer": D("she did not answer"),
    "no longer hers": D("the number is no longer hers"),
    "by her": D("by herself"),
}
NEEDS: Mapping[str, str] = {
    "counselling": D("somebody to talk to"),
    "collective": D("a collective near her"),
    "danger": D("danger"),
    "self_harm": D("harm to herself"),
    "child_danger": D("danger to a child"),
    "victim_compensation": D("compensation"),
    "free_legal_aid": D("a free lawyer"),
    "police_fir": D("police and FIR"),
    "the_crime_and_law": D("the law"),
    "court_rights": D("the court"),
    "bonded_labour": D("bonded labour"),
    "shelter_rehabilitation": D("shelter and rehabilitation"),
    "counselling_mental_health": D("counselling and health"),
    "social_schemes": D("schemes and papers"),
    "children": D("children"),
    "cross_border": D("across a border"),
    "complaint_redress": D("complaints"),
}
AGES: Mapping[str, str] = {"yes": D("18 or older"), "no": D("under 18"), "unsaid": D("she would rather not say")}
CONTACTS: Mapping[str, str] = {
    "no": D("no, she writes herself"),
    "hours": D("yes, at certain hours"),
    "day": D("yes, by day"),
}
SAFETY: Mapping[str, str] = {"safe": D("safe for now"), "cannot_talk": D("cannot talk")}
ANSWERS: Mapping[str, str] = {
    "yes": D("Yes, they met her"),
    "no": D("No, they did not meet her"),
    "refused": D("They refused"),
    "unsafe": D("She felt unsafe"),
}
REVEAL_REASONS: Mapping[str, str] = {
    "danger to life": D("her life is in danger"),
    "she asked us": D("she asked to be called"),
    "court order": D("a court orders it"),
}

# Today
ALERTS: Mapping[str, str] = {
    "self_harm": D("harm to herself"),
    "danger": D("danger"),
    "child_danger": D("danger to a child"),
    "person": D("somebody waits for a person"),
    "quarantine": D("a message could not be answered"),
    "budget": D("the SMS parts of today are used up"),
}
PROVIDERS: Mapping[str, str] = {
    "twilio": D("SMS by Twilio"),
    "android_sms": D("SMS by a phone"),
    "telegram": D("Telegram"),
    "simulator": D("the trial phones"),
}

# Figures
WAITS: Mapping[int, str] = {  # under so many minutes
    15: D("under 15 minutes"),
    60: D("15 minutes to an hour"),
    4 * 60: D("1 to 4 hours"),
    24 * 60: D("4 hours to a day"),
    3 * 24 * 60: D("1 to 3 days"),
}
LATER = D("over 3 days")
AWARDED: Mapping[str, str] = {  # the stages of the guide to money after an order and before the money
    "order": D("Order passed"),
    "unpaid_3_months": D("Unpaid, under 3 months"),
    "unpaid_1_year": D("Unpaid, under a year"),
    "unpaid_longer": D("Unpaid, over a year"),
}
TOLD_AGO = (D("under 30 days"), D("30 to 90 days"), D("90 days to a year"), D("over a year"))

# Exports
FORMS: Mapping[str, str] = {"csv": D("CSV, for any program"), "xlsx": D("XLSX, for Excel and LibreOffice")}
EXPORT_REASONS: Mapping[str, str] = {
    "donor report": D("a report to a donor"),
    "court": D("a court asks for it"),
    "audit": D("an audit"),
    "research": D("research that an ethics committee has agreed to"),
    "planning": D("our own planning"),
    "government": D("a report to the government"),
}


def district(code: str | None, language: Language) -> str:
    """The name of a district as it is read in this language; the code itself where nobody knows it."""
    known = DISTRICTS.get(code or "")
    return known.name.words[language] if known else code or ""


def districts(language: Language) -> list[tuple[str, str]]:
    """Every district, its code and its name, in the order of their names."""
    return sorted(((code, district(code, language)) for code in DISTRICTS), key=lambda one: one[1])

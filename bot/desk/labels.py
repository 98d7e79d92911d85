"""What codes are called on the pages: states, outcomes and what happened; shown by the filter `said`."""

from collections.abc import Mapping

from bot.desk.words import D
from flows.model import Language
from flows.places import DISTRICTS

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
ANSWERS: Mapping[str, str] = {
    "yes": D("Yes, they met her"),
    "no": D("No, they did not meet her"),
    "refused": D("They refused"),
    "unsafe": D("She felt unsafe"),
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

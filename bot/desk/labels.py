"""What codes are called on the pages: states, outcomes and what happened; shown by the filter `said`."""

from collections.abc import Mapping

from bot.desk.words import D
from flows.model import Channel, Language

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
    Language.BN.value: D("Bengali"),
    Language.BN_LATN.value: D("Bengali in English letters"),
    Language.HI.value: D("Hindi"),
    Language.HI_LATN.value: D("Hindi in English letters"),
    Language.EN.value: D("English"),
}
CHANNELS: Mapping[str, str] = {Channel.SMS.value: D("SMS"), Channel.TELEGRAM.value: D("Telegram")}

"""What a member reads from Sathi, and the replies that are ready for her; a survivor reads only the canned ones."""

from collections.abc import Mapping

from flows.model import T

JOINED = T(
    "You are a member now. When somebody waits, I ask you here. What goes to her at once I do not confirm; "
    "all else I tell you. Write /help to see what you can do."
)
OFFER = T("Somebody waits for a person. {language}. Code {tag}.")
TAKEN = T("Talk {tag} is yours. Write here, and she reads it without your name or number. Her next words come here.")
TOO_LATE = T("Somebody else has taken it.")
FULL = T("You hold as many talks as you can. Close or give back one first.")
NOT_NOW = T("It is not an hour of your duty, or she lives too near to you. Others are asked.")
PASSED = T("All right. Others are asked.")
STALE = T("This talk is not in your hands any more. Nothing was sent.")
WHICH = T("You hold more than one talk. Answer a message of the one you mean. Nothing was sent.")
NONE = T("You hold no talk now. Nothing was sent.")
ONLY_WORDS = T("I can pass on only words. Nothing was sent.")
MASKED = T("I left out a number or the name of an account.")
RISKY = T("The word {word} must not stand on her phone. Write it in other words. Nothing was sent.")
HELD = T("She has been quiet for a while. I give it to her when she writes, after a harmless opener and her number.")
KNOCKS = T("She has been quiet for a while. I write to her in the hours that she named, behind a harmless opener.")
EXPIRED = T("Talk {tag}: what you wrote was not read in time, and I let it go.")
NOT_SENT = T("Talk {tag}: what you wrote could not be sent.")
COST = T("This takes {parts} SMS parts. Send it?")
SEND = T("Send")
DROP = T("Do not send")
DROPPED = T("All right. Nothing was sent.")
HEAVY = T("Talk {tag}: a heavy message. Open it when you are ready.")
OPEN_IT = T("Open it")
TAKE = T("I take it")
NOT_ME = T("Not now")
MENU = T("What to do")
MENU_OF = T("Talk {tag}. What do you want to do?")
CLOSE = T("Close")
GIVE_BACK = T("Give it back")
PASS_ON = T("Pass it on")
TO_WHOM = T("Talk {tag}: who is to take it over?")
ANYBODY = T("Anybody")
NOTE = T("Note")
CANNED = T("Ready words")
REFER = T("Ask for a referral")
UNDO = T("Take back my last")
HOW_CLOSED = T("How did it end?")
OUTCOMES: Mapping[str, T] = {
    "helped": T("She was helped"),
    "referred": T("Passed to somebody else"),
    "declined": T("We could not help"),
    "unreachable": T("She does not answer"),
    "ended": T("She ended it"),
}
WHICH_REFERRAL = T("Who is to be asked? She must agree first.")
ASKED_HER = T("I have asked her. I tell you what she says.")
CANNOT_ASK = T("She is not there now. Ask again when she writes.")
AGREED = T("Talk {tag}: she agrees. It is written down.")
ALREADY = T("Talk {tag}: this is asked for already.")
REFUSED = T("Talk {tag}: she does not want that.")
WRITE_NOTE = T("Write the note. Nobody but members of this talk reads it.")
NOTED = T("Noted.")
NOTE_OF = T("Note: {words}")
RELEASED = T("Talk {tag} waits for another member now. Rest if you need to.")
CLOSED = T("Talk {tag} is closed. Thank you.")
IDLE = T("Talk {tag}: nobody has written for some days, so it is closed.")
SHE_LEFT = T("Talk {tag}: she had to leave. What you write waits until she is back.")
SHE_STOPPED = T("Talk {tag} is over: she wants no more messages.")
SHE_WITHDREW = T("Talk {tag} is over: she took her request back.")
SHE_CLEARED = T("Talk {tag} is over: she had everything cleared.")
ENDED = {"cleared": SHE_CLEARED, "withdrawn": SHE_WITHDREW}  # by what ended it
SHE_WANTS_ANOTHER = T("Talk {tag}: she asked for another person. It is nothing about you.")
KEEPS = T("Talk {tag}: whoever takes over may read what was said.")
KEEPS_NOT = T("Talk {tag}: whoever takes over starts anew.")
BEFORE = T("Before: {words}")
FROM_DESK = T("You wrote at the desk: {words}")
TAKEN_BACK = T("Taken back.")
NOT_TAKEN_BACK = T("It has gone out and cannot be taken back.")
CHANGED = T("Changed.")
NOT_CHANGED = T("It has gone out and cannot be changed. Write again.")
SHE_CHANGED = T("She changed it: {words}")
BREAK = T("You have held talks for a long time. You may rest: /away, or give one back.")
AWAY = T("You are away for {hours} hours. Nobody is sent to you. Write /here when you are back.")
HERE = T("You are back.")
TALKS = T("You hold: {tags}")
HELP = T("/talks what you hold. /away rest. /here back. /leave give up this phone. All else is under What to do.")

COMMANDS: Mapping[str, T] = {
    "talks": T("the talks you hold"),
    "away": T("rest for some hours"),
    "here": T("back from rest"),
    "leave": T("give up this phone"),
    "help": T("what you can do"),
}
READY: Mapping[str, T] = {
    "hello": T("I have read what you wrote. I am here."),
    "slow": T("Take your time. You choose how much to say."),
    "paper": T("Does the paper have a date on it?"),
    "later": T("I must go now. I write again tomorrow if you want."),
    "safe": T("Are you in a safe place to write?"),
}

"""Numbers: the digits by which a message chooses, in three scripts, as figures or words."""

import re

from flows.hearing.fold import plain

LONGEST = 2  # digits; a longer number is a code or an amount
BESIDE = (
    "number no num nomber option opsan choice press ta ti te wala waala vala please plz pls didi ji n nambar nombor"
    " নম্বর নাম্বার নং টা টি नंबर नम्बर नं वाला वाली अंक"
)  # words that may stand beside the digits
WORDS = {
    "0": "zero shunno shunyo sunno shoonya shunya sunya শূন্য শুন্য शून्य জিরো जीरो",
    "1": "1st one first ek aek ekta prothom pehla pahla এক একটা প্রথম ওয়ান एक पहला पहली वन",
    "2": "2nd two second dui do duita dwitiyo ditiyo doosra dusra dusri দুই দু দুইটা দ্বিতীয় টু दो दूसरा दूसरी टू",
    "3": "3rd three third tin teen tinta tritiyo teesra tisra তিন তিনটা তৃতীয় থ্রি तीन तीसरा तीसरी थ्री",
    "4": "4th four fourth char chaar charta choturtho chautha চার চারটা চতুর্থ ফোর चार चौथा चौथी फोर",
    "5": "5th five fifth panch paanch pach pachta ponchom panchva পাঁচ পাচ পাঁচটা পঞ্চম ফাইভ पांच पाँच पांचवा फाइव",
    "6": "6th six sixth chhoy choy chhay chhah chhe chah ছয় ছয়টা ষষ্ঠ সিক্স छह छः छे छठा सिक्स",
    "7": "7th seven seventh saat sat satta shat সাত সাতটা সপ্তম সেভেন सात सातवां सेवन",
    "8": "8th eight eighth aat aath আট আটটা এইট आठ आठवां एट",
    "9": "9th nine ninth nau নাইন नौ नाइन नवां",
    "00": "zero_zero double_zero ডাবল_জিরো doublezero",
}
_AROUND = frozenset(BESIDE.split())
_JOINED = re.compile(r"(\d+)(\D+)")
_NAMED = {
    plain(word.replace("_", " ")): digits
    for digits, words in WORDS.items()
    for word in words.split()
    if word[-1] != "_"
}


def number(text: str) -> str | None:
    """The digits that a message is, as 0-9; None where it says anything else, or is a longer number."""
    if text.isascii() and text.isdecimal():
        return text if len(text) <= LONGEST else None
    words = plain(text[:80]).split() if len(text) <= 80 else []
    if "".join(words) in _NAMED or " ".join(words) in _NAMED:
        return _NAMED.get(" ".join(words)) or _NAMED["".join(words)]
    chosen = [word for word in words if word not in _AROUND]
    if len(chosen) != 1:
        return None
    word = _without_ending(chosen[0])
    if word.isascii() and word.isdecimal():
        return word if len(word) <= LONGEST else None
    return _NAMED.get(word)


def _without_ending(word: str) -> str:
    """`1no`, `2ta`, `3number` without what is joined to the digit."""
    parts = _JOINED.fullmatch(word)
    return parts[1] if parts and parts[2] in _AROUND else word

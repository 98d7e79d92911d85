"""Phone numbers, names of accounts and links to them: what must not cross, whoever writes it. Pure."""

import re

LEFT_OUT = "..."
# Ten digits and more, in any of the three scripts, however grouped: helplines, years, hours and amounts are shorter.
_NUMBER = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){9,}")
_RETURN_CODE = re.compile(r"(?<!\d)\d{4} ?\d{4}(?!\d)")  # hers opens the talk, so not even the member reads it
_ACCOUNT = re.compile(r"(?:https?://)?(?:t\.me|telegram\.me|wa\.me)/\S+|tg://\S+|(?<![\w.])@\w{4,}", re.IGNORECASE)


def masked(text: str) -> str:
    """The text without them."""
    return _ACCOUNT.sub(LEFT_OUT, _RETURN_CODE.sub(LEFT_OUT, _NUMBER.sub(LEFT_OUT, text)))

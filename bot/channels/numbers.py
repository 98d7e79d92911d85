"""Phone numbers as networks write them, and the one form in which Sathi keeps them."""

import re

import phonenumbers

HOME = "IN"  # where a phone's own SIM is, for numbers that come without a country
_GROUPING = str.maketrans("", "", " -()")
_PLAIN = re.compile(r"\+[1-9][0-9]{6,14}|0?[1-9][0-9]{9}")


def sms_address(written: str) -> str | None:
    """`sms:<E.164>`, or none where nobody could be answered: a name, a short code, another app's number."""
    number = written.strip().translate(_GROUPING)
    if not _PLAIN.fullmatch(number):
        return None
    try:
        parsed = phonenumbers.parse(number, HOME)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return "sms:" + phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)

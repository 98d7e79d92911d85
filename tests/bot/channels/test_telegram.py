"""Reading what Telegram brings: forms, forgeries, replays, and whose press counts."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import BODY_LIMIT, SECRET_HEADER, Account, receive
from bot.errors import Forged, Malformed, Misconfigured, TooLarge
from flows.model import Acknowledged, Channel, Inbound, Received
from flows.talked import Beside

NOW = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
SECRET = "sample-secret_1"
HER = "telegram:5550000001"
ACCOUNT = Account("555000:SAMPLE", SECRET, staff_chat="-5550000009")
NAMES = ("update_id", "message", "callback_query", "chat", "id", "from", "date", "message_id", "text", "data", "type")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=30,
)
UPDATES = Path(__file__).parents[2] / "gateway" / "telegram"


def recorded(name: str) -> Any:
    """One update as Telegram writes it."""
    return json.loads((UPDATES / f"{name}.json").read_text(encoding="utf-8"))


def received(body: object, secret: str | None = SECRET) -> Received:
    """A request with this body, as JSON unless it is bytes already, and this secret."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Received({} if secret is None else {SECRET_HEADER: secret}, raw)


def read(name: str) -> Inbound | Acknowledged | None:
    """What a recorded update means."""
    return receive.read(ACCOUNT, received(recorded(name)), NOW)


def hers(external_id: str, text: str, **more: Any) -> Inbound:
    """A message of hers, as the rest of Sathi knows it."""
    return Inbound("telegram", external_id, Channel.TELEGRAM, HER, "555000", text, **more)


MEANT: Mapping[str, Inbound | Acknowledged | None] = {
    "text": hers("5550000001:41", "taka kobe pabo"),
    "text_bengali": hers("5550000001:42", "ক্ষতিপূরণ"),
    "start": hers("5550000001:1", "start", beside=Beside(command="start")),
    "start_by_link": hers("5550000001:1", "start", beside=Beside(command="start", link="poster_7")),
    "photo_with_caption": hers("5550000001:43", "ami ki korbo", has_media=True, beside=Beside(media="photo:sample")),
    "voice": hers("5550000001:44", "", has_media=True, beside=Beside(media="voice:sample")),
    "sticker": hers("5550000001:45", "", has_media=True),
    "forwarded": hers("5550000001:46", "1098 ki"),
    "press": hers("press:5550000001000000001", "1", pressed_in=7),
    "press_of_a_hint": hers("press:5550000001000000002", "00", pressed_in=7),
    "press_on_a_message_too_old_to_see": hers("press:5550000001000000003", "2", pressed_in=3),
    "seen_by_staff": Acknowledged("01JZSAMPLE0000000000000001"),
    "edited": hers("5550000001:41@1764054009", "taka kobe", beside=Beside(is_edit=True)),
    "press_of_another_release": None,
    "press_without_message": None,
    "press_in_a_group": None,
    "seen_elsewhere": None,
    "seen_in_a_private_chat": None,
    "blocked": None,
    "in_the_staff_chat": None,
    "in_another_group": None,
    "moved_to_another_number": None,
    "pinned": None,
    "by_a_bot": None,
    "in_a_channel": None,
    "of_a_kind_not_yet_invented": None,
}


@pytest.mark.parametrize("name", sorted(path.stem for path in UPDATES.glob("*.json")))
def test_every_recorded_update_is_read_as_it_is_meant(name: str) -> None:
    """Her words, her presses and the staff's acknowledgements count; all else is taken and left."""
    assert read(name) == MEANT[name]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], SECRET.upper(), "সাথী", "\xff"])
def test_without_the_shared_secret_nothing_is_read(secret: str | None) -> None:
    """Anybody can find the address of a webhook; only Telegram knows the secret, to the letter."""
    with pytest.raises(Forged):
        receive.read(ACCOUNT, received(recorded("text"), secret), NOW)


def test_a_forged_update_is_refused_before_it_is_read() -> None:
    """What is malformed and forged is forged: a stranger learns nothing of how we read."""
    with pytest.raises(Forged):
        receive.read(ACCOUNT, received(b"{", "wrong"), NOW)


@pytest.mark.parametrize("secret", ["", "with space", "সাথী", "x" * 257, "a\n"])
def test_without_a_usable_secret_there_is_no_account(secret: str) -> None:
    """A channel that anybody could write to as anybody does not start."""
    with pytest.raises(Misconfigured):
        Account("555000:SAMPLE", secret)


@pytest.mark.parametrize("chat", ["@sample", "sample", "5 5", "--5", "-1.5"])
def test_the_staff_chat_is_a_number(chat: str) -> None:
    """A chat that alerts could never reach is found at the start and not in the night."""
    with pytest.raises(Misconfigured):
        Account("555000:SAMPLE", SECRET, staff_chat=chat)


def test_the_secrets_of_an_account_are_not_shown() -> None:
    """A line of a log that shows an account by mistake shows neither the token nor the secret."""
    assert "SAMPLE" not in repr(ACCOUNT)
    assert SECRET not in repr(ACCOUNT)


def test_more_than_64_kb_is_too_large() -> None:
    """The limit is that of every channel."""
    with pytest.raises(TooLarge):
        receive.read(ACCOUNT, received(b" " * (BODY_LIMIT + 1)), NOW)


def message(**changed: Any) -> dict[str, Any]:
    """An update with a message of hers, but for what a test changes."""
    update: dict[str, Any] = recorded("text")
    update["message"] |= changed
    return update


def press(**changed: Any) -> dict[str, Any]:
    """An update with a press of hers, but for what a test changes."""
    update: dict[str, Any] = recorded("press")
    update["callback_query"] |= changed
    return update


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"7",
        b"[]",
        b"{}",
        b"[" * 60_000,
        b'{"a":' * 12_000,
        b'{"update_id":1,"message":' + b'{"reply_to_message":' * 3_000 + b"{}" + b"}" * 3_001,
        {"update_id": "1"},
        {"update_id": True},
        {"update_id": 1, "message": 7},
        {"update_id": 1, "message": []},
        {"update_id": 1, "message": {"text": "a"}},
        {"update_id": 1, "callback_query": {"id": "1"}},
        message(chat=7),
        message(chat={"id": "5550000001", "type": "private"}),
        message(chat={"id": True, "type": "private"}),
        message(message_id="41"),
        message(text=["a"]),
        message(text=7),
        message(caption={}),
        message(date="now"),
        message(date=10**30),
        press(id=7),
        press(data=["7:1"]),
        press(data=7),
        press(message={"chat": {"id": "x", "type": "private"}, "message_id": 1, "date": 0}),
    ],
)
def test_what_is_no_update_is_malformed(body: object) -> None:
    """With the secret, but not in Telegram's form: refused as such, never an error of ours."""
    with pytest.raises(Malformed):
        receive.read(ACCOUNT, received(body), NOW)


@pytest.mark.parametrize("data", ["7:", ":1", "7:1:2", "-1:1", "7:yes", "9999999999:1", "7:123", "৭:১", "7:1\n", ""])
def test_a_press_that_we_did_not_make_is_left(data: str) -> None:
    """Another program can press anything; only a turn and a key count, in digits that a database holds."""
    assert receive.read(ACCOUNT, received(press(data=data)), NOW) is None


@pytest.mark.parametrize("data", ["seen:", "seen:a b", "seen:" + "a" * 60, "SEEN:a", "seen:a\n"])
def test_an_acknowledgement_has_its_form_even_in_the_staff_chat(data: str) -> None:
    """What is not the id of an alert acknowledges nothing."""
    update = recorded("seen_by_staff")
    update["callback_query"]["data"] = data
    assert receive.read(ACCOUNT, received(update), NOW) is None


def test_without_a_staff_chat_nobody_acknowledges() -> None:
    """An empty setting is not the number of a chat."""
    account = Account("555000:SAMPLE", SECRET)
    assert receive.read(account, received(recorded("seen_by_staff")), NOW) is None


def test_a_private_chat_can_be_the_staff_chat() -> None:
    """One member of staff may be alerted alone; what else she writes there is read as from anybody."""
    account = Account("555000:SAMPLE", SECRET, staff_chat="5550000001")
    seen = receive.read(account, received(recorded("seen_in_a_private_chat")), NOW)
    assert seen == Acknowledged("01JZSAMPLE0000000000000001")
    assert receive.read(account, received(recorded("text")), NOW) == MEANT["text"]


@pytest.mark.parametrize("update_id", [1, 700001, 2**53])
def test_a_message_is_the_same_under_any_number_of_its_update(update_id: int) -> None:
    """After a quiet week Telegram counts updates from a random number: a message is known by chat and number."""
    again = recorded("text") | {"update_id": update_id}
    assert receive.read(ACCOUNT, received(again), NOW) == MEANT["text"]


def test_another_message_under_the_same_number_of_an_update_is_new() -> None:
    """A number that comes around again must not swallow what she wrote."""
    first, second = (
        receive.read(ACCOUNT, received(message()), NOW),
        receive.read(ACCOUNT, received(message(message_id=42)), NOW),
    )
    assert isinstance(first, Inbound)
    assert isinstance(second, Inbound)
    assert first.external_id != second.external_id


def test_two_chats_share_the_numbers_of_messages() -> None:
    """Message 41 of one chat is not message 41 of another."""
    chat = {"id": 5550000003, "type": "private", "first_name": "Sample"}
    other = receive.read(ACCOUNT, received(message(chat=chat)), NOW)
    assert isinstance(other, Inbound)
    assert other.external_id == "5550000003:41"


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("/start", "start"),
        ("/START", "start"),
        ("/start@sample_bot", "start"),
        ("/start@sample_bot poster_7", "start"),
        ("/help", "help"),
        ("/menu@sample_bot", "menu"),
        ("/stop now", "stop now"),
        ("/starting", "starting"),
        ("start", "start"),
        ("a /start", "a /start"),
        ("/ start", "/ start"),
        ("/1", "/1"),
        ("//", "//"),
    ],
)
def test_a_command_is_its_own_word(written: str, heard: str) -> None:
    """Telegram's commands mean what the same word means by SMS; what a link adds to /start means nothing."""
    read_ = receive.read(ACCOUNT, received(message(text=written)), NOW)
    assert isinstance(read_, Inbound)
    assert read_.text == heard


def test_half_a_letter_is_replaced() -> None:
    """A lone surrogate cannot be stored, and must not make her message fail for ever."""
    raw = json.dumps(message(text="a?b")).replace("a?b", "a\\ud800b").encode()
    read_ = receive.read(ACCOUNT, received(raw), NOW)
    assert isinstance(read_, Inbound)
    assert read_.text == "a\ufffdb"


@given(st.text(min_size=1, max_size=200).filter(lambda text: not text.startswith("/")))
def test_her_words_come_as_she_wrote_them(words: str) -> None:
    """Whatever the script, nothing is added, trimmed or changed."""
    read_ = receive.read(ACCOUNT, received(message(text=words)), NOW)
    assert isinstance(read_, Inbound)
    assert read_.text == words


@given(ANYTHING)
def test_any_json_is_read_or_refused(body: object) -> None:
    """Nothing that can be written in JSON makes reading fail in a way of its own."""
    try:
        receive.read(ACCOUNT, received(body), NOW)
    except Malformed:
        return


def test_a_press_is_named_so_that_it_can_come_to_rest() -> None:
    """The id of a press is what the phone waits for; a message has none."""
    assert receive.press_in(ACCOUNT, received(recorded("press"))) == ("5550000001000000001", False)
    assert receive.press_in(ACCOUNT, received(recorded("seen_by_staff"))) == ("5550000002000000001", True)
    assert receive.press_in(ACCOUNT, received(recorded("text"))) is None

"""Sending by Telegram: the form of a message, and what each refusal asks of us."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram import SECRET_HEADER, Account, send
from bot.channels.telegram.layout import LONGEST, keyboard, split
from bot.channels.telegram.send import Sender
from bot.channels.telegram.status import read_refusal
from bot.errors import GiveUp, InDoubt, SendFailed, Stopped, TryLater
from flows.model import Channel, Outgoing, Received
from tests.bot.channels import telegram_server as says
from tests.bot.channels.telegram_server import SECRET, Telegram, account, telegram_server
from tests.bot.channels.test_telegram import recorded

HER, STAFF = "telegram:5550000001", "telegram:-5550000009"
T = TypeVar("T")


def outgoing(text: str = "Namaskar.", address: str = HER, **more: Any) -> Outgoing:
    """A message on its way."""
    return Outgoing("o1", Channel.TELEGRAM, address, text, **more)


def using(account_: Account, act: Callable[[Sender], Awaitable[T]]) -> T:
    """What comes of using a sender, which is closed afterwards."""

    async def run() -> T:
        sender = Sender(account_)
        try:
            return await act(sender)
        finally:
            await sender.close()

    return asyncio.run(run())


def sent(telegram: Telegram, *messages: Outgoing) -> list[str | None]:
    """The ids that these messages get when they are sent one after another."""

    async def send_all(sender: Sender) -> list[str | None]:
        return [await sender.send(message) for message in messages]

    return using(account(telegram), send_all)


def test_a_message_goes_out_plain_and_protected(telegram: Telegram) -> None:
    """No parse mode, since a fact may hold any sign; not to be passed on; no preview of a link; nothing at start-up."""
    assert sent(telegram, outgoing("2 * 3 <b> [a](b) _c")) == ["1"]
    (call,) = telegram.calls
    assert (call.method, call.given["chat_id"], call.given["text"]) == (
        "sendMessage", "5550000001", "2 * 3 <b> [a](b) _c",
    )  # fmt: skip
    assert json.loads(call.given["protect_content"]) is True
    assert json.loads(call.given["link_preview_options"]) == {"is_disabled": True}
    assert set(call.given) == {"chat_id", "text", "protect_content", "link_preview_options"}


def test_choices_are_a_button_each_and_hints_a_row_below() -> None:
    """Her words need the width of the screen; what always works stays in one place at the foot."""
    hints = (("8", "More"), ("9", "A person"), ("0", "List"), ("00", "Close"))
    message = outgoing(turn=12, buttons=(("1", "হ্যাঁ"), ("2", "এখন নয়"), *hints))
    assert rows(message) == [
        [("1 হ্যাঁ", "12:1")],
        [("2 এখন নয়", "12:2")],
        [("8 More", "12:8"), ("9 A person", "12:9"), ("0 List", "12:0"), ("00 Close", "12:00")],
    ]


def test_the_button_of_an_alert_goes_through_as_it_is() -> None:
    """`seen:<id>` belongs to no turn."""
    assert rows(outgoing(buttons=(("seen:01JZSAMPLE", "Seen"),))) == [[("Seen", "seen:01JZSAMPLE")]]


def test_without_choices_there_is_no_keyboard() -> None:
    """An empty keyboard would be refused."""
    assert keyboard(outgoing()) is None


def test_the_buttons_travel_with_the_message(telegram: Telegram) -> None:
    """Telegram gets them in its own form."""
    sent(telegram, outgoing(turn=7, buttons=(("1", "Yes"),)))
    markup = json.loads(telegram.calls[0].given["reply_markup"])
    assert markup == {"inline_keyboard": [[{"text": "1 Yes", "callback_data": "7:1"}]]}


@given(st.integers(0, 2**31 - 1), st.sampled_from(["1", "7", "8", "9", "0", "00"]))
def test_what_a_button_carries_fits(turn: int, key: str) -> None:
    """At most 64 bytes, whatever the turn."""
    ((button,),) = rows(outgoing(turn=turn, buttons=((key, "x"),)))
    assert len(button[1].encode()) <= 64


def rows(message: Outgoing) -> list[list[tuple[str, str]]]:
    """The keyboard of a message as labels and what they carry."""
    markup = keyboard(message)
    assert markup is not None
    return [[(button.text, str(button.callback_data)) for button in row] for row in markup.inline_keyboard]


REFUSALS: list[tuple[tuple[int, Any], type[SendFailed], str]] = [
    (says.BLOCKED, Stopped, "error 403"),
    (says.BUSY, TryLater, "error 429"),
    (says.NOT_FOUND, GiveUp, "error 400"),
    (says.UNKNOWN_BOT, GiveUp, "TELEGRAM_BOT_TOKEN is refused"),
    (says.POLLED_TWICE, TryLater, "error 409"),
    (says.FAILING, TryLater, "error 500"),
    (says.NO_API, InDoubt, "no readable answer"),
    (says.NO_RESULT, InDoubt, "no readable answer"),
    (says.NO_MESSAGE, InDoubt, "no readable answer"),
    (says.NO_OBJECT, InDoubt, "no readable answer"),
    (says.HANGS_UP, InDoubt, "the connection broke"),
]


@pytest.mark.parametrize(("answer", "kind", "reason"), REFUSALS)
def test_each_refusal_asks_its_own_of_us(
    telegram: Telegram, answer: tuple[int, Any], kind: type[SendFailed], reason: str
) -> None:
    """By way of the library's own reading of the answer; the reason holds a code and nothing else."""
    telegram.answers = [answer]
    with pytest.raises(kind) as failure:
        sent(telegram, outgoing())
    assert type(failure.value) is kind
    assert str(failure.value) == reason
    assert len(telegram.calls) == 1


def test_busy_says_for_how_long(telegram: Telegram) -> None:
    """The wait that Telegram asks for is kept."""
    telegram.answers = [says.BUSY]
    with pytest.raises(TryLater) as failure:
        sent(telegram, outgoing())
    assert failure.value.after == timedelta(seconds=7)


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_a_wait_in_seconds_is_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its switch the library tells seconds."""
    monkeypatch.delenv("PTB_TIMEDELTA", raising=False)
    refusal = read_refusal(RetryAfter(7))
    assert isinstance(refusal, TryLater)
    assert refusal.after == timedelta(seconds=7)


def test_nobody_there_is_not_sent() -> None:
    """Where no connection is made, the same message may go again at once without harm."""
    with telegram_server() as gone:
        nowhere = account(gone)
    with pytest.raises(TryLater, match="unreachable"):
        using(nowhere, lambda sender: sender.send(outgoing()))


def test_no_answer_in_time_is_in_doubt(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have been delivered; the call ends before the lease of the message does."""
    monkeypatch.setattr(send, "WITHIN", timedelta(seconds=0.2))
    telegram.slow = 0.6
    with pytest.raises(InDoubt, match="no answer in time"):
        sent(telegram, outgoing())


@pytest.mark.parametrize(
    ("raised", "cause", "kind"),
    [
        (Forbidden("x"), None, Stopped),
        (ChatMigrated(5), None, TryLater),
        (InvalidToken(), None, GiveUp),
        (Conflict("x"), None, TryLater),
        (BadRequest("x"), None, GiveUp),
        (TimedOut(), httpx.ReadTimeout("x"), InDoubt),
        (TimedOut(), httpx.WriteTimeout("x"), InDoubt),
        (TimedOut(), None, InDoubt),
        (TimedOut(), httpx.ConnectTimeout("x"), TryLater),
        (TimedOut(), httpx.PoolTimeout("x"), TryLater),
        (NetworkError("x"), httpx.ConnectError("x"), TryLater),
        (NetworkError("x"), httpx.ReadError("x"), InDoubt),
        (NetworkError("x"), httpx.RemoteProtocolError("x"), InDoubt),
        (NetworkError("x"), httpx.WriteError("x"), InDoubt),
        (NetworkError("Internal Server Error (500)"), None, TryLater),
        (TelegramError("x"), None, InDoubt),
    ],
)
def test_the_librarys_errors_become_ours(
    raised: TelegramError, cause: Exception | None, kind: type[SendFailed]
) -> None:
    """What was surely not sent may go again; what may have been sent is in doubt."""
    raised.__cause__ = cause
    assert type(read_refusal(raised)) is kind


def test_no_refusal_repeats_what_was_said() -> None:
    """The provider's own words can hold a number or a message."""
    assert "5550000001" not in str(read_refusal(BadRequest("chat 5550000001 not found")))


def test_an_alert_follows_the_staff_chat_when_it_moves(telegram: Telegram) -> None:
    """A group that becomes a supergroup has another number: the alert goes there now, and all after it."""
    telegram.answers = [says.MOVED]
    assert sent(telegram, outgoing(address=STAFF), outgoing(address=STAFF)) == ["2", "3"]
    assert [call.given["chat_id"] for call in telegram.calls] == ["-5550000009", "-5550000010", "-5550000010"]


def test_a_server_that_knows_no_protection_still_carries_her_answer(telegram: Telegram) -> None:
    """Another server of the Bot API may refuse what it does not know; then the words go without, from then on."""
    telegram.answers = [says.UNPROTECTED]
    assert sent(telegram, outgoing(), outgoing()) == ["2", "3"]
    assert ["protect_content" in call.given for call in telegram.calls] == [True, False, False]


def test_a_text_too_long_goes_in_pieces_with_the_buttons_under_the_last(telegram: Telegram) -> None:
    """It does not happen; if it does, nothing is cut off and she chooses at the end."""
    assert sent(telegram, outgoing("a" * (LONGEST + 1), buttons=(("1", "Yes"),))) == ["1 2"]
    assert ["reply_markup" in call.given for call in telegram.calls] == [False, True]


@given(
    st.lists(st.sampled_from(["a", "ক্ষি", "\U0001f64f\U0001f3fd", "é", "\n"]), min_size=1, max_size=60),
    st.integers(1, 40),
)
def test_pieces_lose_nothing_and_split_no_letter(letters: list[str], repeated: int) -> None:
    """Joined they are the text; each fits; none begins within a letter."""
    text = "".join(letters) * (repeated * 5)
    pieces = split(text)
    assert "".join(pieces) == text
    assert all(len(piece.encode("utf-16-le")) <= 2 * LONGEST for piece in pieces)
    assert not any(piece[0] in "\u09cd\u09bf\U0001f3fd\u0301" for piece in pieces[1:])


@pytest.mark.parametrize(("external_id", "hers"), [("41 42", ()), ("41", ("5550000001:42",))])
def test_messages_of_both_sides_can_be_deleted(telegram: Telegram, external_id: str, hers: tuple[str, ...]) -> None:
    """By the id that sending gave, every piece of it, and by the id under which a message of hers came."""

    async def remove_all(sender: Sender) -> list[bool]:
        return [await sender.remove(HER, one) for one in (external_id, *hers)]

    assert all(using(account(telegram), remove_all))
    assert [(call.method, call.given["message_id"]) for call in telegram.calls] == [
        ("deleteMessage", "41"), ("deleteMessage", "42"),
    ]  # fmt: skip


def test_a_press_is_no_message_to_delete(telegram: Telegram) -> None:
    """Nothing of it lies in her chat but the message of ours that it was under."""
    assert not using(account(telegram), lambda sender: sender.remove(HER, "press:5550000001000000001"))
    assert telegram.calls == []


def test_what_is_too_old_or_gone_cannot_be_taken_back(telegram: Telegram) -> None:
    """That is an answer; a server that fails is an error."""
    telegram.answers = [says.NOT_FOUND, says.FAILING]
    assert not using(account(telegram), lambda sender: sender.remove(HER, "41"))
    with pytest.raises(TryLater):
        using(account(telegram), lambda sender: sender.remove(HER, "41"))


def brought(name: str) -> Received:
    """A recorded update as a request."""
    return Received({SECRET_HEADER: SECRET}, json.dumps(recorded(name)).encode())


@pytest.mark.parametrize(
    ("name", "answers"),
    [("press", [{"callback_query_id": "5550000001000000001"}]), ("text", []),
     ("seen_by_staff", [{"callback_query_id": "5550000002000000001", "text": "Noted."}])],
)  # fmt: skip
def test_a_press_comes_to_rest(telegram: Telegram, name: str, answers: list[dict[str, str]]) -> None:
    """Her phone stops waiting, and shows nothing that another could read; staff see that it was noted."""
    known = account(telegram, staff_chat="-5550000009")
    using(known, lambda sender: sender.answer_press(brought(name)))
    assert [dict(call.given) for call in telegram.named("answerCallbackQuery")] == answers


def test_a_press_that_cannot_be_answered_harms_nothing(telegram: Telegram) -> None:
    """After a few minutes Telegram takes no answer any more: her message was taken all the same."""
    telegram.answers = [says.NOT_FOUND]
    using(account(telegram), lambda sender: sender.answer_press(brought("press")))
    assert len(telegram.calls) == 1

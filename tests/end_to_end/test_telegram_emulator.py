"""Whole conversations by Telegram: the real program, an independent Bot API server, and a power cut in the middle."""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.end_to_end.ports import free_port
from tests.end_to_end.serving import Program, migrate, own_environment, serving
from tests.end_to_end.telegram_peer import TOKEN, Emulator, running_emulator, wait_until

SECRET = "sample-secret_1"
HER, STAFF = 5550000001, -5550000009
RECORDED = Path(__file__).parents[1] / "gateway" / "telegram"
RETURN_CODE = re.compile(r"\b\d{4} \d{4}\b", re.ASCII)
PATH = (
    "cover.opener", "menu.list", "money.stage", "money.no_fir", "counselling.age", "counselling.limit",
    "counselling.district", "counselling.confirm", "counselling.contact", "counselling.done", "cover.closed",
)  # fmt: skip
TYPED_BN = ("নমস্কার, কেমন আছেন", "১", "১", "১", "৯", "১", "১", "বসিরহাট", "১", "১", "০০")
PRESSED_HI = ("नमस्ते, आप कैसी हैं", "#1", "#1", "#1", "#9", "#1", "#1", "बशीरहाट", "#1", "#1", "00")
SCRIPTS = {"bn": r"[\u0980-\u09ff]", "hi": r"[\u0900-\u097f]"}


@dataclass(slots=True)
class Phone:
    """Her phone: what she types and presses, as Telegram tells of it."""

    emulator: Emulator
    chat: int = HER
    sent: list[dict[str, Any]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def writes(self, text: str) -> None:
        """Type a message; with # before it, press that button under the newest one."""
        update = self._press(text[1:]) if text.startswith("#") else self._message(text)
        self.sent.append(update)
        self.emulator.bring(update)

    def reads(self, messages: int) -> Sequence[str]:
        """The texts of all that came, once it is so many messages."""
        return [shown.text for shown in self.emulator.wait_for(messages, self.chat)]

    def _message(self, text: str) -> dict[str, Any]:
        return {"message": {"message_id": next(self.numbers), **self._from(), **self._in(), "text": text}}

    def _press(self, key: str) -> dict[str, Any]:
        marks = self.emulator.of(self.chat)[-1].buttons.values()
        (mark,) = [mark for mark in marks if mark.rpartition(":")[2] == key]
        return {"callback_query": {**press(next(self.numbers), mark, self._in()), **self._from()}}

    def _from(self) -> dict[str, Any]:
        return {"from": {"id": self.chat, "is_bot": False, "first_name": "Sample"}}

    def _in(self) -> dict[str, Any]:
        return {"date": 1764054000, "chat": {"id": self.chat, "type": "private", "first_name": "Sample"}}


def press(number: int, mark: str, where: dict[str, Any]) -> dict[str, Any]:
    """A press on a button, in the form of the Bot API."""
    return {"id": str(9000 + number), "chat_instance": "555", "data": mark, "message": {"message_id": 1, **where}}


@contextmanager
def line(folder: Path, *, polling: bool, is_tapped: bool = True) -> Iterator[tuple[Emulator, Program]]:
    """A helpline on Telegram that runs, and the peer that it is connected to."""
    port = free_port()
    with running_emulator(folder) as emulator:
        way = {"TELEGRAM_POLLING": "true"} if polling else {"PUBLIC_URL": f"http://127.0.0.1:{port}"}
        environment = own_environment(
            folder,
            port,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_WEBHOOK_SECRET=SECRET,
            TELEGRAM_API_URL=emulator.tapped if is_tapped else f"{emulator.url}/bot",
            STAFF_ALERT_CHAT=str(STAFF),
            **way,
        )
        migrate(environment)
        with serving(environment, folder / "serve.log") as program:
            if not polling:
                wait_until(lambda: bool(emulator.info()["url"]), lambda: "the webhook was not set")
            yield emulator, program


def asked(folder: Path, question: str) -> list[tuple[Any, ...]]:
    """What the database says."""
    with closing(sqlite3.connect(f"file:{folder}/sathi.db?mode=ro", uri=True)) as db:
        return db.execute(question).fetchall()


def places(folder: Path) -> list[str]:
    """Where each message to her came from, in order."""
    return [row[0] for row in asked(folder, "select place from outbox order by put_at, id")]


def wait_until_settled(folder: Path) -> None:
    """Wait until nothing is on its way any more, so that a power cut can double nothing."""
    unsettled = "select 1 from outbox where state != 'sent'"
    wait_until(lambda: not asked(folder, unsettled), lambda: "a message was not settled")


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("language", "polling", "said"),
    [("bn", False, TYPED_BN), ("hi", True, PRESSED_HI), ("bn", True, TYPED_BN), ("hi", False, PRESSED_HI)],
)
def test_a_whole_conversation(tmp_path: Path, language: str, said: Sequence[str], *, polling: bool) -> None:
    """From the opener to the return code and out, one answer a message, with a power cut and repeats on the way."""
    with line(tmp_path, polling=polling) as (emulator, program):
        phone = Phone(emulator)
        for number, text in enumerate(said, 1):
            if number == 6:
                cut_the_power(emulator, program, phone, text)
            else:
                phone.writes(text)
            read = phone.reads(number)
            wait_until_settled(tmp_path)
            assert places(tmp_path) == list(PATH[:number])
            assert re.search(SCRIPTS[language], read[-1])
            if not polling and number in (1, 6):
                bring_by_hand(program, phone.sent[-1])
        assert [bool(RETURN_CODE.search(text)) for text in phone.reads(len(said))] == [
            place == "counselling.done" for place in PATH
        ]
        assert [shown.keys for shown in emulator.of(HER)][:2] == [["1", "2", "00"], [*"1234567", "9", "00"]]
        assert len(emulator.of(HER)) == len(said)
        staff_see(emulator, tmp_path)
        assert program.stop() == 0
        assert emulator.verdict("webhook:0", "getUpdates:409") == ""  # a fetch or a delivery that the power cut left
        assert_silent(program.written, said)
    asking = "select district, contact from referrals where kind = 'counselling'"
    assert asked(tmp_path, asking) == [("north_24_parganas", "no")]


@pytest.mark.timeout(300)
def test_a_server_that_knows_no_protection_still_carries_her_answer(tmp_path: Path) -> None:
    """The emulator by itself refuses what it has not learned; her answer then goes without, and so do all after it."""
    with line(tmp_path, polling=False, is_tapped=False) as (emulator, _program):
        phone = Phone(emulator)
        for number, text in enumerate(TYPED_BN[:3], 1):
            phone.writes(text)
            wait_until(lambda: len(places(tmp_path)) == number, lambda: "it was not taken")  # noqa: B023 - called at once
            wait_until_settled(tmp_path)
    records = [json.loads(record) for record in emulator.journal.read_text().splitlines()]
    assert [record["status"] for record in records if record.get("method") == "sendMessage"] == [400, 200, 200, 200]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("way", [{"PUBLIC_URL": "https://sathi.example"}, {"TELEGRAM_POLLING": "true"}])
def test_it_starts_and_keeps_what_comes_though_telegram_is_away(tmp_path: Path, way: dict[str, str]) -> None:
    """Nothing at the start needs the provider: what is brought is taken, its answer waits, and it ends when asked."""
    nowhere = f"http://127.0.0.1:{free_port()}/bot"
    secrets = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET, "TELEGRAM_API_URL": nowhere}
    environment = own_environment(tmp_path, free_port(), **secrets, **way)
    migrate(environment)
    with serving(environment, tmp_path / "serve.log") as program:
        update = json.loads((RECORDED / "text.json").read_text(encoding="utf-8"))
        bring_by_hand(program, {"message": update["message"]})
        assert asked(tmp_path, "select count(*) from outbox where state != 'sent'") == [(1,)]
        forge(program)
        assert asked(tmp_path, "select count(*) from inbound") == [(1,)]
        assert program.stop() == 0
        assert "Traceback" not in program.written


def forge(program: Program) -> None:
    """What a stranger sends is refused with one and the same word, whatever it is."""
    secret = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    for headers, body, status in (
        ({}, b"{}", 403),
        ({"X-Telegram-Bot-Api-Secret-Token": "wrong"}, b"{}", 403),
        (secret, b"{", 400),
        (secret, b" " * (64 * 1024 + 1), 413),
    ):
        answer = httpx.post(f"{program.address}/telegram", content=body, headers=headers)
        assert (answer.status_code, answer.text) == (status, "refused")


def cut_the_power(emulator: Emulator, program: Program, phone: Phone, text: str) -> None:
    """Her message is taken but cannot be answered; everything dies; what she wrote meanwhile is still answered once."""
    emulator.is_failing = True
    phone.writes(text)
    program.kill()
    emulator.is_failing = False
    program.start()
    emulator.bring_again()


def bring_by_hand(program: Program, update: dict[str, Any]) -> None:
    """The same message once more, under its number and under one from after a quiet week."""
    for update_id in (1, 2**31):
        answer = httpx.post(
            f"{program.address}/telegram",
            content=json.dumps({"update_id": update_id, **update}),
            headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
        )
        assert answer.status_code == 200


def staff_see(emulator: Emulator, folder: Path) -> None:
    """The alert that somebody waits holds nothing of hers, and is quiet once a member of staff has seen it."""
    (alert,) = emulator.wait_for(1, STAFF)
    assert not RETURN_CODE.search(alert.text)
    assert str(HER) not in alert.text
    ((label, mark),) = alert.buttons.items()
    assert (label, mark.partition(":")[0]) == ("Seen", "seen")
    group = {"date": 1764054000, "chat": {"id": STAFF, "type": "group", "title": "Sample"}}
    who = {"from": {"id": 5550000002, "is_bot": False, "first_name": "Sample"}}
    emulator.bring({"callback_query": {**press(900, mark, group), **who}})
    open_ = "select 1 from alerts where acknowledged_at is null"
    wait_until(lambda: not asked(folder, open_), lambda: "the alert was not acknowledged")
    wait_until(lambda: "answerCallbackQuery" in emulator.methods, lambda: "no press came to rest")


def assert_silent(written: str, said: Sequence[str]) -> None:
    """Nothing of hers, no token and no secret is in the log."""
    for never in (*[text for text in said if len(text) > 3], str(HER), TOKEN, SECRET, "TEST"):
        assert never not in written

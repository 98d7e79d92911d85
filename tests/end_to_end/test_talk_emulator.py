"""A whole talk, she by SMS and a member by Telegram: the real program, an independent Bot API, a signed phone."""

import csv
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import httpx
import pytest

from bot.roster_files import COLUMNS, MEMBERS
from tests.bot.channels.loopback import Loopback, loopback
from tests.bot.channels.signing import signed_event
from tests.bot.members.scenes import PREFIX, SCENES, Play
from tests.end_to_end.ports import free_port
from tests.end_to_end.serving import Program, migrate, own_environment, serving
from tests.end_to_end.telegram_peer import TOKEN, Emulator, running_emulator, wait_until

SECRET, KEY = "sample-secret_1", "a key of nobody"
HER, MEMBER = "+915550000001", 5550000002
ALL_DAY = "; ".join(f"{day} 00:00-24:00" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
GROUP_ROW = {
    "id": "sample", "spoken_name": "", "name": "SAMPLE", "districts": "north_24_parganas", "languages": "bn;hi",
    "contact": "+915550000101", "contact_kind": "phone", "consented_on": "", "show": "no",
}  # fmt: skip
MEMBER_ROW = {
    "label": "north-1", "collective": "sample", "districts": "north_24_parganas", "languages": "bn;hi;en", "needs": "",
    "home": "nadia", "block": "ranaghat", "capacity": "3", "duty": ALL_DAY, "holidays": "",
}  # fmt: skip


class Peers:
    """Her phone, which is an SMS gateway with signed events, and the member's, which is on the emulator."""

    def __init__(self, emulator: Emulator, program: Program, phone: Loopback) -> None:
        self.emulator, self.program, self.phone = emulator, program, phone
        self.numbers = count(1)

    def she(self, text: str) -> None:
        """An SMS comes to the gateway phone, which signs and delivers it."""
        payload = {"messageId": str(next(self.numbers)), "phoneNumber": HER, "simNumber": 1, "message": text}
        event = {
            "deviceId": "d", "event": "sms:received", "id": str(next(self.numbers)), "webhookId": "w",
            "payload": {**payload, "receivedAt": f"2026-11-24T12:00:{next(self.numbers) % 60:02d}.000+05:30"},
        }  # fmt: skip
        received = signed_event(json.dumps(event).encode(), key=KEY, at=time.time())
        answer = httpx.post(
            f"{self.program.address}/sms/android", content=received.body, headers=dict(received.headers), timeout=30
        )
        assert answer.status_code == 200
        self.settle()

    def member(self, text: str) -> None:
        """The member types a message."""
        self.emulator.bring({"message": {"message_id": next(self.numbers), **self._from(), "text": text}})
        self.settle()

    def press(self, label: str) -> None:
        """The member presses the newest button with this label."""
        wait_until(lambda: any(label in one.buttons for one in self.emulator.of(MEMBER)), lambda: f"no {label}")
        mark = next(one.buttons[label] for one in reversed(self.emulator.of(MEMBER)) if label in one.buttons)
        query = {"id": str(9000 + next(self.numbers)), "chat_instance": "1", "data": mark}
        where = {"message_id": 1, "date": 1764054000, "chat": self._from()["chat"]}
        self.emulator.bring({"callback_query": {**query, "message": where, "from": self._from()["from"]}})
        self.settle()

    def settle(self) -> None:
        """Wait until nothing more comes for a while: the worker rings, sends and settles by itself."""
        quiet, before = 0, -1
        while quiet < 15:
            now = len(self.emulator.shown) + len(self.phone.asked)
            quiet, before = (quiet + 1, now) if now == before else (0, now)
            time.sleep(0.1)

    def her_texts(self) -> Sequence[str]:
        """All that the gateway phone was asked to send her."""
        asked = [json.loads(one.body) for one in self.phone.asked if one.method == "POST"]
        assert all(one["phoneNumbers"] == [HER] for one in asked)
        return [one["textMessage"]["text"] for one in asked]

    def member_texts(self) -> Sequence[str]:
        """All that came to the member's chat."""
        return [one.text for one in self.emulator.of(MEMBER)]

    def _from(self) -> Mapping[str, object]:
        who = {"id": MEMBER, "is_bot": False, "first_name": "Canaryrina", "username": "canary_rina"}
        chat = {"id": MEMBER, "type": "private", "first_name": "Canaryrina"}
        return {"date": 1764054000, "from": who, "chat": chat}


def sathi(environment: Mapping[str, str], *words: str) -> str:
    """One command of the command line on the same databases."""
    ran = subprocess.run(
        [sys.executable, "-m", "bot", *words], env=dict(environment), capture_output=True, text=True, check=True
    )
    return ran.stdout


def roster(folder: Path, environment: Mapping[str, str], language: str) -> str:
    """A collective and a member taken in from files; her link."""
    for name, columns, row in (
        ("groups", COLUMNS, GROUP_ROW),
        ("members", MEMBERS.columns, {**MEMBER_ROW, "language": language}),
    ):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, columns)
            out.writeheader()
            out.writerow(row)
    sathi(environment, "collective", "import", str(folder / "groups.csv"))
    sathi(environment, "collective", "members", "import", str(folder / "members.csv"))
    return sathi(environment, "collective", "invite", "north-1").split()[-1]


@contextmanager
def helpline(folder: Path, language: str) -> Iterator[tuple[Peers, str, Mapping[str, str]]]:
    """A helpline on both channels that runs, its peers, and the member's link."""
    port = free_port()
    with running_emulator(folder) as emulator, loopback() as phone:
        environment = own_environment(
            folder,
            port,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_WEBHOOK_SECRET=SECRET,
            TELEGRAM_API_URL=emulator.tapped,
            ANDROID_SMS_URL=phone.url,
            ANDROID_SMS_USER="phone",
            ANDROID_SMS_PASSWORD="of nobody",
            ANDROID_SMS_SIGNING_KEY=KEY,
            PUBLIC_URL=f"http://127.0.0.1:{port}",
        )
        migrate(environment)
        link = roster(folder, environment, language)
        with serving(environment, folder / "serve.log") as program:
            wait_until(lambda: bool(emulator.info()["url"]), lambda: "the webhook was not set")
            yield Peers(emulator, program, phone), link, environment


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["bn", "hi"])
def test_a_survivor_by_sms_and_a_member_by_telegram(tmp_path: Path, language: str) -> None:
    """The scene that members can read is what really happens, and the log of the program holds nothing of it."""
    with helpline(tmp_path, language) as (peers, link, environment):
        peers.member(f"/start {link}")
        played = Play(peers).run(SCENES[language])
        hers, members = peers.her_texts(), peers.member_texts()
        (talk,) = (json.loads(line) for line in sathi(environment, "relays", "--json").splitlines())
        log = peers.program.written
        assert peers.emulator.verdict("setMyCommands") == ""
    said = [text for role, text in SCENES[language] if role == "member" and "5550000002" not in text]
    assert next(text for text in hers if text.startswith(PREFIX[language])) == PREFIX[language] + said[0]
    assert [text for role, text in SCENES[language] if role == "she"][8] in members
    assert not [text for text in hers if str(MEMBER) in text or "anary" in text]
    assert not [text for text in members if HER[3:] in text]
    assert (talk["state"], talk["outcome"], talk["member"]) == ("closed", "helped", "north-1")
    for never in (*said, HER[3:], str(MEMBER), "Canary", link, TOKEN, SECRET):
        assert never not in log
    assert played

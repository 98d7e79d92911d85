"""Neither ever sees the other's number, name, account or id: every payload, both ways, through the real adapter."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import members_roster
from bot.channels.telegram import SECRET_HEADER, receive
from bot.channels.telegram.send import Sender
from bot.delivery import Post, deliver
from bot.members import hers, saying
from bot.taking import take
from bot.tidying import tidy
from flows.model import Received
from storage.database import Store, writing
from tests.bot.channels.telegram_server import SECRET, Telegram, account, telegram_server
from tests.bot.members.lane import Lane, post

NOW_UNIX = 1764054000
FORWARDED = {"type": "user", "date": NOW_UNIX, "sender_user": {"id": 5550000077, "is_bot": False, "first_name": "Fwd"}}


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody on Telegram or SMS, and all that would tell who she is."""

    id: int
    name: str
    account: str

    @property
    def secrets(self) -> tuple[str, ...]:
        """What the other must never read."""
        return (str(self.id), self.name, self.account, "5550000077", "Fwd", "north-1", "SAMPLE COLLECTIVE")


SHE = Who(5550000001, "Canarybina", "canary_bina")
MEMBER = Who(5550000002, "Canaryrina", "canary_rina")
SMS = "sms:+915550000003"


class Wire(Lane):
    """A lane whose Telegram is a server on loopback, spoken to by the real adapter."""

    def __init__(self, store: Store, folder: Path, server: Telegram, group: str = "") -> None:
        super().__init__(store, folder, members_group=group)
        self.server, self.account = server, account(server, members_group=group)
        self.loop = asyncio.new_event_loop()
        senders = {"simulator": self.carrier, "telegram": Sender(self.account)}
        self.post = Post(store, senders, {}, self.post.budget, self.clock, "worker")
        self.updates = 0

    def deliver(self, rounds: int = 10**6) -> None:
        """Send what may go now, in one loop, as the worker does."""
        if not hasattr(self, "loop"):
            return
        while self.loop.run_until_complete(deliver(self.post)) and rounds:
            rounds -= 1

    def happen(self, who: Who, **what: Any) -> None:
        """Something happens on a phone, as Telegram tells of it: with names, accounts and forward headers."""
        self.updates += 1
        person = {"id": who.id, "is_bot": False, "first_name": who.name, "last_name": who.name, "username": who.account}
        chat: dict[str, Any] = {"id": who.id, "type": "private", "first_name": who.name, "username": who.account}
        if topic := what.pop("topic", None):
            chat = {"id": int(self.account.members_group), "type": "supergroup", "title": "Sample", "is_forum": True}
            what["message_thread_id"] = topic
        message = {"message_id": self.updates, "date": NOW_UNIX, "chat": chat, "from": person}
        if mark := what.get("press"):
            query = {"id": str(self.updates), "from": person, "chat_instance": "1", "data": mark, "message": message}
            update: Mapping[str, Any] = {"update_id": self.updates, "callback_query": query}
        else:
            update = {"update_id": self.updates, "message": {**message, **what}}
        received = Received({SECRET_HEADER: SECRET}, json.dumps(update).encode())
        take(self.taking, "telegram", lambda got, at: receive.read(self.account, got, at), received)
        self.deliver()
        self.clock.move(timedelta(seconds=5))

    def sent_in(self, topic: str) -> list[str]:
        """What was said in a topic of the members' group."""
        return [call.given["text"] for call in self.server.calls if call.given.get("message_thread_id") == topic]

    def sent_to(self, who: Who) -> list[Mapping[str, str]]:
        """Every request that was made for a chat."""
        return [call.given for call in self.server.calls if call.given.get("chat_id") == str(who.id)]

    def mark(self, who: Who, label: str) -> str:
        """What a button of the newest messages carries."""
        for given in reversed(self.sent_to(who)):
            rows = json.loads(given.get("reply_markup", "{}")).get("inline_keyboard", [])
            for row in rows:
                for button in row:
                    if button["text"] == label:
                        return str(button["callback_data"])
        raise AssertionError(label)


@pytest.fixture
def wire(store: Store, tmp_path: Path) -> Iterator[Wire]:
    """A wire between one member and her survivors."""
    with telegram_server() as server:
        made = Wire(store, tmp_path, server)
        yield made
        made.loop.run_until_complete(made.post.senders["telegram"].close())
        made.loop.close()


def begin(wire: Wire) -> None:
    """A member joins, and takes the talk of a survivor on Telegram."""
    members_roster.put(wire.store, [post("north-1")], wire.clock())
    with writing(wire.store.main) as db:
        link = members_roster.invite(db, "north-1", wire.clock())
    wire.happen(MEMBER, text=f"/start {link}")
    for text in ("hello", "1", "9", "1", "1", "basirhat", "1", "1"):
        wire.happen(SHE, text=text)
    wire.wait(timedelta(seconds=1))
    wire.happen(MEMBER, press=wire.mark(MEMBER, "I take it"))


def talk(wire: Wire) -> None:
    """A whole talk by Telegram and one by SMS, in which both write what must not cross."""
    begin(wire)
    wire.happen(SHE, text="a forwarded word", forward_origin=FORWARDED)
    wire.happen(SHE, text=f"call me on +91 {SHE.id} or @{SHE.account} or https://t.me/{SHE.account}")
    wire.happen(SHE, photo=[{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}], caption="a photo")
    assert "only words" in wire.sent_to(SHE)[-1]["text"]
    wire.happen(SHE, voice={"file_id": "f", "file_unique_id": "u", "duration": 1})
    wire.happen(SHE, contact={"phone_number": str(SHE.id), "first_name": SHE.name})
    wire.happen(MEMBER, text=f"my number is {MEMBER.id}, @{MEMBER.account}, t.me/{MEMBER.account}")
    wire.happen(MEMBER, text="a forwarded answer", forward_origin=FORWARDED)
    wire.happen(MEMBER, contact={"phone_number": str(MEMBER.id), "first_name": MEMBER.name})
    wire.happen(MEMBER, press=wire.mark(MEMBER, "What to do"))
    wire.happen(MEMBER, press=wire.mark(MEMBER, "Close"))
    wire.happen(MEMBER, press=wire.mark(MEMBER, "She was helped"))
    wire.write(SMS, "9", "3", "9", "1", "1", "basirhat", "1", "1")
    wire.wait(timedelta(seconds=1))
    wire.happen(MEMBER, press=wire.mark(MEMBER, "I take it"))
    wire.write(SMS, "my phone is ৫৫৫০০০০০০৩ and 555-000-0003")
    wire.happen(MEMBER, text="write to ५५५००००००२")


def leaks(wire: Wire) -> int:
    """How many payloads hold what tells who the other is; and every request must be one that shows no sender."""
    found = 0
    for who, other in ((SHE, (MEMBER,)), (MEMBER, (SHE,))):
        for given in wire.sent_to(who):
            text = json.dumps({name: value for name, value in given.items() if name != "chat_id"}, ensure_ascii=False)
            found += sum(secret in text for one in other for secret in one.secrets)
            found += sum(number in text for number in ("5550000003", "৫৫৫০০০০০০৩", "000-0003"))
    for _, outgoing in wire.carrier.took:
        found += sum(secret in outgoing.text for secret in (*MEMBER.secrets, "५५५००००००२"))
    methods = {call.method for call in wire.server.calls}
    assert methods <= {"sendMessage", "setMyCommands"}
    assert all(call.given.get("protect_content") == "true" for call in wire.server.named("sendMessage"))
    return found


def test_no_payload_tells_who_the_other_is(wire: Wire, proof: Callable[[str], None]) -> None:
    """Numbers in three scripts, names, accounts, ids, forward headers, photos, contacts: none of it crosses."""
    talk(wire)
    said = [given["text"] for given in wire.sent_to(MEMBER)]
    assert "a forwarded word" in said
    assert "a photo" in said
    assert "Didi: a forwarded answer" in [given["text"] for given in wire.sent_to(SHE)]
    assert leaks(wire) == 0
    payloads = len(wire.server.calls) + len(wire.carrier.took)
    proof(f"privacy on {wire.store.main.dialect.name}: payloads={payloads} leaks=0")


def test_a_picture_crosses_only_where_it_is_allowed_and_shows_nobody(wire: Wire) -> None:
    """Sent anew by its file and never passed on; the member opens it when she is ready, and an SMS gets none."""
    wire.house = replace(wire.house, relay_media=True)
    wire.taking = replace(wire.taking, house=wire.house)
    photo = {"photo": [{"file_id": "file-1", "file_unique_id": "u", "width": 1, "height": 1}]}
    begin(wire)
    wire.happen(SHE, **photo, caption=f"the paper they gave me {SHE.id}")
    assert "heavy message" in wire.sent_to(MEMBER)[-1]["text"]
    assert not wire.server.named("sendPhoto")
    wire.happen(MEMBER, press=wire.mark(MEMBER, "Open it"))
    wire.happen(MEMBER, voice={"file_id": "file-2", "file_unique_id": "u", "duration": 1})
    (shown,), (heard,) = wire.server.named("sendPhoto"), wire.server.named("sendVoice")
    assert (shown.given["photo"], shown.given["chat_id"]) == ("file-1", str(MEMBER.id))
    assert (heard.given["voice"], heard.given["chat_id"]) == ("file-2", str(SHE.id))
    assert "caption" not in {*shown.given, *heard.given}
    assert not [call for call in wire.server.calls if "forward" in call.method or "copy" in call.method]


def test_a_topic_is_opened_by_the_real_adapter(store: Store, tmp_path: Path) -> None:
    """Named by the code alone; what the holder writes there goes to her, and the topic is deleted in the end."""
    with telegram_server() as server:
        wire = Wire(store, tmp_path, server, group="-5550000020")
        begin(wire)
        wire.happen(SHE, text="is it open on monday")
        (opened,) = server.named("createForumTopic")
        topic = str(server.calls.index(opened) + 1)
        assert (opened.given["chat_id"], len(opened.given["name"])) == ("-5550000020", 6)
        assert "is it open on monday" in wire.sent_in(topic)
        wire.happen(MEMBER, text="Yes, from 10.", topic=int(topic))
        assert wire.sent_to(SHE)[-1]["text"] == "Didi: Yes, from 10."
        assert not [text for text in wire.sent_in(topic) if any(secret in text for secret in SHE.secrets)]
        wire.happen(SHE, text="forget me")
        wire.happen(SHE, text="1")
        wire.clock.move(timedelta(minutes=1))
        wire.loop.run_until_complete(tidy(wire.post))
        assert [call.given["message_thread_id"] for call in server.named("deleteForumTopic")] == [topic]
        wire.loop.run_until_complete(wire.post.senders["telegram"].close())
        wire.loop.close()


def test_a_leak_is_found(wire: Wire, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]) -> None:
    """Sabotage: with nothing masked, the scan finds the numbers on either side."""
    for module in (hers, saying):
        monkeypatch.setattr(module, "masked", lambda text: text)
    talk(wire)
    assert leaks(wire) > 4
    proof(f"privacy on {wire.store.main.dialect.name}: sabotage caught 1/1")

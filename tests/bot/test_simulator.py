"""The simulator channel and the demo page's routes, without a browser and without the conversation."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.simulator import BODY_LIMIT, Account, receive, status
from bot.channels.simulator.send import Mailbox, Sender
from bot.errors import Malformed, TooLarge
from bot.phones.routes import page_routes
from flows.model import Channel, Inbound, Outgoing, Receipt, Received

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
HER = "sms:+915550000001"
OTHER = "telegram:-5550000001"
JSON = {"content-type": "application/json"}
WITHIN = timedelta(seconds=5)


def form(**changed: Any) -> dict[str, Any]:
    """What the page sends for one message, but for what a test changes; None leaves a field out."""
    fields = {"id": "m1", "channel": "sms", "from": HER, "text": "taka kobe pabo"} | changed
    return {name: value for name, value in fields.items() if value is not None}


def received(body: object, content_type: str = "application/json") -> Received:
    """A request with this body, as JSON unless it is bytes already."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Received({"content-type": content_type}, raw)


def outgoing(id_: str = "o1", address: str = HER, text: str = "Namaskar.", **more: Any) -> Outgoing:
    """A message to a sample phone."""
    return Outgoing(id_, Channel(address.partition(":")[0]), address, text, **more)


def test_a_message_is_read_as_it_was_typed() -> None:
    """What the page sends becomes one Inbound, with the simulator as provider and as line."""
    read = receive.read(Account(), received(form(text="ক্ষতিপূরণ", channel="telegram", **{"from": OTHER})), NOW)
    assert read == Inbound("simulator", "m1", Channel.TELEGRAM, OTHER, "simulator", "ক্ষতিপূরণ")


def test_a_press_says_under_which_turn() -> None:
    """A pressed button carries the turn of the message it stood under."""
    assert receive.read(Account(), received(form(text="1", pressed_in=7)), NOW).pressed_in == 7


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 30_000,
        [form()],
        form(id=None),
        form(id=""),
        form(id="m" * 65),
        form(id=7),
        form(text=None),
        form(text=["a"]),
        form(text="\ud800"),
        form(channel="pigeon"),
        form(channel=None),
        form(channel="telegram"),
        form(**{"from": None}),
        form(**{"from": "sms:+15550000001"}),
        form(**{"from": "sms:+91555000000"}),
        form(**{"from": "sms:+9155500000012"}),
        form(**{"from": "sms:+91555000000\u0661"}),
        form(**{"from": HER + "\n"}),
        form(channel="telegram", **{"from": "telegram:12345678"}),
        form(pressed_in=-1),
        form(pressed_in=True),
        form(pressed_in="7"),
        form(pressed_in=2**40),
    ],
)
def test_what_is_not_in_its_form_is_refused(body: object) -> None:
    """Anything but a message from a sample address is malformed; a real number can never be written to."""
    with pytest.raises(Malformed):
        receive.read(Account(), received(body), NOW)


def test_only_what_says_it_is_json_is_read() -> None:
    """A form that another site's page could post unasked is refused."""
    with pytest.raises(Malformed):
        receive.read(Account(), received(form(), "text/plain"), NOW)


def test_more_than_64_kb_is_too_large() -> None:
    """The limit is that of every channel."""
    with pytest.raises(TooLarge):
        receive.read(Account(), received(b" " * (BODY_LIMIT + 1)), NOW)


def test_what_was_shown_is_a_receipt() -> None:
    """The page's news settles the message under both of its ids, which are the same here."""
    assert status.read(Account(), received({"id": "o1"}), NOW) == Receipt("o1", "o1", "delivered")
    with pytest.raises(Malformed):
        status.read(Account(), received({"id": ""}), NOW)


def test_the_same_message_twice_is_there_once() -> None:
    """The simulator keeps what it promises by `idempotent`."""
    mailbox = Mailbox()

    async def send_twice() -> None:
        sender = Sender(mailbox)
        assert await sender.send(outgoing()) == await sender.send(outgoing()) == "o1"

    asyncio.run(send_twice())
    assert [item.message_id for item in mailbox.since([HER], 0)] == ["o1"]


def test_a_phone_reads_only_its_own_messages_and_only_the_new_ones() -> None:
    """Messages come in order, by address, after the last number that was read."""
    mailbox = Mailbox()
    for message in (outgoing("o1"), outgoing("o2", OTHER), outgoing("o3")):
        mailbox.put(message)
    assert [item.message_id for item in mailbox.since([HER], 0)] == ["o1", "o3"]
    assert [item.message_id for item in mailbox.since([HER, OTHER], 1)] == ["o2", "o3"]


def test_a_page_older_than_the_mailbox_reads_from_the_beginning() -> None:
    """After a restart the numbers begin again, and nothing new is passed over."""
    mailbox = Mailbox()
    mailbox.put(outgoing())
    assert [item.message_id for item in mailbox.since([HER], 99)] == ["o1"]


def test_a_message_taken_back_goes_from_the_phone() -> None:
    """Removing leaves nothing of the text, and tells a phone that shows it."""
    mailbox = Mailbox()
    mailbox.put(outgoing())

    async def remove_twice() -> tuple[bool, bool]:
        sender = Sender(mailbox)
        return await sender.remove(HER, "o1"), await sender.remove(HER, "o1")

    assert asyncio.run(remove_twice()) == (True, False)
    (item,) = mailbox.since([HER], 1)
    assert (item.kind, item.outgoing) == ("removed", None)


def test_the_mailbox_is_bounded() -> None:
    """The oldest messages go first, and the address that was written to longest ago."""
    mailbox = Mailbox(kept=2, addresses=1)
    for number in range(3):
        mailbox.put(outgoing(f"o{number}"))
    assert [item.message_id for item in mailbox.since([HER], 0)] == ["o1", "o2"]
    mailbox.put(outgoing("o9", OTHER))
    assert not mailbox.since([HER], 0)


def test_waiting_ends_with_the_message() -> None:
    """Who waits has the message as soon as it is sent, and nothing when the time is up."""
    mailbox = Mailbox()

    async def wait_for_it() -> list[str]:
        waiting = asyncio.create_task(mailbox.wait([HER], 0, WITHIN))
        await asyncio.sleep(0)
        mailbox.put(outgoing("o0", OTHER))
        await asyncio.sleep(0)
        mailbox.put(outgoing())
        return [item.message_id for item in await waiting]

    assert asyncio.run(wait_for_it()) == ["o1"]
    assert asyncio.run(mailbox.wait([HER], 2, timedelta())) == ()


def asked(ask: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]) -> httpx.Response:
    """The answer of the page's routes, where whatever she says is echoed on the same phone."""
    mailbox = Mailbox()

    async def echo(got: Received) -> None:
        message = receive.read(Account(), got, NOW)
        mailbox.put(outgoing("o1", message.address, message.text, turn=3, buttons=(("1", "হ্যাঁ"),)))

    async def shown(got: Received) -> None:
        status.read(Account(), got, NOW)

    async def whole() -> httpx.Response:
        app = Starlette(routes=page_routes(mailbox, echo, shown, 0.25))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as asking:
            return await ask(asking)

    return asyncio.run(whole())


def test_what_she_says_comes_back_through_the_page() -> None:
    """The answer to a message says what it took, and the reading brings what was said to her, measured."""

    async def ask(asking: httpx.AsyncClient) -> httpx.Response:
        took = await asking.post("/try/messages", json=form(text="টাকা"))
        assert took.json() == {"encoding": "UCS-2", "segments": 1}
        return await asking.get("/try/messages", params={"address": [HER, OTHER], "after": 0})

    assert asked(ask).json() == [
        {
            "n": 1,
            "kind": "message",
            "id": "o1",
            "address": HER,
            "text": "টাকা",
            "buttons": [["1", "হ্যাঁ"]],
            "turn": 3,
            "encoding": "UCS-2",
            "segments": 1,
        }
    ]


def test_telegram_has_no_parts() -> None:
    """Only an SMS is measured."""
    message = form(channel="telegram", **{"from": OTHER})
    assert asked(lambda asking: asking.post("/try/messages", json=message)).json() == {"encoding": None, "segments": 0}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "after=0",
        f"address={HER}",
        "address=sms:%2B919999&after=0",
        "address=telegram:-5550001&after=-1",
        "address=telegram:-5550001&after=x",
        "&".join(["address=telegram:-5550001"] * 5),
    ],
)
def test_only_sample_addresses_are_read(query: str) -> None:
    """A reading names one to four sample addresses and a number; a `+` that was not escaped is none."""
    assert asked(lambda asking: asking.get(f"/try/messages?{query}")).status_code == 400


@pytest.mark.parametrize(("body", "code"), [(b"{}", 400), (b" " * (BODY_LIMIT + 1), 413)])
@pytest.mark.parametrize("path", ["/try/messages", "/try/shown"])
def test_a_refused_request_gets_a_constant_answer(path: str, body: bytes, code: int) -> None:
    """Nothing of what was sent stands in the answer."""
    answer = asked(lambda asking: asking.post(path, content=body, headers=JSON))
    assert (answer.status_code, answer.text) == (code, "refused")


def test_what_was_shown_is_taken() -> None:
    """The page's news has an empty answer."""
    assert asked(lambda asking: asking.post("/try/shown", json={"id": "o1"})).status_code == 204


@pytest.mark.parametrize("path", ["/try", "/try/static/try.js", "/try/static/try.css", "/try/static/mark.svg"])
def test_everything_comes_with_the_strict_headers(path: str) -> None:
    """The page may load its own files and nothing else, and is kept nowhere."""
    answer = asked(lambda asking: asking.get(path))
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["..%2froutes.py", "routes.py", "try.html", ""])
def test_only_the_named_files_are_given(name: str) -> None:
    """No path leads out of the list."""
    assert asked(lambda asking: asking.get(f"/try/static/{name}")).status_code == 404


def test_the_page_knows_what_a_part_costs() -> None:
    """The price of a part stands where the script reads it."""
    assert 'value="0.25"' in asked(lambda asking: asking.get("/try")).text

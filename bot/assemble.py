"""Assembling: the one place where objects are made and joined."""

import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiolimiter import AsyncLimiter

from bot import wording
from bot.alerting import Alerting
from bot.assembled import Assembled
from bot.budget import Budget
from bot.channels.android_sms import Account as AndroidAccount
from bot.channels.android_sms import receive as android_receive
from bot.channels.android_sms.send import Sender as AndroidSender
from bot.channels.simulator.send import Mailbox
from bot.channels.simulator.send import Sender as SimulatorSender
from bot.channels.telegram import Account as TelegramAccount
from bot.channels.telegram import receive as telegram_receive
from bot.channels.telegram import webhook as telegram_webhook
from bot.channels.telegram.send import Sender as TelegramSender
from bot.channels.twilio import Account as TwilioAccount
from bot.channels.twilio import receive as twilio_receive
from bot.channels.twilio import status as twilio_status
from bot.channels.twilio.send import Sender as TwilioSender
from bot.chores import Chores
from bot.codes import CodePool
from bot.delivery import Post, Sender
from bot.duty import read_duty
from bot.keys import read_master_key
from bot.settings import Settings, daily_parts, named_channels, secret
from bot.taking import Taking
from bot.turn import House
from bot.web import Hook
from bot.worker import Bell, Worker
from flows.engine import Engine
from storage.database import Store, open_store
from storage.retention import Keep

PACES: Mapping[str, tuple[float, float]] = {
    # messages, in so many seconds; Telegram's own limiter knows its limits for each chat
    "twilio": (1, 1),
    "android_sms": (1, 3),
    "telegram": (30, 1),
}


def now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)


def open_house(settings: Settings, store: Store | None = None) -> House:
    """The house of a turn, on the databases that are set.

    Raises:
        Misconfigured: a setting is wrong, or there is no master key.
        StorageError: a database is away, too old, or of another master key.
    """
    duty = read_duty(settings.duty_days, settings.duty_from, settings.duty_until)
    store = store or open_store(settings.database_url, settings.keystore_url, read_master_key(settings))
    return House(
        store=store,
        engine=Engine(labels=wording.labels),
        duty=duty,
        codes=CodePool(store.sealer),
        erasures=settings.erasure_ledger,
        runs_line=settings.line_run_by,
        child_person=settings.child_person,
        reply_lifetime=timedelta(minutes=settings.reply_minutes),
        claim_within=timedelta(minutes=settings.claim_minutes),
        follow_up_after=timedelta(days=settings.follow_up_days),
        members_group=settings.telegram_members_group,
        relay_media=settings.relay_media,
    )


def assemble(settings: Settings, *, simulated: bool = False, clock: Callable[[], datetime] = now) -> Assembled:
    """Everything, joined; with `simulated` the simulator is the only channel.

    Raises:
        Misconfigured: a channel is half configured, or another setting is wrong.
        StorageError: a database is away, too old, or of another master key.
    """
    channels = () if simulated else named_channels(settings)
    house = open_house(settings)
    mailbox = Mailbox() if simulated else None
    accounts = _accounts(settings, channels)
    senders = _senders(accounts, mailbox)
    bell = Bell()
    post = _post(settings, house, senders, clock)
    alerting = Alerting(
        house.store,
        senders.get("telegram"),
        settings.staff_alert_chat,
        timedelta(minutes=settings.alert_again_minutes),
        clock,
    )
    taking = Taking(house, clock, bell.ring)
    idempotent = frozenset(name for name, sender in senders.items() if sender.idempotent)
    chores = Chores(house, keep_of(settings), idempotent)
    return Assembled(
        settings=settings,
        house=house,
        taking=taking,
        worker=Worker(post, chores, alerting, bell),
        hooks=_hooks(accounts, senders),
        mailbox=mailbox,
        channels=channels,
        telegram_bot=accounts.telegram,
    )


def _post(settings: Settings, house: House, senders: Mapping[str, Sender], clock: Callable[[], datetime]) -> Post:
    return Post(
        store=house.store,
        senders=senders,
        paces={name: AsyncLimiter(*pace) for name, pace in PACES.items() if name in senders},
        budget=_budget(settings),
        clock=clock,
        name=f"{socket.gethostname()}:{os.getpid()}",
    )


def keep_of(settings: Settings) -> Keep:
    """How long things are kept."""
    return Keep(
        messages=timedelta(days=settings.keep_text_days),
        idle_person=timedelta(days=settings.keep_idle_days),
        referrals=timedelta(days=settings.keep_referrals_days),
        talks=timedelta(days=settings.keep_talk_days),
    )


@dataclass(frozen=True, slots=True)
class _Accounts:
    twilio: TwilioAccount | None = None
    android_sms: AndroidAccount | None = None
    telegram: TelegramAccount | None = None


def _accounts(settings: Settings, channels: Sequence[str]) -> _Accounts:
    return _Accounts(
        twilio=_twilio(settings) if "twilio" in channels else None,
        android_sms=_android(settings) if "android_sms" in channels else None,
        telegram=_telegram(settings) if "telegram" in channels else None,
    )


def _twilio(settings: Settings) -> TwilioAccount:
    return TwilioAccount(
        sid=settings.twilio_account_sid,
        token=secret(settings.twilio_auth_token),
        number=settings.twilio_number,
        public_url=settings.public_url,
        api_url=settings.twilio_api_url,
    )


def _android(settings: Settings) -> AndroidAccount:
    return AndroidAccount(
        url=settings.android_sms_url,
        user=settings.android_sms_user,
        password=secret(settings.android_sms_password),
        signing_key=secret(settings.android_sms_signing_key),
        line=settings.android_sms_number,
    )


def _telegram(settings: Settings) -> TelegramAccount:
    return TelegramAccount(
        token=secret(settings.telegram_bot_token),
        webhook_secret=secret(settings.telegram_webhook_secret),
        api_url=settings.telegram_api_url,
        staff_chat=settings.staff_alert_chat,
        members_group=settings.telegram_members_group,
        public_url=settings.public_url,
    )


def _senders(accounts: _Accounts, mailbox: Mailbox | None) -> dict[str, Sender]:
    senders: list[Sender] = []
    if accounts.twilio:
        senders.append(TwilioSender(accounts.twilio))
    if accounts.android_sms:
        senders.append(AndroidSender(accounts.android_sms))
    if accounts.telegram:
        senders.append(TelegramSender(accounts.telegram))
    if mailbox:
        senders.append(SimulatorSender(mailbox))
    return {sender.provider: sender for sender in senders}


def _hooks(accounts: _Accounts, senders: Mapping[str, Sender]) -> Sequence[Hook]:
    hooks: list[Hook] = []
    if account := accounts.twilio:
        hooks.append(
            Hook(
                "/sms/twilio",
                "twilio",
                lambda received, at: twilio_receive.read(account, received, at),
                '<?xml version="1.0" encoding="UTF-8"?><Response/>',
                "application/xml",
            )
        )
        hooks.append(
            Hook("/sms/twilio/status", "twilio", lambda received, at: twilio_status.read(account, received, at))
        )
    if phone := accounts.android_sms:
        hooks.append(Hook("/sms/android", "android_sms", lambda got, at: android_receive.read(phone, got, at)))
    if chat := accounts.telegram:
        sender = senders[chat.provider]
        after = sender.answer_press if isinstance(sender, TelegramSender) else None
        hooks.append(
            Hook(
                telegram_webhook.PATH, chat.provider, lambda got, at: telegram_receive.read(chat, got, at), after=after
            )
        )
    return hooks


def _budget(settings: Settings) -> Budget:
    return Budget(
        per_person=settings.parts_per_person_day,
        per_line=daily_parts(settings),
        reserved={"android_sms": settings.android_sms_reserved_parts, "twilio": settings.twilio_reserved_parts},
    )

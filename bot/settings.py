"""Settings: the only reader of the environment."""

import os
from datetime import time
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import Misconfigured

OUR_PREFIXES = ("TELEGRAM_", "TWILIO_", "ANDROID_SMS_", "SATHI_", "MASTER_KEY", "KEYSTORE_", "STAFF_", "DUTY_")

CHANNELS = {
    "telegram": ("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"),
    "twilio": ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_NUMBER", "PUBLIC_URL"),
    "android_sms": ("ANDROID_SMS_URL", "ANDROID_SMS_USER", "ANDROID_SMS_PASSWORD", "ANDROID_SMS_SIGNING_KEY"),
}
SHARED = ("PUBLIC_URL",)


class Settings(BaseSettings):
    """Every setting, its default and its bounds; names are those of the environment, in capitals."""

    model_config = SettingsConfigDict(case_sensitive=False, extra="ignore", frozen=True)

    database_url: str = "sqlite:///data/sathi.db"
    keystore_url: str = ""
    master_key: SecretStr | None = None
    master_key_file: Path = Path("data/master.key")
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    host: str = "127.0.0.1"
    public_url: str = ""
    metrics_token: SecretStr | None = None
    staff_alert_chat: str = ""

    telegram_bot_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_api_url: str = ""
    telegram_polling: bool = False
    telegram_bot_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{0,32}$")] = ""
    telegram_members_group: Annotated[str, Field(pattern=r"^(-[0-9]{1,19})?$")] = ""
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr | None = None
    twilio_number: str = ""
    twilio_api_url: str = ""
    twilio_daily_parts: Annotated[int, Field(ge=1)] = 1500
    twilio_reserved_parts: Annotated[int, Field(ge=0)] = 500
    android_sms_url: str = ""
    android_sms_user: str = ""
    android_sms_password: SecretStr | None = None
    android_sms_signing_key: SecretStr | None = None
    android_sms_number: str = "android"
    android_sms_daily_parts: Annotated[int, Field(ge=1)] = 90
    android_sms_reserved_parts: Annotated[int, Field(ge=0)] = 25

    line_run_by: Annotated[str, Field(max_length=40)] = ""
    child_person: Annotated[str, Field(max_length=30)] = ""
    duty_days: str = "mon tue wed thu fri sat"
    duty_from: time = time(9, 0)
    duty_until: time = time(18, 0)
    sms_part_cost: Annotated[float, Field(ge=0)] = 0.0

    claim_minutes: Annotated[int, Field(ge=1, le=60)] = 5
    relay_media: bool = False
    follow_up_days: Annotated[int, Field(ge=1, le=28)] = 5

    parts_per_person_day: Annotated[int, Field(ge=60)] = 60
    reply_minutes: Annotated[int, Field(ge=5, le=30)] = 30
    alert_again_minutes: Annotated[int, Field(ge=1)] = 10
    keep_text_days: Annotated[int, Field(ge=1, le=90)] = 30
    keep_talk_days: Annotated[int, Field(ge=1, le=30)] = 7
    keep_idle_days: Annotated[int, Field(ge=1, le=365)] = 90
    keep_referrals_days: Annotated[int, Field(ge=30)] = 3 * 365
    backup_recipient: str = ""
    erasure_ledger: Path = Path("data/erasures.ledger")


def read(**given: Any) -> Settings:
    """The settings of this run; `given` ones go before the environment.

    Raises:
        Misconfigured: a value is out of bounds, a name with one of our prefixes is unknown, or
            PostgreSQL has no keystore of its own.
    """
    known = {name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.upper().startswith(OUR_PREFIXES) and name.upper() not in known)
    if unknown:
        raise Misconfigured(f"unknown setting {unknown[0]}")
    try:
        settings = Settings(**given)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise Misconfigured(f"{name}: {first['msg']}") from None
    return _with_keystore(settings)


def named_channels(settings: Settings) -> tuple[str, ...]:
    """The channels that are set up.

    Raises:
        Misconfigured: a channel is half set up; the line says which name is missing.
    """
    ready = []
    for channel, names in CHANNELS.items():
        own = [name for name in names if name not in SHARED]
        if not any(_is_set(settings, name) for name in own):
            continue
        missing = [name for name in names if not _is_set(settings, name)]
        if missing:
            raise Misconfigured(f"the {channel} channel is half configured: {missing[0]} is missing")
        ready.append(channel)
    return tuple(ready)


def daily_parts(settings: Settings) -> dict[str, int]:
    """How many SMS parts the line of each provider may send on one day."""
    return {"android_sms": settings.android_sms_daily_parts, "twilio": settings.twilio_daily_parts}


def secret(value: SecretStr | None) -> str:
    """The secret itself, or nothing."""
    return value.get_secret_value() if value else ""


def _is_set(settings: Settings, name: str) -> bool:
    value = getattr(settings, name.lower())
    return bool(secret(value) if isinstance(value, SecretStr) else value)


def _with_keystore(settings: Settings) -> Settings:
    if not settings.keystore_url:
        if not settings.database_url.startswith("sqlite"):
            raise Misconfigured("KEYSTORE_URL is missing: with PostgreSQL the keys need a database of their own")
        beside = settings.database_url.rpartition("/")[0]
        settings = settings.model_copy(update={"keystore_url": f"{beside}/keys.db"})
    if settings.keystore_url == settings.database_url:
        raise Misconfigured("KEYSTORE_URL names the same database as DATABASE_URL: the keys need one of their own")
    return settings

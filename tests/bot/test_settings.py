"""Settings: a name that is wrong, half set or out of bounds starts nothing, in one clear line."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.settings import OUR_PREFIXES, named_channels, read
from storage.database import migrate

TELEGRAM = {"TELEGRAM_BOT_TOKEN": "123456:TEST", "TELEGRAM_WEBHOOK_SECRET": "secret"}
TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_NUMBER": "+15005550006",
    "PUBLIC_URL": "https://sathi.invalid",
}
ANDROID = {
    "ANDROID_SMS_URL": "http://127.0.0.1:8080",
    "ANDROID_SMS_USER": "sms",
    "ANDROID_SMS_PASSWORD": "password",
    "ANDROID_SMS_SIGNING_KEY": "key",
}


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of our settings, whatever this machine has."""
    for name in list(os.environ):
        if name.upper().startswith((*OUR_PREFIXES, "PUBLIC_URL", "DATABASE_URL", "PORT")):
            monkeypatch.delenv(name)


def _set(monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str]) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)


def test_nothing_need_be_set() -> None:
    """The demo runs on what is built in; its keys lie in a database beside the other."""
    settings = read()
    assert (settings.database_url, settings.keystore_url) == ("sqlite:///data/sathi.db", "sqlite:///data/keys.db")
    assert (settings.host, settings.port, named_channels(settings)) == ("127.0.0.1", 8000, ())


@pytest.mark.parametrize("whole", [TELEGRAM, TWILIO, ANDROID], ids=["telegram", "twilio", "android_sms"])
def test_a_channel_is_whole_or_refused(whole: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name that a channel needs is named where it is missing."""
    _set(monkeypatch, whole)
    assert len(named_channels(read())) == 1
    for missing in whole:
        with monkeypatch.context() as without:
            without.delenv(missing)
            with pytest.raises(Misconfigured, match=missing):
                named_channels(read())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKN", "123456:TEST"),
        ("SATHI_PORT", "80"),
        ("PORT", "none"),
        ("PORT", "70000"),
        ("PARTS_PER_PERSON_DAY", "5"),
        ("KEEP_TEXT_DAYS", "900"),
        ("LINE_RUN_BY", "W" * 41),
        ("DATABASE_URL", "postgresql://localhost/sathi"),
        ("KEYSTORE_URL", "sqlite:///data/sathi.db"),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Misspelt, no number, out of bounds, or a keystore in the same database: refused by name."""
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match="KEYSTORE_URL" if name == "DATABASE_URL" else name):
        read()


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printed setting holds no secret."""
    _set(monkeypatch, {**TELEGRAM, **TWILIO, **ANDROID, "MASTER_KEY": "bWFzdGVy"})
    shown = repr(read())
    assert not any(secret in shown for secret in ("123456:TEST", "'token'", "'password'", "bWFzdGVy"))


@pytest.fixture
def databases(tmp_path: Path) -> Mapping[str, str]:
    """Migrated databases with a key, as an environment."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{tmp_path}/main.db",
        "KEYSTORE_URL": f"sqlite:///{tmp_path}/keys.db",
        "MASTER_KEY_FILE": f"{tmp_path}/master.key",
        "ERASURE_LEDGER": f"{tmp_path}/erasures.ledger",
    }
    assert _sathi(environment, "migrate").returncode == 0
    return environment


def _sathi(environment: Mapping[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def _kept(folder: Path) -> Mapping[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix in (".db", ".key")}


@pytest.mark.parametrize(
    ("words", "changed", "says"),
    [
        (("serve",), {}, "no channel is configured"),
        (("serve",), {"TELEGRAM_BOT_TOKEN": "123456:TEST"}, "TELEGRAM_WEBHOOK_SECRET"),
        (("serve",), {**TWILIO, "STAFF_ALERT_CHAT": "-5550000009"}, "TELEGRAM_BOT_TOKEN"),
        (("serve",), {"TELEGRAM_BOT_TOKN": "x"}, "unknown setting TELEGRAM_BOT_TOKN"),
        (("web",), {**TWILIO, "DUTY_DAYS": "someday"}, "DUTY_DAYS"),
        (("demo",), {"MASTER_KEY": "c2hvcnQ="}, "not 32 bytes"),
        (("demo",), {"MASTER_KEY": "A" * 43 + "="}, "master key"),
        (("migrate",), {"MASTER_KEY_FILE": "/nowhere/master.key"}, "not empty and the master key is missing"),
        (("play",), {"DATABASE_URL": "mysql://localhost/x"}, "sqlite or postgresql"),
    ],
    ids=["no channel", "half", "no alerts", "misspelt", "duty", "short key", "other key", "lost key", "other database"],
)
def test_a_bad_start_is_one_line_and_changes_nothing(
    databases: Mapping[str, str], tmp_path: Path, words: tuple[str, ...], changed: Mapping[str, str], says: str
) -> None:
    """Exit code 2, one line on stderr that says what to do, both databases and the key as they were."""
    before = _kept(tmp_path)
    ended = _sathi({**databases, **changed}, *words)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert says in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert _kept(tmp_path) == before


def test_an_old_database_is_refused(databases: Mapping[str, str], tmp_path: Path) -> None:
    """Tables of another release are named, and left as they are."""
    (tmp_path / "main.db").unlink()
    (tmp_path / "main.db").touch(0o600)
    ended = _sathi({**databases, **TWILIO}, "serve")
    assert (ended.returncode, "run `sathi migrate`" in ended.stderr) == (2, True)
    migrate(databases["DATABASE_URL"], databases["KEYSTORE_URL"])


def test_the_key_file_is_ours_alone(databases: Mapping[str, str], tmp_path: Path) -> None:
    """`migrate` makes it 0600; one that others can read is refused."""
    key = tmp_path / "master.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    ended = _sathi({**databases, **TWILIO}, "serve")
    assert (ended.returncode, "chmod 600" in ended.stderr) == (2, True)

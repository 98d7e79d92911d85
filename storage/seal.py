"""Sealing: what keeps a stolen database silent, and the blind index by which she is found again."""

import hmac
import json
import os
import threading
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import Tampered, WrongKey

KEY_BYTES = 32
_VERSION = b"\x01"
_ID_BYTES = 16
_NONCE_BYTES = 12
_HEAD_BYTES = len(_VERSION) + _ID_BYTES + _NONCE_BYTES
_LENGTH_BYTES = 4
_BUCKETS = (64, 128, 256, 512, 1024, 2048, 4096)
_REMEMBERED = 4096
_MEMORY_KIB = 19 * 1024
_PASSES = 2
_AT_ONCE = 2  # each slow hash holds 19 MiB; more at once would let a flood fill the memory


@dataclass(frozen=True, slots=True)
class PersonKey:
    """The key of one person, or of one message that outlives her row; its id is the person's id."""

    id: str
    key: bytes = field(repr=False)
    cipher: AESGCM = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make ready what seals and opens: several things are sealed in one turn."""
        object.__setattr__(self, "cipher", AESGCM(self.key))


@dataclass(frozen=True, slots=True)
class Where:
    """The one place where a sealed value opens: table, column and row."""

    table: str
    column: str
    row: str

    def __str__(self) -> str:
        return f"{self.table}|{self.column}|{self.row}"


class Sealer:
    """All that is done with the master key; each use has a subkey of its own (HKDF-SHA256).

    The slow hash is Argon2id with `memory_kib` and `passes`, as OWASP's password storage sheet advises
    (19 MiB, 2 passes, 1 lane); at most two run at once, and the newest few thousand answers are kept in memory.
    """

    def __init__(self, master_key: bytes, *, memory_kib: int = _MEMORY_KIB, passes: int = _PASSES) -> None:
        if len(master_key) != KEY_BYTES:
            raise WrongKey("the master key must be 32 bytes")
        self._master = master_key
        self._memory_kib = memory_kib
        self._passes = passes
        self._wrap = self.subkey("wrap")
        self._dedupe = hmac.new(self.subkey("dedupe"), digestmod=sha256)
        self._cache = hmac.new(self.subkey("cache"), digestmod=sha256)
        self._own = PersonKey(self.subkey("id")[:_ID_BYTES].hex(), self._wrap)
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._lock = threading.Lock()
        self._blinded: OrderedDict[bytes, bytes] = OrderedDict()

    def __repr__(self) -> str:
        return "Sealer()"

    def subkey(self, use: str) -> bytes:
        """32 bytes of the master key for this use alone."""
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"sathi {use}".encode()).derive(self._master)

    def new_key(self) -> bytes:
        """A fresh key for one person."""
        return os.urandom(KEY_BYTES)

    def wrap(self, key_id: str, key: bytes) -> bytes:
        """A person's key, sealed by the master key, to be stored under this id."""
        return _lock_up(self._own, _wrapped(key_id), key)

    def unwrap(self, key_id: str, wrapped: bytes) -> PersonKey:
        """The person's key that `wrap` sealed.

        Raises:
            WrongKey: it was sealed by another master key.
            Tampered: it was changed, or stored under another id.
        """
        return PersonKey(key_id, self.unwrap_bytes(key_id, wrapped))

    def unwrap_bytes(self, key_id: str, wrapped: bytes) -> bytes:
        """The bytes that `wrap` sealed, whether they are a key or not.

        Raises:
            WrongKey: they were sealed by another master key.
            Tampered: they were changed, or stored under another id.
        """
        if wrapped[1 : 1 + _ID_BYTES] != bytes.fromhex(self._own.id):
            raise WrongKey("the master key is not the one that these databases were made with")
        return _unlock(self._own, _wrapped(key_id), wrapped)

    def seal(self, key: PersonKey, where: Where, text: str) -> bytes:
        """The text, sealed for this one place and padded, so that its length tells little."""
        return _lock_up(key, where, _pad(text.encode("utf-8", "surrogatepass")))

    def open(self, key: PersonKey, where: Where, sealed: bytes) -> str:
        """The text that `seal` sealed for this place.

        Raises:
            Tampered: it was changed, moved, or sealed by another key.
        """
        padded = _unlock(key, where, sealed)
        length = int.from_bytes(padded[:_LENGTH_BYTES])
        return padded[_LENGTH_BYTES : _LENGTH_BYTES + length].decode("utf-8", "surrogatepass")

    def blind(self, address: str) -> bytes:
        """32 bytes by which an address is found again, slow on purpose, so that a thief cannot try all numbers.

        Not to be called inside a writing transaction.
        """
        name = _keyed(self._cache, _bytes(address))
        with self._lock:
            if (known := self._blinded.get(name)) is not None:
                self._blinded.move_to_end(name)
                return known
        index = self._slow("index", address)
        with self._lock:
            self._blinded[name] = index
            if len(self._blinded) > _REMEMBERED:
                self._blinded.popitem(last=False)
        return index

    def blind_code(self, code: str) -> bytes:
        """32 bytes that stand for a return code, slow on purpose; never kept in memory."""
        return self._slow("code", code)

    def dedupe(self, provider: str, external_id: str, index: bytes) -> bytes:
        """32 bytes by which a redelivered message is recognised for ever; they tell nothing of it."""
        named = json.dumps([provider, external_id, index.hex()]).encode()
        return _keyed(self._dedupe, named)

    def _slow(self, use: str, text: str) -> bytes:
        key = self.subkey(use)
        salt = sha256(self.subkey(f"{use} salt")).digest()[:16]
        with self._slots:
            slow = hash_secret_raw(_bytes(text), salt, self._passes, self._memory_kib, 1, KEY_BYTES, Type.ID)
        return hmac.digest(key, slow, "sha256")


def _keyed(keyed: hmac.HMAC, told: bytes) -> bytes:
    """The digest under a key that was set once: setting it takes longer than the rest."""
    digest = keyed.copy()
    digest.update(told)
    return digest.digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _wrapped(key_id: str) -> Where:
    return Where("person_keys", "wrapped", key_id)


def _lock_up(key: PersonKey, where: Where, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    head = _VERSION + bytes.fromhex(key.id) + nonce
    return head + key.cipher.encrypt(nonce, plain, str(where).encode())


def _unlock(key: PersonKey, where: Where, sealed: bytes) -> bytes:
    if sealed[:1] != _VERSION or sealed[1 : 1 + _ID_BYTES] != bytes.fromhex(key.id):
        raise Tampered(f"{where.table}.{where.column} was sealed by another key")
    try:
        return key.cipher.decrypt(sealed[1 + _ID_BYTES : _HEAD_BYTES], sealed[_HEAD_BYTES:], str(where).encode())
    except (InvalidTag, ValueError) as broken:
        raise Tampered(f"{where.table}.{where.column} does not open where it stands") from broken


def _pad(plain: bytes) -> bytes:
    filled = len(plain).to_bytes(_LENGTH_BYTES) + plain
    if len(filled) <= _BUCKETS[-1]:
        return filled.ljust(_BUCKETS[bisect_left(_BUCKETS, len(filled))], b"\0")
    return filled.ljust(-(-len(filled) // _BUCKETS[-1]) * _BUCKETS[-1], b"\0")

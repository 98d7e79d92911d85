"""Sealing: what is sealed opens only with its key and only in its place."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storage.errors import Tampered, WrongKey
from storage.seal import PersonKey, Sealer, Where
from tests.storage.builders import ADDRESS, MASTER_KEY

SEALER = Sealer(MASTER_KEY, memory_kib=8, passes=1)
KEY = PersonKey("0" * 31 + "1", bytes(32))
WHERE = Where("inbound", "text_sealed", "row-1")
ANY_TEXT = some.text(alphabet=some.characters(exclude_categories=()), max_size=5000)


@given(ANY_TEXT)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    """Whatever she writes, lone surrogates and null characters too, opens as it was sealed."""
    assert SEALER.open(KEY, WHERE, SEALER.seal(KEY, WHERE, text)) == text


@given(some.text(max_size=200), some.data())
def test_any_changed_byte_is_found(text: str, data: some.DataObject) -> None:
    """A sealed value in which one bit was turned does not open."""
    sealed = bytearray(SEALER.seal(KEY, WHERE, text))
    sealed[data.draw(some.integers(0, len(sealed) - 1))] ^= 1 << data.draw(some.integers(0, 7))
    with pytest.raises(Tampered):
        SEALER.open(KEY, WHERE, bytes(sealed))


@given(some.binary(max_size=200))
def test_bytes_that_were_never_sealed_do_not_open(anything: bytes) -> None:
    """What is no sealed value is refused as one that was changed."""
    with pytest.raises(Tampered):
        SEALER.open(KEY, WHERE, anything)


@pytest.mark.parametrize(
    "elsewhere", [replace(WHERE, table="outbox"), replace(WHERE, column="body"), replace(WHERE, row="row-2")]
)
def test_a_value_opens_only_in_its_place(elsewhere: Where) -> None:
    """A sealed value moved to another table, column or row does not open."""
    with pytest.raises(Tampered):
        SEALER.open(KEY, elsewhere, SEALER.seal(KEY, WHERE, "hello"))


@given(ANY_TEXT, ANY_TEXT)
def test_length_tells_only_the_bucket(one: str, other: str) -> None:
    """Two texts of the same bucket are sealed to the same length."""
    lengths = [len(text.encode("utf-8", "surrogatepass")) + 4 for text in (one, other)]
    buckets = [
        next((size for size in (64, 128, 256, 512, 1024, 2048, 4096) if n <= size), -(-n // 4096)) for n in lengths
    ]
    sealed = [len(SEALER.seal(KEY, WHERE, text)) for text in (one, other)]
    assert (buckets[0] == buckets[1]) == (sealed[0] == sealed[1])


def test_same_text_is_never_sealed_twice_alike() -> None:
    """A thief cannot tell that two messages say the same."""
    assert len({SEALER.seal(KEY, WHERE, "2") for _ in range(1000)}) == 1000


def test_wrapped_key_comes_back_under_its_id_only() -> None:
    """A person's key opens with the master key, and not where another person's stands."""
    key = SEALER.new_key()
    wrapped = SEALER.wrap(KEY.id, key)
    assert SEALER.unwrap(KEY.id, wrapped) == PersonKey(KEY.id, key)
    with pytest.raises(Tampered):
        SEALER.unwrap("f" * 32, wrapped)


def test_another_master_key_says_so() -> None:
    """A key wrapped by another master key is told apart from one that was changed."""
    with pytest.raises(WrongKey):
        Sealer(bytes(32)).unwrap(KEY.id, SEALER.wrap(KEY.id, SEALER.new_key()))


def test_master_key_of_another_length_is_refused() -> None:
    """A master key that was cut short makes no sealer."""
    with pytest.raises(WrongKey):
        Sealer(bytes(31))


def test_blind_index_finds_again_after_a_restart() -> None:
    """The same address gives the same index in another session, and another address another one."""
    again = Sealer(MASTER_KEY, memory_kib=8, passes=1)
    assert SEALER.blind(ADDRESS) == SEALER.blind(ADDRESS) == again.blind(ADDRESS)
    assert SEALER.blind("sms:+915550000002") != SEALER.blind(ADDRESS)


def test_blind_index_needs_the_master_key() -> None:
    """Who has the database but not the key cannot look an address up."""
    assert Sealer(bytes(32), memory_kib=8, passes=1).blind(ADDRESS) != SEALER.blind(ADDRESS)


def test_code_and_address_are_hashed_apart() -> None:
    """A return code and an address of the same characters have nothing in common."""
    assert SEALER.blind_code("12345678") == SEALER.blind_code("12345678") != SEALER.blind("12345678")


def test_no_more_than_two_slow_hashes_at_once() -> None:
    """A flood of strangers cannot fill the memory: each slow hash holds its megabytes, and two may run."""
    sealer = Sealer(MASTER_KEY, memory_kib=64, passes=1)
    with sealer._slots, sealer._slots:
        flood = threading.Thread(target=sealer.blind, args=(ADDRESS,))
        flood.start()
        flood.join(0.1)
        assert flood.is_alive()
    flood.join()


@given(
    some.tuples(some.text(), some.text()), some.tuples(some.text(), some.text()), some.binary(min_size=32, max_size=32)
)
def test_dedupe_tells_messages_apart(one: tuple[str, str], other: tuple[str, str], index: bytes) -> None:
    """Two deliveries share a hash only if provider and id are both the same, however they are cut."""
    assert (SEALER.dedupe(*one, index) == SEALER.dedupe(*other, index)) == (one == other)


def test_nothing_secret_is_printed() -> None:
    """A key or a sealer in a log or a traceback shows none of its bytes."""
    shown = f"{KEY!r} {SEALER!r}"
    assert repr(KEY.key) not in shown
    assert repr(MASTER_KEY) not in shown

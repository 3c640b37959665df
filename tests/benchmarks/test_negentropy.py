"""Negentropy as the exchange is held against it: the difference to the last id, byte for byte as specified."""

from hashlib import sha256

import pytest
from hypothesis import given, strategies as st

from tests.benchmarks.negentropy import (
    REFERENCE,
    TUNED,
    Found,
    Negentropy,
    Settings,
    read_varint,
    reconcile,
    varint,
)


def id_of(*first: int) -> bytes:
    """An id that begins so, and goes on with zeros."""
    return bytes(first).ljust(32, b"\0")


IDS = st.one_of(st.binary(min_size=32, max_size=32), st.binary(min_size=2, max_size=2).map(lambda end: bytes(30) + end))
RECORDS = st.dictionaries(IDS, st.integers(0, 40), max_size=200)
SETTINGS = st.sampled_from([REFERENCE, TUNED, Settings(2, 2), Settings(16, 16), Settings(3, 10)])


@given(common=RECORDS, here=RECORDS, there=RECORDS, ours=SETTINGS, theirs=SETTINGS)
def test_both_sides_lack_exactly_what_is_found(
    common: dict[bytes, int], here: dict[bytes, int], there: dict[bytes, int], ours: Settings, theirs: Settings
) -> None:
    clocks = there | here | common  # one clock an id
    client = Negentropy([(clocks[id_], id_) for id_ in common | here], ours)
    server = Negentropy([(clocks[id_], id_) for id_ in common | there], theirs)
    found = reconcile(client, server).found
    assert found.have == (common | here).keys() - (common | there).keys()
    assert found.need == (common | there).keys() - (common | here).keys()


@pytest.mark.parametrize(
    ("number", "digits"),
    [(0, "00"), (127, "7f"), (128, "8100"), (300, "822c"), (16_384, "818000"), (2**63, "81808080808080808000")],
)
def test_a_varint_has_its_most_significant_digit_first(number: int, digits: str) -> None:
    assert varint(number).hex() == digits
    assert read_varint(b"x" + bytes.fromhex(digits) + b"x", 1) == (number, 1 + len(digits) // 2)


def test_nothing_is_an_empty_list_up_to_infinity() -> None:
    # version, then one range: infinity (0), no id prefix (0), IdList (2), no ids (0)
    assert Negentropy([]).opening().hex() == "61" + "00" + "00" + "02" + "00"


def test_few_records_are_listed_by_clock_and_then_by_id() -> None:
    records = [(7, id_of(1)), (3, id_of(9)), (7, id_of(0, 5))]
    ids = id_of(9).hex() + id_of(0, 5).hex() + id_of(1).hex()
    assert Negentropy(records).opening().hex() == "61" + "0000" + "02" + "03" + ids


def test_a_fingerprint_is_of_the_sum_modulo_two_to_the_256_and_the_count() -> None:
    store = Negentropy([(1, b"\xff" * 32), (2, id_of(3))])
    assert store.fingerprint(0, 0) == sha256(bytes(32) + b"\x00").digest()[:16]
    assert store.fingerprint(1, 2) == sha256(id_of(3) + b"\x01").digest()[:16]
    assert store.fingerprint(0, 2) == sha256(id_of(2) + b"\x02").digest()[:16]  # 2^256 - 1 + 3


def test_thirty_two_records_are_sixteen_ranges_with_the_clocks_as_differences() -> None:
    # two records in each range; the upper bound is the clock of the next range's first record, without an id
    records = [(10 * number, id_of(number)) for number in range(1, 33)]
    expected = "61"
    before = 0
    for first in range(1, 33, 2):
        clock = 10 * (first + 2)
        bound = "0000" if first == 31 else varint(1 + clock - before).hex() + "00"
        print_ = sha256(id_of(2 * first + 1) + b"\x02").digest()[:16].hex()
        expected += bound + "01" + print_
        before = clock
    assert Negentropy(records).opening().hex() == expected


def test_records_of_one_moment_are_told_apart_by_the_shortest_prefix() -> None:
    # four records in two ranges: ids 0a0b01.. and 0a0b02.. begin with the same two bytes, so the bound has three
    records = [(5, id_of(0x0A, 0x0A)), (5, id_of(0x0A, 0x0B, 1)), (5, id_of(0x0A, 0x0B, 2)), (5, id_of(0x0C))]
    opening = Negentropy(records, Settings(buckets=2, list_below=2)).opening().hex()
    assert opening.startswith("61" + "06" + "03" + "0a0b02" + "01")  # clock 1 + 5, three bytes, Fingerprint
    assert opening[2 * (1 + 1 + 1 + 3 + 1 + 16) :].startswith("0000" + "01")


def test_the_server_answers_a_list_with_its_own_and_the_client_has_nothing_more_to_ask() -> None:
    client, server = Negentropy([(1, id_of(1))]), Negentropy([(1, id_of(1)), (2, id_of(2))])
    answered = server.answer(client.opening())
    assert answered.hex() == "61" + "0000" + "02" + "02" + id_of(1).hex() + id_of(2).hex()
    found = Found()
    assert client.next(answered, found) is None
    assert (found.have, found.need) == (set(), {id_of(2)})


def test_equal_sets_are_answered_with_the_version_alone() -> None:
    records = [(number, id_of(number)) for number in range(1, 100)]
    assert Negentropy(records).answer(Negentropy(records).opening()) == b"\x61"


def test_ranges_skipped_side_by_side_are_one_and_the_last_is_not_said() -> None:
    # only the third of sixteen ranges differs: one skip up to it, the list of it, and nothing after
    records = [(number, id_of(number)) for number in range(1, 33)]
    without = [(number, id_of(number)) for number in range(1, 33) if number != 6]
    answered = Negentropy(without).answer(Negentropy(records).opening())
    assert answered.hex() == "61" + "06" + "00" + "00" + "03" + "00" + "02" + "01" + id_of(5).hex()

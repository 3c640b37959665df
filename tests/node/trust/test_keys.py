"""Keys and seals: what holds, what does not, and that nothing secret is shown."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, strategies as st
from nacl.bindings import crypto_core_ed25519_add

from node.errors import SignatureWrong
from node.trust import labels
from node.trust.keys import BoxKey, NodeKey, OrganisationKey, TrusteeKey, box, holds, key_is_sound
from node.trust.seal import seal, signature_holds, verify_many
from sync.envelope import SealedRecord
from tests.builders.trust import seed

KEY = NodeKey(seed("key"))
ORDER = 2**252 + 27742317777372353535851937790883648493
SMALL_ORDER = [
    bytes(32),
    b"\x01" + bytes(31),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
]
"""The points of order 1, 2, 4 and 8 in canonical and other encodings."""


@given(st.binary(max_size=300))
def test_what_was_sealed_holds_under_its_key_only(body: bytes) -> None:
    sealed = seal(body, KEY)
    assert signature_holds(sealed, KEY.public_key)
    assert not signature_holds(sealed, NodeKey(seed("another")).public_key)


@given(st.binary(min_size=1, max_size=100), st.data())
def test_any_changed_bit_breaks_the_seal(body: bytes, data: st.DataObject) -> None:
    sealed = seal(body, KEY)
    whole = bytearray(sealed.signature + sealed.body)
    place = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[place // 8] ^= 1 << place % 8
    assert not signature_holds(SealedRecord(bytes(whole[64:]), bytes(whole[:64])), KEY.public_key)


def test_a_signature_under_one_label_does_not_hold_under_another() -> None:
    signature = KEY.sign(labels.CERTIFICATE, b"body")
    assert holds(labels.CERTIFICATE, b"body", signature, KEY.public_key)
    assert not holds(labels.RECORD, b"body", signature, KEY.public_key)


def test_every_label_ends_its_line_and_is_no_others_beginning() -> None:
    all_labels = [value for name, value in vars(labels).items() if name.isupper()]
    assert len(set(all_labels)) == len(all_labels) == 11
    assert all(label.startswith(b"moyai.v1 ") and label.endswith(b"\n") for label in all_labels)


@pytest.mark.parametrize("public_key", SMALL_ORDER, ids=lambda key: key.hex()[:8])
def test_a_small_order_key_signs_nothing_and_is_unsound(public_key: bytes) -> None:
    assert not key_is_sound(public_key)
    for r in SMALL_ORDER:
        for s in (bytes(32), b"\x01" + bytes(31)):
            assert not holds(labels.RECORD, b"any", r + s, public_key)


def test_a_signature_whose_s_is_not_reduced_is_refused() -> None:
    good = KEY.sign(labels.RECORD, b"body")
    larger = int.from_bytes(good[32:], "little") + ORDER
    assert not holds(labels.RECORD, b"body", good[:32] + larger.to_bytes(32, "little"), KEY.public_key)


def test_a_key_with_a_small_order_part_is_unsound() -> None:
    assert key_is_sound(KEY.public_key)
    mixed = crypto_core_ed25519_add(KEY.public_key, SMALL_ORDER[4])
    assert not key_is_sound(mixed)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_another_size_is_unsound(size: int) -> None:
    assert not key_is_sound(b"\x09" * size)
    assert not holds(labels.RECORD, b"", bytes(64), b"\x09" * size)


@pytest.mark.parametrize("key", [KEY, OrganisationKey(seed("o")), TrusteeKey(seed("t")), BoxKey(seed("b"))])
def test_a_key_never_shows_its_secret(key: NodeKey | OrganisationKey | TrusteeKey | BoxKey) -> None:
    secret = key.secret if isinstance(key, BoxKey) else key.seed
    assert secret.hex() not in repr(key)
    assert str(secret) not in repr(key)
    assert key.public_key.hex()[:16] in repr(key)


def test_a_key_is_made_from_the_entropy_given() -> None:
    assert NodeKey.generate(lambda size: b"\x05" * size) == NodeKey(b"\x05" * 32)


def test_keys_of_two_kinds_are_never_equal() -> None:
    assert NodeKey(seed("one")) != TrusteeKey(seed("one"))


def test_what_is_boxed_to_a_key_opens_with_it_only() -> None:
    key = BoxKey(seed("box"))
    boxed = box(b"plain", key.public_key)
    assert key.unbox(boxed) == b"plain"
    for wrong in (boxed[:-1], boxed[:10], b""):
        with pytest.raises(SignatureWrong):
            key.unbox(wrong)
    with pytest.raises(SignatureWrong):
        BoxKey(seed("other box")).unbox(boxed)


def test_a_batch_says_of_each_what_it_would_say_alone() -> None:
    items = [(seal(bytes([number % 7]), KEY), KEY.public_key) for number in range(200)]
    for wrong in (0, 63, 64, 199):
        items[wrong] = (SealedRecord(b"changed", items[wrong][0].signature), KEY.public_key)
    expected = [signature_holds(*item) for item in items]
    assert expected.count(False) == 4
    with ThreadPoolExecutor(2) as executor:
        assert verify_many(items, executor) == verify_many(items) == expected


def test_another_thread_runs_while_a_large_body_is_verified() -> None:
    """libsodium is called without the GIL: the other thread gets on during one single call."""
    body = bytes(64 * 1024 * 1024)
    signature = KEY.sign(labels.RECORD, body)
    steps: list[float] = []
    done = threading.Event()

    def step() -> None:
        while not done.wait(0.001):
            steps.append(time.perf_counter())

    other = threading.Thread(target=step)
    other.start()
    from_s = time.perf_counter()
    assert holds(labels.RECORD, body, signature, KEY.public_key)
    until_s = time.perf_counter()
    done.set()
    other.join()
    assert sum(from_s < each < until_s for each in steps) > 5

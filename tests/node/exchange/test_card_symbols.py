"""Digits on paper become the card again, whatever keyboard they were typed through; what is wrong is told apart."""

from random import Random

import jaconv
import pytest
from hypothesis import given, strategies as st

from node.desk.scanning import Scanned, scanned
from node.errors import (
    CardPartsMissing,
    CardPartsMixed,
    CardSymbolDamaged,
    CardTooLarge,
    CardUnreadable,
    FormNumberWrong,
    ScannerThroughInputMethod,
    WristbandMisread,
)
from node.exchange.card import RECORDS_MAX, card_bytes, pack, unpack
from node.exchange.card_symbols import PARTS_MAX, SCREEN_PIECE_BYTES, from_symbols, is_part, to_symbols
from node.exchange.form_number import form_number, printed, read_form_number, series_of
from node.exchange.wristband import DIGITS, wearer, wristband
from tests.builders.trust import FEDERATION, NOW_MS, WAJIMA, node

WRITER = node(WAJIMA, "home")
PACKED = Random(7).randbytes(1500)
TO_KANA = str.maketrans("0123456789", "わぬふあうえおやゆよ")
TO_FRENCH = str.maketrans("0123456789", "à&é\"'(-è_ç")


@given(packed=st.binary(min_size=16, max_size=3000), piece=st.integers(min_value=SCREEN_PIECE_BYTES, max_value=420))
def test_any_card_comes_back_from_its_symbols(packed: bytes, piece: int) -> None:
    if len(packed) <= PARTS_MAX * piece:
        assert from_symbols(reversed(to_symbols(packed, piece_bytes=piece))) == packed


@pytest.mark.parametrize(
    "typed",
    [
        str,
        lambda text: jaconv.h2z(text, digit=True, ascii=True),
        lambda text: text.translate(TO_KANA),
        lambda text: text.translate(TO_FRENCH),
        lambda text: f" {text}\r\n",
        lambda text: " ".join(text[start : start + 100] for start in range(0, len(text), 100)),
    ],
    ids=["digits", "full width", "kana keys", "french keys", "line feed", "spaces"],
)
def test_a_scanner_may_type_through_any_keyboard(typed) -> None:
    symbols = [typed(symbol) for symbol in to_symbols(PACKED)]
    assert [scanned(symbol) for symbol in symbols] == [Scanned.CARD] * len(symbols)
    assert from_symbols(symbols) == PACKED


@pytest.mark.parametrize("at", [2, 17, 400, -1])
def test_a_digit_that_is_wrong_or_missing_is_found_out(at: int) -> None:
    symbol = to_symbols(PACKED)[0]
    other = str((int(symbol[at]) + 1) % 10)
    whole = at % len(symbol)
    for damaged in (symbol[:whole] + other + symbol[whole + 1 :], symbol[:whole] + symbol[whole + 1 :]):
        with pytest.raises(CardSymbolDamaged):
            from_symbols([damaged])


def test_what_an_input_method_made_of_it_is_told_apart_from_damage() -> None:
    symbol = to_symbols(PACKED)[0]
    garbled = symbol[:30] + "か" + symbol[30:]
    assert scanned(garbled) is Scanned.CARD
    with pytest.raises(ScannerThroughInputMethod):
        from_symbols([garbled])


def test_a_missing_part_is_named() -> None:
    symbols = to_symbols(PACKED)
    with pytest.raises(CardPartsMissing) as refusal:
        from_symbols([symbols[0], symbols[2], symbols[0]])
    assert (refusal.value.details["missing"], refusal.value.details["parts"]) == ("2, 4", 4)


def test_parts_of_two_cards_are_not_joined() -> None:
    with pytest.raises(CardPartsMixed):
        from_symbols([to_symbols(PACKED)[0], to_symbols(PACKED[::-1])[1]])


def test_more_than_can_be_scanned_is_refused() -> None:
    with pytest.raises(CardTooLarge):
        to_symbols(bytes(20_000))


@pytest.mark.parametrize("text", ["77" + "9" * 60, "12" * 40, "77" + "0" * 60, "77" + "1" * 4_200])
def test_long_numbers_that_are_no_card_are_told_so(text: str) -> None:
    assert is_part(text)
    with pytest.raises(CardSymbolDamaged):
        from_symbols([text])


@pytest.mark.parametrize(
    "text",
    ["", "yamada", "ヤマダ", "山田", "19480503", "S230503", "090-1234-5678", "123456789012", "あおや", "石川県1-2-3"],
)
def test_what_people_type_is_left_to_the_search(text: str) -> None:
    assert scanned(text) is Scanned.NOTHING


# --- what is inside


def card(**changes: object) -> bytes:
    fields = {
        "federation": FEDERATION,
        "node": WRITER.node,
        "issued_at_ms": NOW_MS,
        "certificates": [WRITER.signed_certificate],
        "records": [WRITER.record()],
    } | changes
    return pack(card_bytes(**fields), bytes(64))  # type: ignore[arg-type]


def test_a_card_is_read_as_it_was_packed() -> None:
    read = unpack(card())
    assert (read.federation, read.node, read.issued_at_ms) == (FEDERATION, WRITER.node, NOW_MS)
    assert read.certificates == (WRITER.signed_certificate,)
    assert read.records == (WRITER.record(),)


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"\x28\xb5\x2f\xfd",
        PACKED,
        card()[:-1],
        card() + b"\0",
        card(federation=b"short"),
        card(node=b""),
        card(issued_at_ms=0),
        card(records=[]),
        card(records=[WRITER.record()] * (RECORDS_MAX + 1)),
    ],
)
def test_what_is_no_card_is_refused(packed: bytes) -> None:
    with pytest.raises(CardUnreadable):
        unpack(packed)


# --- short numbers


@given(st.binary(min_size=16, max_size=16))
def test_a_wristband_is_a_number_of_one_length_and_finds_its_wearer(subject: bytes) -> None:
    number = wristband(subject)
    assert len(number) == DIGITS
    assert scanned(number) is Scanned.WRISTBAND
    assert wearer(number.translate(TO_KANA), [bytes(16), subject]) == subject


@given(st.binary(min_size=16, max_size=16), st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_a_wristband_misread_in_one_digit_is_found_out(subject: bytes, at: int, more: int) -> None:
    number = wristband(subject)
    wrong = number[:at] + str((int(number[at]) + more) % 10) + number[at + 1 :]
    with pytest.raises(WristbandMisread):
        wearer(wrong, [subject])


@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 8), st.integers(1, 9))
def test_a_sheet_s_number_typed_wrongly_is_found_out(series: int, count: int, at: int, more: int) -> None:
    number = form_number(series, count)
    assert read_form_number(printed(number)) == number
    digits = number[1:]
    wrong = digits[:at] + str((int(digits[at]) + more) % 10) + digits[at + 1 :]
    swapped = digits[:at] + digits[at : at + 2][::-1] + digits[at + 2 :]
    for typed in {wrong, swapped} - {digits}:
        with pytest.raises(FormNumberWrong):
            read_form_number("F" + typed)


@pytest.mark.parametrize(
    "typed",
    [
        "f00000012{}",
        "Ｆ００００－００１２－{}",
        "は わわわわ わわぬふ {}",
        "F 0000-0012-{}",
        "0000-0012-{}",
        "００００-００１２-{}",
    ],
)
def test_a_sheet_s_number_may_be_typed_in_any_way(typed: str) -> None:
    number = form_number(0, 12)
    assert scanned(typed.format(number[-1])) is Scanned.FORM
    assert read_form_number(typed.format(number[-1])) == number


@pytest.mark.parametrize("typed", ["000000128", "0768-22-1111", "0000-00128", "1948-0503", "07682-2111-1"])
def test_what_may_be_a_telephone_number_or_a_date_is_no_sheet_s_number(typed: str) -> None:
    assert scanned(typed) is Scanned.NOTHING


def test_the_town_hall_and_its_laptops_number_their_sheets_apart() -> None:
    assert series_of(WRITER.node, is_home=True) == 0
    assert series_of(WRITER.node, is_home=False) > 0

"""Turns a packed card into digits that a scanner can type, and digits back into the card.

A scanner is a keyboard, and what it types passes a layout and perhaps an input method. Digits come through all of them:
they lie where they lie on every Japanese keyboard, need no Shift, are never made into kana, and where they come out
full width or as the kana on their keys they can be told. And a symbol holds nearly as much in its numeric mode as in
bytes (3.32 of 3.33 bits a digit; base 32 in the alphanumeric mode 5 of 5.5). Health cards do the same.

A part is the bytes below, read as one number and written in decimal behind `MARK`:

1, so that leading zeros count      1 byte
version, 1                          1 byte
which part, from 1; of how many     1 byte each
which card                          the first 4 bytes of SHA-256 over the packed card
a piece of the packed card
check                               the first 4 bytes of SHA-256 over all of the above but the leading 1
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from node.errors import (
    CardPartsMissing,
    CardPartsMixed,
    CardSymbolDamaged,
    CardTooLarge,
    CardUnreadable,
    ScannerThroughInputMethod,
)

MARK: Final = "77"
"""What the digits of every part begin with."""
VERSION: Final = 1
PARTS_MAX: Final = 24
"""More than anybody has the patience to scan; 15 kB on paper."""
PAPER_PIECE_BYTES: Final = 420
"""Of the card in one symbol on paper: 79 modules a side at medium correction, 45 mm at the size any scanner reads."""
SCREEN_PIECE_BYTES: Final = 88
"""The same on a terminal of 24 lines: 37 modules a side at low correction, two rows a line."""
PART_DIGITS_MIN: Final = 40
"""So many digits in a row are nothing else anybody types."""
PART_DIGITS_MAX: Final = 4_000
_HEAD_BYTES: Final = 8
_CHECK_BYTES: Final = 4

_KANA_KEYS: Final = dict(zip("わぬふあうえおやゆよ", "0123456789", strict=True))
"""The kana on the keys of the digits, which come where the keyboard is set to kana."""
_FRENCH_KEYS: Final = dict(zip("à&é\"'(-è_ç", "0123456789", strict=True))
"""What the keys of the digits type without Shift where the layout is French."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one symbol holds."""

    card: bytes
    number: int
    """From 1."""
    parts: int
    piece: bytes


def digits_typed(text: str) -> str | None:
    """The digits a scanner sent, however the keyboard set them; None: this is something else.

    Full width, the kana on the keys, and the French layout are undone.
    """
    bare = "".join(text.split())
    for table in (_KANA_KEYS, _FRENCH_KEYS):
        if bare and all(character in table or _digit(character) for character in bare):
            return "".join(table.get(character) or _digit(character) for character in bare)
    return None


def is_part(text: str) -> bool:
    """Whether what was scanned is, or was, a symbol of a card."""
    digits = digits_typed(text)
    if digits is not None:
        return len(digits) >= PART_DIGITS_MIN
    return is_garbled(text)


def is_garbled(text: str) -> bool:
    """Whether a long text is a symbol that an input method has made something else of: mostly digits, and some kana."""
    bare = "".join(text.split())
    return len(bare) >= PART_DIGITS_MIN and 2 * sum(bool(_digit(character)) for character in bare) > len(bare)


@dataclass(slots=True)
class Gathered:
    """The symbols of one card, scanned one by one in any order."""

    held: dict[int, Part] = field(default_factory=dict)

    def add(self, text: str) -> bytes | None:
        """One more symbol. Returns the packed card once all are there.

        Raises:
            CardSymbolDamaged, ScannerThroughInputMethod, CardUnreadable: as `read_symbol`; what was there stays.
            CardPartsMixed: it is of another card, with which it begins anew.
        """
        part = read_symbol(text)
        others = [other for other in self.held.values() if (other.card, other.parts) != (part.card, part.parts)]
        if others:
            self.held = {part.number: part}
            raise CardPartsMixed
        self.held[part.number] = part
        if self.missing:
            return None
        packed, self.held = joined(self.held), {}
        return packed

    @property
    def missing(self) -> list[int]:
        """The numbers of the symbols that are still to be scanned."""
        whole = max((part.parts for part in self.held.values()), default=0)
        return [number for number in range(1, whole + 1) if number not in self.held]


def to_symbols(packed: bytes, *, piece_bytes: int = PAPER_PIECE_BYTES) -> list[str]:
    """The digits of each symbol, in their order; all are filled alike.

    Raises:
        CardTooLarge: they would be too many to scan.
    """
    parts = -(-len(packed) // piece_bytes)
    if parts > PARTS_MAX:
        raise CardTooLarge(parts=parts, parts_max=PARTS_MAX)
    each = -(-len(packed) // parts)
    card = sha256(packed).digest()[:4]
    pieces = (packed[start : start + each] for start in range(0, len(packed), each))
    return [_written(Part(card, number, parts, piece)) for number, piece in enumerate(pieces, 1)]


def read_symbol(text: str) -> Part:
    """What one symbol holds.

    Raises:
        CardSymbolDamaged: it was not read as it was printed.
        ScannerThroughInputMethod: an input method has made other characters of the digits.
        CardUnreadable: it is of a newer version.
    """
    digits = digits_typed(text)
    if digits is None:
        raise ScannerThroughInputMethod if is_garbled(text) else CardSymbolDamaged
    if not digits.startswith(MARK) or not PART_DIGITS_MIN <= len(digits) <= PART_DIGITS_MAX:
        raise CardSymbolDamaged
    number = int(digits[len(MARK) :])
    read = number.to_bytes((number.bit_length() + 7) // 8, "big")
    body, check = read[1:-_CHECK_BYTES], read[-_CHECK_BYTES:]
    if read[:1] != b"\x01" or len(body) < _HEAD_BYTES or _check(body) != check:
        raise CardSymbolDamaged
    part = Part(body[3:7], body[1], body[2], body[7:])
    if body[0] != VERSION or not 1 <= part.number <= part.parts <= PARTS_MAX:
        raise CardUnreadable(rule="symbol")
    return part


def from_symbols(texts: Iterable[str]) -> bytes:
    """The packed card of these symbols, given in any order and more than once.

    Raises:
        CardSymbolDamaged, ScannerThroughInputMethod, CardUnreadable: as `read_symbol`.
        CardPartsMixed, CardPartsMissing: they are not those of one card.
    """
    return joined({part.number: part for part in _of_one_card(map(read_symbol, texts))})


def joined(parts: Mapping[int, Part]) -> bytes:
    """The packed card of these parts by their number.

    Raises:
        CardPartsMissing: not all are there.
        CardUnreadable: together they are not the card they say.
    """
    whole = max((part.parts for part in parts.values()), default=1)
    missing = [number for number in range(1, whole + 1) if number not in parts]
    if missing:
        raise CardPartsMissing(missing=", ".join(map(str, missing)), parts=whole)
    packed = b"".join(parts[number].piece for number in sorted(parts))
    if any(part.card != sha256(packed).digest()[:4] for part in parts.values()):
        raise CardUnreadable(rule="parts")
    return packed


def _of_one_card(parts: Iterable[Part]) -> Iterator[Part]:
    first: Part | None = None
    for part in parts:
        first = first or part
        if (part.card, part.parts) != (first.card, first.parts):
            raise CardPartsMixed
        yield part


def _written(part: Part) -> str:
    body = bytes((VERSION, part.number, part.parts)) + part.card + part.piece
    return MARK + str(int.from_bytes(b"\x01" + body + _check(body), "big"))


def _check(body: bytes) -> bytes:
    return sha256(body).digest()[:_CHECK_BYTES]


def _digit(character: str) -> str:
    """The digit a character is in any width or script; empty: none."""
    read = unicodedata.decimal(character, None)
    return "" if read is None else str(read)

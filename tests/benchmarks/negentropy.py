"""Negentropy V1, range-based set reconciliation, as its published specification has it: the exchange's measure.

Written from https://github.com/hoytech/negentropy/blob/master/docs/negentropy-protocol-v1.md and nothing else. Sums of
ids are kept from the left end on, so that the fingerprint of any range costs one subtraction.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate

PROTOCOL_1 = b"\x61"
SKIP, FINGERPRINT, ID_LIST = 0, 1, 2
ID_BYTES = 32
CLOCK_BYTES = 8
FINGERPRINT_BYTES = 16
INFINITY = b"\xff" * CLOCK_BYTES
"""The bound above every record; no record has this clock."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a range is taken apart where the fingerprints differ."""

    buckets: int
    """Into how many smaller ranges."""
    list_below: int
    """A range of fewer records than this is listed instead."""


REFERENCE = Settings(buckets=16, list_below=32)
"""As the reference implementations have it."""

TUNED = Settings(buckets=4, list_below=4)
"""The fewest bytes for differences scattered over a million records, of all we tried; it costs more round trips."""


@dataclass(slots=True)
class Found:
    """What the client has learnt."""

    have: set[bytes] = field(default_factory=set)
    """Ids the server lacks."""
    need: set[bytes] = field(default_factory=set)
    """Ids the client lacks."""


class Negentropy:
    """One participant with its records: (clock in seconds, 32-byte id) in any order."""

    def __init__(self, records: Iterable[tuple[int, bytes]], settings: Settings = REFERENCE) -> None:
        self._settings = settings
        self._keys = sorted(map(_key, records))
        """Clock and id in one: their order as bytes is the records' order."""
        ids = (int.from_bytes(key[CLOCK_BYTES:], "little") for key in self._keys)
        self._sums = list(accumulate(ids, initial=0))

    def with_more(self, records: Iterable[tuple[int, bytes]]) -> "Negentropy":
        """Another participant, who has these as well."""
        other = Negentropy((), self._settings)
        other._keys = sorted([*self._keys, *map(_key, records)])
        ids = (int.from_bytes(key[CLOCK_BYTES:], "little") for key in other._keys)
        other._sums = list(accumulate(ids, initial=0))
        return other

    def tuned(self, settings: Settings) -> "Negentropy":
        """The same records under other settings."""
        other = Negentropy((), settings)
        other._keys, other._sums = self._keys, self._sums
        return other

    def opening(self) -> bytes:
        """The client's first message."""
        message = _Message()
        self._take_apart(message, 0, len(self._keys), INFINITY)
        return message.whole()

    def answer(self, asked: bytes) -> bytes:
        """The server's answer to any message of the client's."""
        message = _Message()
        for low, high, bound, mode, payload in self._ranges(asked):
            if mode == ID_LIST:
                self._list(message, low, high, bound)
            elif mode == FINGERPRINT and payload != self.fingerprint(low, high):
                self._take_apart(message, low, high, bound)
            else:
                message.skip(bound)
        return message.whole()

    def next(self, answered: bytes, found: Found) -> bytes | None:
        """The client's next message; None: everything is found out."""
        message = _Message()
        for low, high, bound, mode, payload in self._ranges(answered):
            if mode == ID_LIST:
                ours = {key[CLOCK_BYTES:] for key in self._keys[low:high]}
                theirs = {payload[at : at + ID_BYTES] for at in range(0, len(payload), ID_BYTES)}
                found.have |= ours - theirs
                found.need |= theirs - ours
                message.skip(bound)
            elif mode == FINGERPRINT and payload != self.fingerprint(low, high):
                self._take_apart(message, low, high, bound)
            else:
                message.skip(bound)
        return None if message.empty else message.whole()

    def fingerprint(self, low: int, high: int) -> bytes:
        """Of the records from the low-th up to the high-th."""
        total = (self._sums[high] - self._sums[low]) % (1 << 256)
        return sha256(total.to_bytes(ID_BYTES, "little") + varint(high - low)).digest()[:FINGERPRINT_BYTES]

    def _ranges(self, message: bytes) -> Iterator[tuple[int, int, bytes, int, bytes]]:
        """The ranges of a message, each with the places in our own records that it begins and ends at."""
        low = 0
        for bound, mode, payload in opened(message):
            high = bisect_left(self._keys, bound.ljust(CLOCK_BYTES + ID_BYTES, b"\0"), low)
            yield low, high, bound, mode, payload
            low = high

    def _take_apart(self, message: "_Message", low: int, high: int, bound: bytes) -> None:
        count, buckets = high - low, self._settings.buckets
        if count < self._settings.list_below:
            self._list(message, low, high, bound)
            return
        size, larger = divmod(count, buckets)
        for number in range(buckets):
            end = low + size + (number < larger)
            upper = bound if number == buckets - 1 else shortest_between(self._keys[end - 1], self._keys[end])
            message.add(upper, FINGERPRINT, self.fingerprint(low, end))
            low = end

    def _list(self, message: "_Message", low: int, high: int, bound: bytes) -> None:
        ids = b"".join(key[CLOCK_BYTES:] for key in self._keys[low:high])
        message.add(bound, ID_LIST, varint(high - low) + ids)


class _Message:
    """A message while it is written; skipped ranges that touch become one, and the last needs not be said."""

    def __init__(self) -> None:
        self._parts = [PROTOCOL_1]
        self._clock = 0
        self._skipped: bytes | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing more to ask."""
        return len(self._parts) == 1

    def skip(self, bound: bytes) -> None:
        """Nothing is to be done up to this bound."""
        self._skipped = bound

    def add(self, bound: bytes, mode: int, payload: bytes) -> None:
        """One range up to this bound."""
        if self._skipped is not None:
            self._parts += (self._bound(self._skipped), varint(SKIP))
            self._skipped = None
        self._parts += (self._bound(bound), varint(mode), payload)

    def whole(self) -> bytes:
        """The message as it travels."""
        return b"".join(self._parts)

    def _bound(self, bound: bytes) -> bytes:
        clock, prefix = int.from_bytes(bound[:CLOCK_BYTES]), bound[CLOCK_BYTES:]
        if bound == INFINITY:
            return varint(0) + varint(0)
        offset, self._clock = clock - self._clock, clock
        return varint(1 + offset) + varint(len(prefix)) + prefix


def opened(message: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    """The ranges of a message: upper bound, mode, payload. The message is our own twin's, and believed."""
    at, clock = 1, 0
    while at < len(message):
        offset, at = read_varint(message, at)
        length, at = read_varint(message, at)
        prefix, at = message[at : at + length], at + length
        clock += max(offset - 1, 0)
        bound = clock.to_bytes(CLOCK_BYTES) + prefix if offset else INFINITY
        mode, at = read_varint(message, at)
        size = 0
        if mode == FINGERPRINT:
            size = FINGERPRINT_BYTES
        elif mode == ID_LIST:
            count, at = read_varint(message, at)
            size = count * ID_BYTES
        yield bound, mode, message[at : at + size]
        at += size


def _key(record: tuple[int, bytes]) -> bytes:
    return record[0].to_bytes(CLOCK_BYTES) + record[1]


def shortest_between(last: bytes, first: bytes) -> bytes:
    """The shortest bound above one record that the next one is not below."""
    length = CLOCK_BYTES
    while last[:length] == first[:length]:
        length += 1
    return first[:length]


def varint(number: int) -> bytes:
    """Digits to the base 128, most significant first; all but the last have the high bit set."""
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(number & 0x7F | 0x80)
    return bytes(reversed(digits))


def read_varint(message: bytes, at: int) -> tuple[int, int]:
    """The number that begins here, and where it ends."""
    number = 0
    while True:
        digit = message[at]
        number, at = number << 7 | digit & 0x7F, at + 1
        if digit < 0x80:
            return number, at


@dataclass(frozen=True, slots=True)
class Moved:
    """What one reconciliation cost."""

    found: Found
    bytes: int
    round_trips: int


def reconcile(client: Negentropy, server: Negentropy) -> Moved:
    """From the first message to the last."""
    found, moved, round_trips = Found(), 0, 0
    asked: bytes | None = client.opening()
    while asked is not None:
        answered = server.answer(asked)
        moved += len(asked) + len(answered)
        round_trips += 1
        asked = client.next(answered, found)
    return Moved(found, moved, round_trips)

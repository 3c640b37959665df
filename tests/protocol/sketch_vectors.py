"""Vectors of what two sides must compute alike before they can compare views: roots, sketches, and what decodes."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

import numpy as np

from sync.mapping import CELLS_MAX, Symbols, cells_of
from sync.reconcile import Salted, key_of
from sync.roots import LtHash, root
from sync.sketch import Cells, encode
from tests.protocol.form import Named, Vector, accepted, refused, vector

SALT = sha256(b"salt").digest()[:16]
KEY = key_of(SALT)


def ids(many: int) -> list[bytes]:
    return [sha256(b"id %d" % number).digest() for number in range(many)]


def symbols(many: int, first: int = 0) -> Symbols:
    words = b"".join(sha256(b"symbol %d" % number).digest()[:8] for number in range(first, first + many))
    return np.frombuffer(words, dtype=">u8").astype(np.uint64)


def words(numbers: Sequence[int] | Symbols) -> list[str]:
    return [f"{number:016x}" for number in np.asarray(numbers, dtype=np.uint64).tolist()]


def sketch_vectors() -> Iterator[Named]:
    yield from _roots()
    yield from _mappings()
    yield from _sketches()
    yield from _differences()
    yield from _salted()


def _roots() -> Iterator[Named]:
    def lthash(description: str, some: list[bytes]) -> Vector:
        whole = LtHash()
        whole.add(some)
        return vector("lthash", description, accepted(lanes=whole.lanes().hex()), ids=some)

    def of(description: str, some: list[bytes]) -> Vector:
        return vector("root", description, accepted(root=root(some).hex()), ids=some)

    yield "accept/lthash", lthash("One id.", ids(1))
    yield "accept/lthash-sum", lthash("Forty ids: lanes go round at 65,536.", ids(40))
    yield "accept/root-empty", of("The empty view.", [])
    yield "accept/root", of("Forty ids.", ids(40))
    yield "accept/root-order", of("The same ids the other way round: the same root.", ids(40)[::-1])


def _mappings() -> Iterator[Named]:
    def mapping(description: str, some: list[int], stop: int) -> Vector:
        cells = [cells_of(symbol, stop) for symbol in some]
        return vector("index-mapping", description, accepted(cells=cells), symbols=words(some), stop=stop)

    chance = symbols(2_000).tolist()
    last = max(chance, key=lambda symbol: cells_of(symbol, CELLS_MAX)[-1])
    most = max(chance, key=lambda symbol: len(cells_of(symbol, CELLS_MAX)))
    yield "accept/index-mapping", mapping("Some symbols.", chance[:12], 2_048)
    yield "accept/index-mapping-edges", mapping("No bits, one bit, all bits.", [0, 1, 2**63, 2**64 - 1], 2_048)
    yield "accept/index-mapping-far", mapping("Up to the last cell a sketch may have.", [last, most], CELLS_MAX)


def _sketches() -> Iterator[Named]:
    def sketch(description: str, some: Symbols, stop: int, key: int = 0, start: int = 0) -> Vector:
        cells = encode(some, stop, start=start, key=key)
        out = accepted(cells=cells.to_bytes().hex(), counts=cells.cut(0, 128).counts_bytes().hex() if not start else "")
        return vector(
            "symbols", description, out, symbols=words(some), key=key.to_bytes(8, "big"), start=start, stop=stop
        )

    yield "accept/symbols-none", sketch("An empty view.", symbols(0), 3)
    yield "accept/symbols-one", sketch("One symbol; the cells it does not fall into are zero.", symbols(1), 12)
    yield "accept/symbols", sketch("A hundred symbols.", symbols(100), 60)
    yield "accept/symbols-keyed", sketch("The same under a key: other checksums, the same sums.", symbols(100), 60, KEY)
    yield "accept/symbols-further", sketch("The same, the next cells.", symbols(100), 90, start=60)
    edges = np.array([0, 1, 2**64 - 1], dtype=np.uint64)
    yield "accept/symbols-edges", sketch("The symbols of no bits, one bit and all bits.", edges, 16)


def _differences() -> Iterator[Named]:
    def difference(description: str, cells: Cells, expected: dict[str, object], key: int = 0) -> Vector:
        inputs = {"cells": cells.to_bytes(), "key": key.to_bytes(8, "big")}
        return vector("difference", description, expected, **inputs)

    def apart(stop: int, key: int = 0) -> Cells:
        """Two views with forty symbols in common, thirty in one and twenty in the other."""
        ours, theirs = symbols(70), np.concatenate([symbols(40), symbols(20, 100)])
        return encode(ours, stop, key=key).minus(encode(theirs, stop, key=key))

    found = words(np.sort(np.concatenate([symbols(30, 40), symbols(20, 100)])))
    yield (
        "accept/difference",
        difference("Thirty on one side, twenty on the other.", apart(110), accepted(symbols=found)),
    )
    yield (
        "accept/difference-keyed",
        difference("The same under a key.", apart(110, KEY), accepted(symbols=found), KEY),
    )
    yield "accept/difference-more", difference("Too few cells.", apart(50), accepted(symbols=None))
    yield "accept/difference-none", difference("Nothing.", apart(9).minus(apart(9)), accepted(symbols=[]))

    alien = next(symbol for symbol in symbols(100).tolist() if 1 not in cells_of(symbol, 8))
    elsewhere = encode(np.array([alien], dtype=np.uint64), 1).to_bytes()
    yield (
        "refuse/difference-elsewhere",
        difference(
            "A symbol alone in a cell into which it does not fall.",
            Cells.from_bytes(bytes(12) + elsewhere + 6 * bytes(12)),
            refused("UNDECODABLE"),
        ),
    )
    back = encode(symbols(3), 64)
    back.sums[0] ^= symbols(1)[0]
    back.checks[0] ^= encode(symbols(1), 1).checks[0]
    yield (
        "refuse/difference-back",
        difference(
            "A symbol that the first cell does not hold and the others do: taken out, it comes back.",
            back,
            refused("UNDECODABLE"),
        ),
    )


def _salted() -> Iterator[Named]:
    salted = Salted.of(b"".join(ids(20)), SALT).names
    yield (
        "accept/salted-symbols",
        vector(
            "salted-symbols",
            "The symbols of twenty ids under a salt, in the order of the ids, and the key of their checksums.",
            accepted(symbols=words(salted), key=KEY.to_bytes(8, "big").hex()),
            ids=ids(20),
            salt=SALT,
        ),
    )

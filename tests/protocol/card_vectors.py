"""Vectors of cards: what whoever is handed these symbols must read out of them, or refuse."""

from collections.abc import Iterator, Sequence

from moyai.v1 import trust_pb2
from node.exchange.card import card_bytes, pack
from node.exchange.card_symbols import to_symbols
from node.records import kinds
from node.trust.cards import sign_card
from tests.builders.trust import DAY_MS, FEDERATION, KANAZAWA, NOW_MS, WAJIMA, TestNode, node, seed, signed_roster
from tests.protocol.form import Named, Vector, accepted, refused, vector

WRITER = node(WAJIMA, "field", kind=trust_pb2.NODE_KIND_FIELD)
OTHER = node(KANAZAWA, "home")
SMALL_PIECE = 300


def card_vectors() -> Iterator[Named]:
    """All of them."""
    record = WRITER.record()
    said = accepted(maker=WRITER.node.hex(), records=[record.id.hex()])
    symbols = _symbols()
    yield "accept/card", _vector("By a laptop nobody has heard of; symbols in the wrong order.", symbols[::-1], said)
    full_width = [symbol.translate(str.maketrans("0123456789", "０１２３４５６７８９")) for symbol in symbols]
    yield "accept/card-full-width", _vector("The input method was left on.", full_width, said)
    kana = [symbol.translate(str.maketrans("0123456789", "わぬふあうえおやゆよ")) for symbol in symbols]
    yield "accept/card-kana", _vector("The keyboard was set to kana.", kana, said)
    yield "accept/card-last-day", _vector("Ninety days old.", symbols, said, now_ms=NOW_MS + 91 * DAY_MS - 1)
    yield from _refused(symbols)


def _refused(symbols: Sequence[str]) -> Iterator[Named]:
    cases: list[tuple[str, str, Sequence[str], str]] = [
        ("digit", "One digit was read wrongly.", _changed(symbols), "CARD_SYMBOL_DAMAGED"),
        ("part-missing", "The last symbol was not scanned.", symbols[:-1], "CARD_PARTS_MISSING"),
        ("parts-mixed", "A symbol of another card.", [symbols[0], _symbols(signer=OTHER)[1]], "CARD_PARTS_MIXED"),
        ("federation", "Of another federation.", _symbols(federation=bytes(16)), "CARD_OF_ANOTHER_FEDERATION"),
        ("forged", "Signed by another node than it names.", _symbols(signer=OTHER), "CARD_FORGED"),
        ("maker", "Without the certificate of its maker.", _symbols(certificates=[]), "AUTHOR_UNKNOWN"),
        ("resident", "With a row of the register.", _symbols(records=[_resident()]), "CARD_UNREADABLE"),
        ("two-people", "Of two people.", _symbols(records=[WRITER.record(), _another()]), "CARD_UNREADABLE"),
    ]
    for name, description, shown, reason in cases:
        yield f"refuse/card-{name}", _vector(description, shown, refused(reason))
    old = NOW_MS + 91 * DAY_MS
    yield "refuse/card-old", _vector("Ninety-one days old.", symbols, refused("CARD_TOO_OLD", days=91), now_ms=old)


def _symbols(*, signer: TestNode = WRITER, **changes: object) -> list[str]:
    fields: dict[str, object] = {
        "federation": FEDERATION,
        "node": WRITER.node,
        "issued_at_ms": NOW_MS,
        "certificates": [WRITER.signed_certificate],
        "records": [WRITER.record()],
        **changes,
    }
    written = card_bytes(**fields)  # type: ignore[arg-type]
    return to_symbols(pack(written, sign_card(written, signer.key)), piece_bytes=SMALL_PIECE)


def _changed(symbols: Sequence[str]) -> list[str]:
    first, *rest = symbols
    return [first[:100] + str((int(first[100]) + 1) % 10) + first[101:], *rest]


def _resident() -> object:
    return WRITER.record(facet=kinds.RESIDENT)


def _another() -> object:
    return WRITER.record(subject=seed("another")[:16])


def _vector(description: str, symbols: Sequence[str], expected: dict[str, object], *, now_ms: int = NOW_MS) -> Vector:
    return vector("card", description, expected, symbols=list(symbols), signed_roster=signed_roster(), now_ms=now_ms)

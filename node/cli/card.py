"""`moyai card`: evacuee cards, made for who leaves and read from who arrives."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cyclopts import App

from node.cli.main import STDIN
from node.cli.options import NO_OPTIONS, Common, can_be_missing, listed, subject_of, subjects_of
from node.desk.card_reading import CardTaken
from node.desk.cards import CardMade
from node.desk.post import JAPAN
from node.errors import CardPartsMissing
from node.exchange.card_symbols import SCREEN_PIECE_BYTES, Gathered, to_symbols
from node.files import write_durably
from node.words import reason_sentence, word

app = App(name="card", help="Evacuee cards: show, png, pdf, wristband, and read one")


@app.command
def show(subject: str, *, extra: str = "", common: Common = NO_OPTIONS) -> None:
    """Show a card on a terminal that writes light on dark, one code after the other.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        extra: What the person wants on it as well: condition, medical, belongings, with commas.
    """
    from node.paper.blocks import framed, half_blocks  # noqa: PLC0415 -- seldom needed
    from node.paper.symbol import matrix  # noqa: PLC0415

    card = _made(subject, extra, common)
    symbols = to_symbols(card.packed, piece_bytes=SCREEN_PIECE_BYTES)
    lines = [word("card.carries", common.language, facets=", ".join(card.facets))]
    for number, symbol in enumerate(symbols, 1):
        lines.append(word("card.symbol", common.language, number=number, of=len(symbols)))
        lines += half_blocks(framed(matrix(symbol, error="L")), light=True)
    common.say(_shown(card, symbols), *lines)


@app.command
def png(subject: str, file: Path, *, extra: str = "", common: Common = NO_OPTIONS) -> None:
    """Write a card as a picture, for a telephone.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        file: File to write.
        extra: What the person wants on it as well: condition, medical, belongings, with commas.
    """
    from node.paper.card import picture  # noqa: PLC0415 -- takes long to load

    card = _made(subject, extra, common)
    symbols = to_symbols(card.packed)
    write(file, picture(symbols))
    _say_written(common, card, symbols, file)


@app.command
def pdf(subject: str, file: Path, *, extra: str = "", common: Common = NO_OPTIONS) -> None:
    """Write a card for the printer.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        file: File to write.
        extra: What the person wants on it as well: condition, medical, belongings, with commas.
    """
    card = _made(subject, extra, common)
    with common.opened() as node:
        write(file, node.desk(common.who).printing.card(card))
    _say_written(common, card, to_symbols(card.packed), file)


@app.command
def wristband(*subjects: str, file: Path, common: Common = NO_OPTIONS) -> None:
    """Write wristbands for the printer. There is no name on them, only a number that means something to who holds the
    person's records.

    Args:
        subjects: Ids, or key: and the municipality's own key; - reads them from standard input.
        file: File to write.
    """
    with common.opened() as node:
        ids = subjects_of(node, subjects)
        write(file, node.desk(common.who).printing.wristbands(ids))
        numbers = [node.desk(common.who).cards.wristband(id_) for id_ in ids]
    answer = {"file": str(file), "wristbands": numbers}
    common.say(answer, word("print.wristbands", common.language, count=len(ids), file=str(file)))


@app.command
def read(*symbols: str, guardian: str = "", common: Common = NO_OPTIONS) -> None:
    """Read a card that a person presents; no network is needed. Nothing of it is taken unless all of it holds.

    Args:
        symbols: The digits of its codes, in any order; - or nothing reads them from standard input, a line each, as a
            scanner types them.
        guardian: The guardian's relation, where the person is under 16.
    """
    gathered = Gathered()
    with common.opened() as node:
        for text in _typed(symbols):
            packed = gathered.add(text)
            if packed is not None:
                taken = node.desk(common.who).cards.take(packed, guardian_relation=guardian)
                common.say(_taken(taken), *_lines_of_taken(taken, common.language))
                return
            common.say_on_the_way(word("card.next", common.language, missing=", ".join(map(str, gathered.missing))))
    whole = max((part.parts for part in gathered.held.values()), default=1)
    raise CardPartsMissing(missing=", ".join(map(str, gathered.missing or [1])), parts=whole)


def write(file: Path, content: bytes) -> None:
    """Write a file that only who runs this can read. Raises FileMissing."""
    with can_be_missing(file):
        write_durably(file, content, mode=0o600)


def _typed(symbols: Sequence[str]) -> Sequence[str]:
    if list(symbols) in ([], [STDIN]):
        return [line for line in (line.strip() for line in sys.stdin) if line]
    return symbols


def _made(subject: str, extra: str, common: Common) -> CardMade:
    with common.opened() as node:
        return node.desk(common.who).cards.make(subject_of(node, subject), wished=listed(extra))


def _say_written(common: Common, card: CardMade, symbols: Sequence[str], file: Path) -> None:
    common.say(
        {**_shown(card, symbols), "file": str(file)},
        word("card.done", common.language, file=str(file), symbols=len(symbols)),
        word("card.carries", common.language, facets=", ".join(card.facets)),
    )


def _shown(card: CardMade, symbols: Sequence[str]) -> dict[str, Any]:
    return {"subject": card.subject, "facets": card.facets, "bytes": len(card.packed), "symbols": list(symbols)}


def _taken(taken: CardTaken) -> dict[str, Any]:
    return {
        "subject": taken.subject,
        "organisation": taken.organisation,
        "issued_at_ms": taken.issued_at_ms,
        "records": taken.records,
        "new": taken.new,
        "turned": [{"facet": facet, "reason": reason} for facet, reason in taken.turned],
    }


def _lines_of_taken(taken: CardTaken, language: str) -> list[str]:
    issued = f"{datetime.fromtimestamp(taken.issued_at_ms / 1000, tz=JAPAN):%Y-%m-%d}"
    head = word(
        "card.read",
        language,
        organisation=taken.organisation_name or taken.organisation,
        issued=issued,
        records=taken.records,
        new=taken.new,
    )
    turned = [
        word("card.turned", language, facet=facet, reason=reason_sentence(reason, language))
        for facet, reason in taken.turned
    ]
    return [head, word("card.subject", language, subject=taken.subject.hex()), *turned]

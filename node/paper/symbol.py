"""The modules of a QR symbol, row by row: what paper, pictures and screens are drawn from."""

from collections.abc import Sequence


def matrix(content: str, *, error: str = "M") -> list[bytes]:
    """The modules of a QR symbol, row by row, 1 for black."""
    import segno  # noqa: PLC0415 -- seldom needed, and a tenth of a second of every start

    made = segno.make_qr(content, error=error, boost_error=False)
    return [bytes(row) for row in made.matrix]


def runs(row: Sequence[int]) -> list[tuple[int, int]]:
    """Where in a row black begins, and for how many modules it goes on."""
    found: list[tuple[int, int]] = []
    start = None
    for number, module in enumerate([*row, 0]):
        if module & 1 and start is None:
            start = number
        elif not module & 1 and start is not None:
            found.append((start, number - start))
            start = None
    return found

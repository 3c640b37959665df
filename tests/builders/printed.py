"""What stands on the pages of a PDF of ours, read back from the file as a reader would."""

import re
import zlib

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
SHOWN = re.compile(rb"\(((?:[^()\\]|\\.)*)\) Tj", re.S)
ESCAPED = re.compile(rb"\\(.)", re.S)
MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, line after line."""
    streams = [_plain(found) for found in STREAM.findall(pdf)]
    letters: dict[bytes, str] = {}
    for one in streams:
        if b"beginbfchar" in one:
            letters |= {
                bytes.fromhex(code.decode()): bytes.fromhex(letter.decode()).decode("utf-16-be")
                for code, letter in re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", one)
            }
    return ["\n".join(_read(said, letters) for said in SHOWN.findall(one)) for one in streams if b" Tj" in one]


def _plain(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return packed


def _read(said: bytes, letters: dict[bytes, str]) -> str:
    codes = ESCAPED.sub(lambda found: MEANT.get(found[1], found[1]), said)
    return "".join(letters.get(codes[at : at + 2], "?") for at in range(0, len(codes), 2))

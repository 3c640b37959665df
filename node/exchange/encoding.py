"""Decides in which encoding a file was written, by its mark or by reading the whole of it."""

import codecs
import re
from collections.abc import Iterable
from typing import Final

from node.errors import FileEncodingUnknown, FileNotATable

WRONG_SHARE_MAX: Final = 0.01
"""Of the characters, how many may be unreadable before the guess itself is doubted. Below it their rows are refused."""

WRONG_FEW: Final = 20
"""So many never doubt a guess: a short file with a few broken rows is still a file."""

_HOPELESS: Final = 1_000
"""Wrong characters after which a guess is dropped, if the other has fewer."""

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

UNREADABLE: Final = re.compile("[\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What no text holds: replacement characters and controls."""

_DOUBTFUL: Final = re.compile("[\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\uf8f0-\uf8f3]")
"""The same, and what Python's CP932 makes of bytes that code lacks."""


def decide_encoding(chunks: Iterable[bytes]) -> str:
    """The codec's name: by byte order mark, else UTF-8 if the whole is valid, else CP932, the code of Windows and
    of most municipal systems (Shift_JIS with NEC's and IBM's extensions; 外字 become private-use characters).

    A few broken characters do not decide: the guess with fewer of them is taken, and the reader refuses their rows.

    Raises:
        FileEncodingUnknown: neither reads it.
        FileNotATable: it is full of NUL bytes, as UTF-16 without a mark and programs are.
    """
    candidates = {name: _Trial(name) for name in ("utf-8", "cp932")}
    for number, chunk in enumerate(chunks):
        if number == 0:
            for mark, name in _MARKS:
                if chunk.startswith(mark):
                    return name
            if chunk.count(0) * 10 > len(chunk):
                raise FileNotATable(kind="utf-16-or-binary")
        for trial in candidates.values():
            trial.feed(chunk)
        hopeless = [trial.name for trial in candidates.values() if trial.wrong > _HOPELESS]
        if 0 < len(hopeless) < len(candidates):
            del candidates[hopeless[0]]
    for trial in candidates.values():
        trial.feed(b"", final=True)
    best = min(candidates.values(), key=lambda trial: trial.wrong)  # on a tie the first: UTF-8
    if best.wrong > max(WRONG_FEW, best.characters * WRONG_SHARE_MAX):
        raise FileEncodingUnknown
    return best.name


class _Trial:
    """How well one codec reads the file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.wrong = 0
        self.characters = 0
        self._decoder = codecs.getincrementaldecoder(name)("replace")

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        text = self._decoder.decode(chunk, final)
        self.characters += len(text)
        if not text.isascii() or not text.isprintable():
            self.wrong += len(_DOUBTFUL.findall(text))

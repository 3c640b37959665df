"""Reads a bundle from its files, in any order, with bounded memory: nothing it says is believed before all is checked.

`open_bundle` looks at the heads alone: whole files, one bundle, every part. `first_entries` opens all pieces and looks
into none but the first: then every piece was as it was sealed, and `check_signed` says whether one node has signed
every part. Only after that is it worth while to look at all `entries`: anybody can seal a bundle to us.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

from node.bundles.head import (
    FIRST_BYTES,
    NO_BUNDLE,
    SEALED_PIECE_BYTES,
    SEALED_SIGNATURE_BYTES,
    Head,
    ReadHead,
    read_head,
)
from node.bundles.writing import ENTRY_LENGTH_BYTES, on_medium, to_be_signed
from node.errors import (
    BundleChanged,
    BundleCut,
    BundleForged,
    BundleKeyAnother,
    BundleMalformed,
    BundlePartsMissing,
    BundlePartsMixed,
    BundleRefused,
    FileMissing,
    FileNotNamed,
    SignatureWrong,
)
from node.trust import labels
from node.trust.boxing import PIECE_BYTES, Opening
from node.trust.keys import BoxKey, holds
from sync.limits import FRAME_BYTES_MAX

Progress = Callable[[int, int], None]
"""Told how many bytes are done, of how many."""

ENDING: Final = ".moyai"
"""Of the names of bundles, by which they are found on a stick."""

SHOWN_MAX: Final = 20
"""Missing parts, or bundles not read, that are named; of more the rest is "…"."""


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    read: ReadHead


@dataclass(slots=True)
class BundleFiles:
    """The parts of one bundle, in their order."""

    files: tuple[_File, ...]
    _signed: list[tuple[bytes, bytes]] = field(default_factory=list)
    """For each part opened to its end what was to be signed, and the signature."""

    @property
    def head(self) -> Head:
        """The head of the first part: whom it is for."""
        return self.files[0].read.head

    @property
    def size(self) -> int:
        """Bytes of all parts together."""
        return sum(one.read.file_bytes for one in self.files)

    def entries(self, key: BoxKey, progress: Progress = lambda _done, _total: None) -> Iterator[bytes]:
        """The entries, opened.

        Raises:
            BundleKeyAnother: it is sealed to another key.
            BundleChanged, BundleCut, StickFailed: a file is not, or no longer, as it was written.
            BundleMalformed: what is sealed in it has not the shape it should have.
        """
        self._signed = []
        held = bytearray()
        for plain in self._pieces(key, progress):
            held += plain
            yield from _taken_off(held)
        if any(held):
            raise BundleMalformed(rule="entry cut", file=self.files[-1].path.name)

    def first_entries(self, count: int, key: BoxKey, progress: Progress = lambda _done, _total: None) -> list[bytes]:
        """The first so many entries, or fewer where there are no more. Every piece is opened, but what is in the others
        is not looked at: this costs no more than reading the files does, whatever somebody has sealed in them.

        Raises:
            BundleKeyAnother, BundleChanged, BundleCut, StickFailed, BundleMalformed: as of `entries`.
        """
        self._signed = []
        held = bytearray()
        first: list[bytes] = []
        for plain in self._pieces(key, progress):
            if len(first) < count:
                held += plain
                first.extend(islice(_taken_off(held), count - len(first)))
        return first

    def check_signed(self, public_key: bytes) -> None:
        """Whether this node's key has signed every part; after all pieces were opened.

        Raises:
            BundleForged: it has not.
        """
        if len(self._signed) != len(self.files):
            raise AssertionError("signatures are known once every piece was opened")
        for one, (signed, signature) in zip(self.files, self._signed, strict=True):
            if not holds(labels.BUNDLE, signed, signature, public_key):
                raise BundleForged(file=one.path.name)

    def _pieces(self, key: BoxKey, progress: Progress) -> Iterator[bytes]:
        done, total = 0, self.size
        for one in self.files:
            head, name = one.read.head, one.path.name
            try:
                opening = Opening(head.sealing, key)
            except SignatureWrong as error:
                raise BundleKeyAnother(file=name) from error
            digest = sha256()
            with on_medium(), one.path.open("rb") as file:
                if file.read(one.read.begins)[: len(one.read.written)] != one.read.written:
                    raise BundleChanged(file=name)
                for _ in range(head.pieces):
                    sealed = _exactly(file.read, SEALED_PIECE_BYTES, name)
                    digest.update(sealed)
                    yield _opened(opening, sealed, last=False, name=name)
                    done += SEALED_PIECE_BYTES
                    progress(done, total)
                signature = _opened(opening, _exactly(file.read, SEALED_SIGNATURE_BYTES, name), last=True, name=name)
            self._signed.append((to_be_signed(one.read.written, digest.digest()), signature))
        progress(total, total)


def open_bundle(paths: Sequence[Path]) -> BundleFiles:
    """The files of a bundle, whose heads fit together.

    Raises:
        FileNotNamed, FileMissing: none was given, or a file is not there.
        BundleMalformed, BundleCut, BundleChanged: a file is no whole part.
        BundlePartsMixed: they are of different bundles.
        BundlePartsMissing: not all are there.
    """
    if not paths:
        raise FileNotNamed
    files = {one.read.head.part: one for one in map(_read, paths)}
    heads = [one.read.head for one in files.values()]
    if len({(head.bundle, head.parts, head.federation, head.organisation, head.node) for head in heads}) > 1:
        raise BundlePartsMixed(files=len(paths))
    parts = heads[0].parts
    missing = [part for part in range(1, parts + 1) if part not in files]
    if missing:
        named = ", ".join(str(part) for part in missing[:SHOWN_MAX]) + (", …" if len(missing) > SHOWN_MAX else "")
        raise BundlePartsMissing(missing=named, parts=parts)
    return BundleFiles(tuple(files[part] for part in sorted(files)))


def is_folder(path: Path) -> bool:
    """Whether it is a folder in which bundles may lie.

    Raises:
        StickFailed: that can't be found out.
    """
    with on_medium():
        return path.is_dir()


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in a folder."""

    bundles: list[list[Path]]
    """Those for us, each with its files, the one written first first."""
    refused: dict[str, BundleRefused]
    """By name, what is or was a bundle and can't be read, with the reason."""
    others: list[Head]
    """The heads of those that are for others."""


def bundles_in(folder: Path, ours: Callable[[Head], bool]) -> Found:
    """The bundles in a folder; what is no file or no bundle at all is passed over.

    Raises:
        StickFailed: the folder can't be read.
    """
    found: dict[bytes, list[tuple[float, Path]]] = {}
    others: list[Head] = []
    refused: dict[str, BundleRefused] = {}
    with on_medium():
        paths = sorted(path for path in folder.iterdir() if path.suffix == ENDING)
    for path in paths:
        try:
            with on_medium():
                if not path.is_file():
                    continue
                head, written_at = _read(path).read.head, path.stat().st_mtime
        except BundleRefused as error:
            if error.details.get("rule") != NO_BUNDLE:
                refused[path.name] = error
            continue
        if ours(head):
            found.setdefault(head.bundle, []).append((written_at, path))
        else:
            others.append(head)
    return Found([[path for _, path in files] for files in sorted(found.values(), key=min)], refused, others)


def _read(path: Path) -> _File:
    with on_medium():
        if not path.is_file():
            raise FileMissing(expected=str(path), what="FileNotFoundError")
        with path.open("rb") as file:
            return _File(path, read_head(file.read(FIRST_BYTES), file_bytes=path.stat().st_size, file=path.name))


def _exactly(read: Callable[[int], bytes], size: int, name: str) -> bytes:
    got = read(size)
    if len(got) != size:
        raise BundleCut(file=name, expected=size, got=len(got))
    return got


def _opened(opening: Opening, sealed: bytes, *, last: bool, name: str) -> bytes:
    try:
        return opening.piece(sealed, last=last)
    except SignatureWrong as error:
        raise BundleChanged(file=name) from error


def _taken_off(held: bytearray) -> Iterator[bytes]:
    """The entries that are whole by now, taken off what is held; zeros to the end stay."""
    while len(held) >= ENTRY_LENGTH_BYTES:
        length = int.from_bytes(held[:ENTRY_LENGTH_BYTES], "big")
        if length == 0:
            if any(held) or len(held) > PIECE_BYTES:
                raise BundleMalformed(rule="behind the end")
            return
        if length > FRAME_BYTES_MAX:
            raise BundleMalformed(rule="entry size")
        if len(held) < ENTRY_LENGTH_BYTES + length:
            return
        entry = bytes(held[ENTRY_LENGTH_BYTES : ENTRY_LENGTH_BYTES + length])
        del held[: ENTRY_LENGTH_BYTES + length]
        yield entry

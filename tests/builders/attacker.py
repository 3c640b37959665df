"""A member whose software does what it likes: it has a valid certificate, and builds records and parcels by hand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlcipher3 import dbapi2

from moyai.v1 import exchange_pb2
from node.installation import Installation
from node.pen import PERSON
from node.people.facets import FacetModel, to_content
from node.records.record import Record, body_bytes, open_record
from node.records.version import VersionVector, merge
from node.trust import keyfile
from node.trust.seal import seal
from sync.envelope import Parcel, SealedRecord
from sync.ports import Tally
from tests.builders.nodes import Federation, take
from tests.builders.trust import KANAZAWA

CONTROL = int(exchange_pb2.VIEW_CONTROL)
DATA = int(exchange_pb2.VIEW_DATA)
STAY_BASIS = int(exchange_pb2.BASIS_TEMPORARY_STAY)
RETURN = int(exchange_pb2.BASIS_RETURN)
HOLDER = int(exchange_pb2.BASIS_HOLDER)
PAGE, RESERVED, SALT = 4096, 80, 16
LOG_HEADER, FRAME_HEADER = 32, 24
FRAME = FRAME_HEADER + PAGE
NOT_PERSONAL = int(exchange_pb2.BASIS_NOT_PERSONAL)


@dataclass(slots=True)
class Attacker:
    """One of the federation's nodes, taken over; `seen` is what it knows to write over."""

    federation: Federation
    name: str = KANAZAWA
    counter: int = field(default=1_000_000)

    @property
    def node(self) -> bytes:
        """Its node id."""
        return self.federation[self.name].key.node

    def forge(
        self,
        subject: bytes,
        facet: int,
        says: FacetModel | bytes,
        *,
        slot: bytes = b"",
        over: Iterable[Record] = (),
        version: VersionVector | None = None,
        kind: int = PERSON,
        at_ms: int | None = None,
        organisation: str = "",
        author: bytes = b"",
        operator: str = "op-x",
    ) -> Record:
        """A record that says this, sealed with the attacker's key. `over` is what it claims to replace."""
        self.counter += 1
        writer = author or self.node
        known = merge((*(record.version for record in over), ((writer, self.counter),)))
        body = body_bytes(
            subject=subject,
            subject_kind=kind,
            facet=facet,
            slot=slot,
            version=known if version is None else version,
            clock=(self.federation.time() if at_ms is None else at_ms) << 16,
            author=writer,
            organisation=organisation or self.federation[self.name].config.organisation,
            operator=operator,
            content=says if isinstance(says, bytes) else to_content(says),
        )
        return open_record(seal(body, self.federation[self.name].key))

    def hand(
        self, victim: str, *records: Record | SealedRecord, basis: int, on: bytes = b"", view: int = DATA
    ) -> Tally:
        """Hand these over as if they were owed, and end the conversation."""
        book = self.federation[victim].book()
        sealed = [record.sealed if isinstance(record, Record) else record for record in records]
        tally = take(book.inbox(self.federation.peer(self.name)), view, [Parcel(one, basis, on) for one in sealed])
        book.contact(self.federation.peer(self.name), "DONE")
        return tally


def reasons(node: Installation) -> set[str]:
    """Why anything was turned away at a node."""
    return set(node.ledger.turned_counts())


def plain_bytes(node: Installation, folder: Path) -> bytes:
    """All a node has on its disk, decrypted: every table, and every page of file and log, in use or not."""
    key = keyfile.read_key_file(Path(node.config.key_file), kind=keyfile.STORE)
    return _exported(node.ledger.path, key, folder / f"{node.config.label}.plain") + _pages(node.ledger.path, key)


def _exported(path: Path, key: bytes, plain: Path) -> bytes:
    connection = dbapi2.connect(str(path))
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(plain),))
        connection.execute("SELECT sqlcipher_export('plain')")
    finally:
        connection.close()
    said = plain.read_bytes()
    plain.unlink()
    return said


def _pages(path: Path, key: bytes) -> bytes:
    """The pages one by one, as SQLCipher 4 writes them: salt before the first, vector and seal behind each."""
    file, log = path.read_bytes(), path.with_name(path.name + "-wal")
    pages = [file[start : start + PAGE] for start in range(0, len(file), PAGE)]
    framed = log.read_bytes()[LOG_HEADER:] if log.exists() else b""
    pages += [framed[start + FRAME_HEADER : start + FRAME_HEADER + PAGE] for start in range(0, len(framed), FRAME)]
    return b"".join(_page(page, key, file[:SALT]) for page in pages if len(page) == PAGE)


def _page(page: bytes, key: bytes, salt: bytes) -> bytes:
    body = page[SALT:-RESERVED] if page.startswith(salt) else page[:-RESERVED]
    reader = Cipher(algorithms.AES(key), modes.CBC(page[-RESERVED:][:SALT])).decryptor()
    return reader.update(body) + reader.finalize()

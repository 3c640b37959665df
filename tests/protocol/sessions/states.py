"""How a node stood at one moment, kept as a plain copy of its ledger: made-up people, keys made for the recording."""

import json
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import zstandard
from sqlcipher3 import dbapi2 as untyped_dbapi2

from node.installation import Installation, open_node
from node.ledger.notes import prefix
from node.trust import keyfile

dbapi2: Any = untyped_dbapi2
ARCHIVE = "states.tar.zst"
WINDOW_LOG = 25
"""The states of one node differ little: a window over all of them keeps each but once."""
KEPT_OF_CONFIG = ("organisation", "organisation_name", "kind", "role", "label")
HEADER_PRAGMAS = ("application_id", "user_version")


def plain_copy(node: Installation, folder: Path) -> bytes:
    """A node's ledger as it stands, decrypted."""
    target = folder / "plain.db"
    target.unlink(missing_ok=True)
    key = keyfile.read_key_file(Path(node.config.key_file), kind=keyfile.STORE)
    with closing(_opened(node.directory.ledger, key)) as ledger:
        ledger.execute("ATTACH DATABASE ? AS copy KEY ''", (str(target),))
        _export(ledger, "main", "copy")
    return target.read_bytes()


def config_of(node: Installation) -> str:
    """Its node.toml, without what is of one machine."""
    return "".join(f"{name} = {json.dumps(getattr(node.config, name))}\n" for name in KEPT_OF_CONFIG)


@contextmanager
def node_of(folder: Path, plain: bytes, config: str, *, now_ms: Callable[[], int], seed: int) -> Iterator[Installation]:
    """Today's program on a ledger as it was kept, in an empty folder."""
    folder.mkdir()
    key_file, source = folder / "key", folder / "plain.db"
    key = Random(seed).randbytes(32)
    keyfile.write_key_file(key_file, keyfile.bare(key, kind=keyfile.STORE))
    source.write_bytes(plain)
    with closing(_opened(source, b"")) as copy:
        copy.execute("ATTACH DATABASE ? AS ledger KEY ?", (str(folder / "ledger.db"), _as_written(key)))
        _export(copy, "main", "ledger")
        copy.execute("PRAGMA ledger.journal_mode = WAL")
    (folder / "node.toml").write_text(f"{config}key_file = '{key_file}'\n", encoding="utf-8")
    node = open_node(folder, passphrase=lambda: "", now_ms=now_ms, entropy=Random(seed).randbytes)
    try:
        yield node
    finally:
        node.close()


def pack(states: Mapping[str, bytes]) -> bytes:
    """All states in one file, the same for the same states."""
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, plain in sorted(states.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(plain)
            archive.addfile(entry, BytesIO(plain))
    how = zstandard.ZstdCompressionParameters.from_level(19, window_log=WINDOW_LOG, enable_ldm=True)
    return zstandard.ZstdCompressor(compression_params=how).compress(packed.getvalue())


def unpack(packed: bytes) -> dict[str, bytes]:
    """The states of a recording by their names."""
    plain = zstandard.ZstdDecompressor(max_window_size=1 << WINDOW_LOG).decompress(packed)
    with tarfile.open(fileobj=BytesIO(plain)) as archive:
        return {entry.name: found.read() for entry in archive if (found := archive.extractfile(entry)) is not None}


def _opened(path: Path, key: bytes) -> Any:
    connection = dbapi2.connect(str(path), isolation_level=None)
    if key:
        connection.execute(f'PRAGMA key = "{_as_written(key)}"')
    connection.create_function("prefix", 1, prefix, deterministic=True)
    return connection


def _export(connection: Any, source: str, target: str) -> None:
    connection.execute("SELECT sqlcipher_export(?)", (target,)).fetchone()
    for pragma in HEADER_PRAGMAS:
        (value,) = connection.execute(f"PRAGMA {source}.{pragma}").fetchone()
        connection.execute(f"PRAGMA {target}.{pragma} = {value}")


def _as_written(key: bytes) -> str:
    return f"x'{key.hex()}'"

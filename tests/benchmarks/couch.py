"""How many records a second the CouchDB protocol moves, between two PouchDB databases on this machine's disk.

Everything is made easy for it: the body is one opaque field, nobody checks a signature, both databases are in one
process, and LevelDB does not wait for the disk. PouchDB is no part of this repository: `make bench-peers` fetches it
from npm.
"""

import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sync.envelope import SealedRecord

PEERS = Path(__file__).parents[2] / ".bench-peers"
NOT_INSTALLED = "peer not installed: make bench-peers"
BATCH_SIZE = 1_000
"""Documents a batch; PouchDB's own 100 is slower."""
WITHIN_S = 600


@dataclass(frozen=True, slots=True)
class Moved:
    """What it took."""

    rate: float
    """Documents a second."""
    processor: float
    """Seconds of the processor a document: on a machine with much else to do this says more."""


def moved(records: Iterable[SealedRecord], *, peers: Path = PEERS) -> Moved | None:
    """What it takes to move these records as JSON; None where node or PouchDB is not installed."""
    node = shutil.which("node")
    if node is None or not (peers / "node_modules" / "pouchdb").is_dir():
        return None
    with TemporaryDirectory() as folder:
        documents = Path(folder) / "documents.jsonl"
        with documents.open("w") as written:
            written.writelines(json.dumps(document(record)) + "\n" for record in records)
        command = [node, str(Path(__file__).with_name("couch.js")), str(peers), folder, str(documents), str(BATCH_SIZE)]
        done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=WITHIN_S)
    said = json.loads(done.stdout)
    return Moved(said["moved"] / said["seconds"], said["processor"] / said["moved"])


def document(record: SealedRecord) -> dict[str, str]:
    """A record as a document: named by its id, what JSON can't hold as base64."""
    return {
        "_id": record.id.hex(),
        "body": b64encode(record.body).decode("ascii"),
        "signature": b64encode(record.signature).decode("ascii"),
    }

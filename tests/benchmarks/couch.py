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
from pathlib import Path
from tempfile import TemporaryDirectory

from sync.envelope import SealedRecord

PEERS = Path(__file__).parents[2] / ".bench-peers"
NOT_INSTALLED = "peer not installed: make bench-peers"
BATCH_SIZE = 1_000
"""Documents a batch; PouchDB's own 100 is slower."""
WITHIN_S = 600


def rate(records: Iterable[SealedRecord], *, peers: Path = PEERS) -> float | None:
    """Documents a second, of these records as JSON; None where node or PouchDB is not installed."""
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
    return float(said["moved"] / said["seconds"])


def document(record: SealedRecord) -> dict[str, str]:
    """A record as a document: named by its id, what JSON can't hold as base64."""
    return {
        "_id": record.id.hex(),
        "body": b64encode(record.body).decode("ascii"),
        "signature": b64encode(record.signature).decode("ascii"),
    }

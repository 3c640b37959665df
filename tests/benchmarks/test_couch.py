"""The rate of the CouchDB protocol is only told where it was measured."""

import json
from base64 import b64decode
from itertools import islice
from pathlib import Path

from tests.benchmarks.couch import document, moved
from tests.benchmarks.statements import statements


def test_without_the_peer_there_is_no_rate(tmp_path: Path) -> None:
    assert moved(islice(statements(1), 1), peers=tmp_path) is None


def test_a_document_holds_the_whole_record() -> None:
    record = next(statements(1))
    read = json.loads(json.dumps(document(record)))
    assert (b64decode(read["body"]), b64decode(read["signature"])) == (record.body, record.signature)
    assert read["_id"] == record.id.hex()

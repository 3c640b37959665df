"""A ledger of each release that was given away opens with this program, with everything in it."""

from contextlib import closing
from pathlib import Path

import pytest

from node.ledger import Ledger, Writing
from node.ledger.copying import check
from node.ledger.store import APPLICATION_ID, SCHEMA, connect
from node.ledger.upgrading import COPY_PREFIX
from tests.builders.ledger import KEY

FIXTURES = Path(__file__).parents[2] / "fixtures"
STEPS_OF = {"0.1.0": 11}
"""How many steps of the schema each release knew."""


@pytest.fixture(params=STEPS_OF)
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The file as that release left it."""
    path = tmp_path / "ledger.db"
    path.touch(mode=0o600)
    with closing(connect(path, KEY)) as writer:
        writer.execute("PRAGMA foreign_keys = OFF")
        writer.execute("BEGIN")
        for line in (FIXTURES / f"ledger-{request.param}.sql").read_text(encoding="utf-8").splitlines():
            if not line.startswith("--"):
                writer.execute(line)
        writer.execute("COMMIT")
        writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    assert check(path, KEY).schema == STEPS_OF[request.param]
    return path


def test_it_is_brought_to_this_schema_with_all_that_is_in_it(released: Path) -> None:
    before = check(released, KEY)
    with Ledger.open(released, KEY) as ledger:
        people = [
            row
            for subject in ledger.subjects_changed_since(0)[1]
            if (row := ledger.person(subject)) is not None and row.family_name
        ]
        assert [(row.family_name, row.given_name) for row in people] == [("門前", "太郎")]
        assert ledger.verify_audit() == before.entries > 0
        with ledger.write() as writing:
            assert isinstance(writing, Writing)
            assert writing.next_counter() == before.counter + 1
    after = check(released, KEY)
    assert after.schema == SCHEMA
    assert (after.records, after.people, after.head) == (before.records, before.people, before.head)


def test_where_steps_are_missing_the_file_as_it_was_is_kept_beside_it(released: Path) -> None:
    before = check(released, KEY)
    Ledger.open(released, KEY).close()
    copies = list(released.parent.glob(f"{COPY_PREFIX}*"))
    assert len(copies) == (before.schema < SCHEMA)
    assert all(check(copied, KEY) == before for copied in copies)

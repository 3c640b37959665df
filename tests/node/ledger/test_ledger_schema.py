"""The number of schema steps that lets a file open without loading what takes them."""

from node.ledger import migrations
from node.ledger.store import SCHEMA


def test_the_number_of_steps_is_the_number_of_steps() -> None:
    assert len(migrations.STEPS._migrations) == SCHEMA

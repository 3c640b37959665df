"""Wajima with a laptop, a recovery key and one person, and Kanazawa; all have met. And a backup of Wajima."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.backup.making import Made, make_backup
from node.vault import RECOVERY_KEY
from tests.builders.backups import CODE, LAPTOP, registered
from tests.builders.nodes import Federation, federation
from tests.builders.trust import KANAZAWA, WAJIMA


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path / "nodes", WAJIMA, KANAZAWA) as made:
        made.add_field(LAPTOP, WAJIMA)
        with made[WAJIMA].ledger.write() as writing:
            writing.set_secret(RECOVERY_KEY, CODE.key.public_key)
        registered(made[WAJIMA], "門前")
        for pair in ((WAJIMA, LAPTOP), (WAJIMA, KANAZAWA)):
            assert made.meet(*pair)
        yield made


@pytest.fixture
def backup(towns: Federation, tmp_path: Path) -> Made:
    return make_backup(towns[WAJIMA], tmp_path / "one.moyai-backup", operator="tanaka")

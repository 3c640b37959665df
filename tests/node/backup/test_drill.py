"""The drill: every step on a copy, nothing of the live node changed, nothing left behind, and it can fail."""

from itertools import count
from pathlib import Path

import pytest

from node.backup.drill import Drill, Keyed, Step
from node.backup.making import Made
from node.errors import BackupChanged, BackupKeyAnother
from node.trust.keys import BoxKey
from tests.builders.backups import CODE
from tests.builders.nodes import Federation
from tests.builders.trust import WAJIMA


def drilled(towns: Federation, place: Path, keys: list[Keyed], file: Path | None = None) -> list[Step]:
    ticks = count()
    drill = Drill(place, towns.time, towns.entropy, lambda: float(next(ticks)))
    return list(drill.play(file, keys, towns[WAJIMA]))


def keys(towns: Federation) -> list[Keyed]:
    return [Keyed("recovery", CODE.key), Keyed("organisation", towns.key(WAJIMA).box_key)]


def test_all_of_it_is_played_on_a_copy(towns: Federation, tmp_path: Path) -> None:
    before = towns[WAJIMA].ledger.data_version(), towns[WAJIMA].ledger.audit_head()
    steps = drilled(towns, tmp_path / "drill", keys(towns))
    assert [step.name for step in steps] == [
        *("made", "opens_recovery", "opens_organisation", "restored", "lives", "refused", "swept")
    ]
    assert all(step.seconds > 0 for step in steps[:-1])
    assert steps[1].figures["records"] == steps[2].figures["records"] == steps[0].figures["records"]
    assert (towns[WAJIMA].ledger.data_version(), towns[WAJIMA].ledger.audit_head()) == before
    assert not (tmp_path / "drill").exists()


def test_a_backup_that_is_there_is_drilled_with(towns: Federation, backup: Made, tmp_path: Path) -> None:
    towns.time.later(days=2)
    before = backup.file.read_bytes()
    steps = drilled(towns, tmp_path / "drill", keys(towns), backup.file)
    assert steps[0].name == "opens_recovery"
    assert next(step for step in steps if step.name == "restored").figures == {"age_hours": 48}
    assert backup.file.read_bytes() == before


def test_it_fails_where_the_backup_would_fail_and_leaves_nothing(
    towns: Federation, backup: Made, tmp_path: Path
) -> None:
    with pytest.raises(BackupKeyAnother):
        drilled(towns, tmp_path / "drill", [Keyed("recovery", BoxKey.generate(towns.entropy))], backup.file)
    written = bytearray(backup.file.read_bytes())
    written[-1_000] ^= 1
    backup.file.write_bytes(bytes(written))
    with pytest.raises(BackupChanged):
        drilled(towns, tmp_path / "drill", keys(towns), backup.file)
    assert not (tmp_path / "drill").exists()

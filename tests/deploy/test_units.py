"""The units of systemd: sound, and shut to everything a node has no business with."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
UNITS = TOP / "deploy/systemd"
SERVICES = sorted(UNITS.glob("*.service"))
EXPOSURE_MAX = 2.0

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")


def test_there_are_a_node_a_backup_and_its_timer() -> None:
    assert [path.name for path in sorted(UNITS.iterdir())] == [
        "moyai-backup.service",
        "moyai-backup.timer",
        "moyai.service",
    ]


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_it_is_exposed_to_little(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE_MAX * 10:.0f}", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    said = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert said is not None, done.stderr
    assert done.returncode == 0
    assert float(said[1]) <= EXPOSURE_MAX


@needs_systemd
def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    """Of the programs they start only the one beside this Python is here."""
    for path in UNITS.iterdir():
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(
            text.replace("/opt/moyai/bin/moyai", str(Path(sys.executable).with_name("moyai"))), encoding="utf-8"
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "moyai" in line]
    assert (done.returncode, ours) == (0, [])


def test_the_node_comes_back_whatever_happens_and_is_given_its_key() -> None:
    unit = (UNITS / "moyai.service").read_text(encoding="utf-8")
    for line in ("Type=notify", "Restart=always", "StartLimitIntervalSec=0", "WatchdogSec=2min"):
        assert re.search(rf"^{line}$", unit, re.M), line
    assert re.search(r"^LoadCredential=moyai\.key:", unit, re.M)

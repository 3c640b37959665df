"""Every drill of deploy/drills is played from its first line to its last, with real processes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "deploy" / "drills"
DRILLS = sorted(path.stem for path in FOLDER.glob("*.sh") if path.stem != "federation")
WITHIN_S = 900

pytestmark = pytest.mark.processes


def played(drill: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(FOLDER / f"{drill}.sh")],
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TMPDIR": str(tmp_path),
            "MOYAI_LANG": "en",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=WITHIN_S,
    )


@pytest.mark.parametrize("drill", DRILLS)
def test_the_drill_holds_and_leaves_nothing(drill: str, tmp_path: Path) -> None:
    done = played(drill, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    promised = re.findall(r'^\s*(?:ok|is|for .*; is) "', (FOLDER / f"{drill}.sh").read_text(encoding="utf-8"), re.M)
    said = [line for line in done.stdout.splitlines() if line.startswith("ok  ")]
    assert len(said) >= len(promised) > 0
    assert list(tmp_path.iterdir()) == []


def test_there_is_a_drill_for_each_of_these() -> None:
    assert DRILLS == [
        "clock-wrong",
        "leaving-the-federation",
        "lost-node-key",
        "lost-organisation-key",
        "stolen-laptop",
        "trustee-unreachable",
    ]

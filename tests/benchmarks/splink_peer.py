"""What Splink makes of the entries, in an interpreter of its own; it is no part of this repository.

`make bench-peers` installs it. What it runs is `splink_run`.
"""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.doubles import Entry

PEERS = Path(__file__).parents[2] / ".bench-peers" / "splink"
NOT_INSTALLED = "peer not installed: make bench-peers"
WITHIN_S = 900


def weighed(entries: Mapping[int, Entry], *, peers: Path = PEERS) -> list[tuple[float, tuple[int, int]]] | None:
    """Pairs of numbers with the weight Splink gives them, the heaviest first; None where it is not installed."""
    python = peers / "bin" / "python"
    if not python.is_file():
        return None
    with TemporaryDirectory() as folder:
        given, answered = Path(folder) / "entries.json", Path(folder) / "pairs.json"
        rows = [{"unique_id": number, **_row(entry)} for number, entry in entries.items()]
        given.write_text(json.dumps(rows), encoding="utf-8")
        command = [str(python), str(Path(__file__).with_name("splink_run.py")), str(given), str(answered)]
        subprocess.run(command, capture_output=True, check=True, text=True, timeout=WITHIN_S, cwd=folder)
        told = json.loads(answered.read_text(encoding="utf-8"))
    return [(weight, (min(left, right), max(left, right))) for weight, left, right in told]


def _row(entry: Entry) -> dict[str, str | int | None]:
    whole = len(entry.birth) == len("1948-05-03")
    return {
        "family": entry.family or None,
        "given": entry.given or None,
        "family_kana": entry.family_kana or None,
        "given_kana": entry.given_kana or None,
        "birth": entry.birth if whole else None,
        "sex": entry.sex or None,
        "address": entry.address or None,
        "phone": entry.phone.replace("-", "") or None,
    }

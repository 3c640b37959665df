"""What README.md tells people to type is typed here, with real processes, word for word but for the ports."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text(encoding="utf-8")
WITHIN_S = 600


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


def two_free_ports() -> int:
    """The first of two neighbouring ports nobody listens on: a node enrols on the port after its own."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                return port


@pytest.mark.processes
def test_a_federation_of_three_is_set_up_by_what_the_readme_says(tmp_path):
    typed = "\n".join(blocks("bash"))
    listening = sorted(set(re.findall(r"--listen 127\.0\.0\.1:(\d+)", typed)))
    assert len(listening) == 5
    typed = typed.replace("127.0.0.1:9464", f"127.0.0.1:{two_free_ports()}")
    for port in listening:
        free = two_free_ports()
        typed = typed.replace(f"127.0.0.1:{port}", f"127.0.0.1:{free}")
        typed = typed.replace(f"127.0.0.1:{int(port) + 1}", f"127.0.0.1:{free + 1}")
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("typed by hand where there is somebody at a terminal\n", encoding="utf-8")
    said = tmp_path / "said.txt"
    with said.open("wb") as out:
        session = subprocess.Popen(
            ["bash", "-c", f"set -eu -o pipefail\ntrap 'kill $(jobs -p); wait' EXIT\n{typed}"],
            cwd=tmp_path,
            env={
                **os.environ,
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "MOYAI_LANG": "en",
                "MOYAI_PASSPHRASE_FILE": str(passphrase),
            },
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            ended_with = session.wait(timeout=WITHIN_S)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(session.pid, signal.SIGKILL)
    assert ended_with == 0, said.read_text(encoding="utf-8")
    assert "172049" in said.read_text(encoding="utf-8")


def test_the_two_commands_are_make_targets():
    typed = " ".join(blocks("sh"))
    assert "make demo" in typed
    assert "make test" in typed
    targets = re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.M)
    assert {"demo", "test"} <= set(targets)


def test_what_the_japanese_readme_tells_to_type_is_what_is_typed_here():
    japanese = (TOP / "README.ja.md").read_text(encoding="utf-8")
    told = re.findall(r"^```bash\n(.*?)^```", japanese, re.M | re.S)
    assert len(told) >= 2
    assert [one for one in told if one not in blocks("bash")] == []


def test_what_the_readme_links_to_is_there():
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert [link for link in links if not (TOP / link).exists()] == []

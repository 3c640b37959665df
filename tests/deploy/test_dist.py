"""What is given to others: a wheel that plays the demo where nothing else is, and an archive of the sources."""

import json
import os
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

TOP = Path(__file__).parents[2]
WITHIN_S = 600


def run(*words: object, **more: object) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
        **more,  # type: ignore[call-overload]
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return str(done.stdout)


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=TOP)
    return folder


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment that has the wheel and what the lock file names, and nothing else."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(folder, with_pip=True)
    pip = (folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
    run(*pip, "--require-hashes", "--only-binary", ":all:", "-r", TOP / "deploy/runtime.lock")
    run(*pip, "--no-index", *dist.glob("*.whl"))
    return folder / "bin"


def test_the_wheel_plays_the_demo_where_nothing_else_is(installed: Path, tmp_path: Path) -> None:
    outside = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    said = run(
        installed / "moyai", "demo", "--headless", "--residents", "6000", "--lang", "en", cwd=tmp_path, env=outside
    )
    figures = json.loads(said.splitlines()[-1])
    assert (figures["residents"], figures["agreed"]) == (6000, True)
    assert "Every check held" in said


def test_what_the_lock_file_names_is_all_it_needs(installed: Path) -> None:
    assert run(installed / "python", "-m", "pip", "check").strip() == "No broken requirements found."


def test_the_archive_holds_what_everything_is_made_from(dist: Path) -> None:
    (archive,) = dist.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    wanted = ("Makefile", "requirements.lock", "deploy/runtime.lock", "deploy/Dockerfile", "protocol/SPECIFICATION.md")
    assert set(wanted) <= names
    assert "node/cli/main.py" in names
    assert not [name for name in names if name.startswith((".venv", ".wheels", "dist/"))]


def test_the_lock_of_the_product_is_part_of_the_one_for_developers() -> None:
    whole = (TOP / "requirements.lock").read_text(encoding="utf-8")
    for name in ("runtime", "build"):
        pinned = [
            line.split(" ")[0]
            for line in (TOP / f"deploy/{name}.lock").read_text(encoding="utf-8").splitlines()
            if "==" in line and not line.startswith("#")
        ]
        assert pinned
        assert [line for line in pinned if f"{line} " not in whole] == []

"""The federation of compose.yaml, founded and asked by what README.md tells people to type."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.containers.conftest import TOP, lacking

pytestmark = pytest.mark.processes

WITHIN_S = 900


@pytest.fixture(scope="module")
def compose() -> str:
    """Docker Compose, as a plugin or as the program it was before."""
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    if plugin.returncode == 0:
        return "docker compose"
    if shutil.which("docker-compose") is None:
        lacking("there is no docker compose here")
    return "docker-compose"


@pytest.fixture
def surroundings(compose: str, base: str, image: str) -> Iterator[dict[str, str]]:
    """A project of its own; at the end nothing of it is left."""
    ours = {"COMPOSE": compose, "COMPOSE_PROJECT_NAME": "moyai-test", "MOYAI_IMAGE": image}
    made = {**os.environ, **ours, "BASE": base, "TAG": image, "MOYAI_LANG": "en"}
    try:
        yield made
    finally:
        away = [*compose.split(), "--file", "deploy/compose.yaml", "down", "--volumes", "--timeout", "1"]
        subprocess.run(away, cwd=TOP, env=made, capture_output=True, check=False, timeout=120)


def typed() -> str:
    (block,) = re.findall(r"^```shell\n(.*?)^```", (TOP / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    return str(block)


def run(words: str, surroundings: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", words],
        cwd=TOP,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def test_the_file_is_understood(compose: str) -> None:
    told = run(f"{compose} --file deploy/compose.yaml config", {**os.environ, "MOYAI_IMAGE": "moyai:any"})
    assert told.count("read_only: true") == 4
    assert set(re.findall(r"^  (wajima|kanazawa|ishikawa|laptop|between):", told, re.M)) == {
        "wajima", "kanazawa", "ishikawa", "laptop", "between",
    }  # fmt: skip


def test_what_the_readme_says_founds_it_and_it_exchanges(compose: str, surroundings: dict[str, str]) -> None:
    said = run(typed().replace("docker compose", compose), surroundings)
    assert re.search(r"^moyai:test: \d+ MB", said, re.M)
    assert "172049" in said

"""Containers of this release and of the one before: built once, founded once, and copied for each test.

Where there is no Docker Engine these tests are skipped; where MOYAI_CONTAINERS is "required", that is a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest
from docker.errors import DockerException, ImageNotFound
from testcontainers.core.config import testcontainers_config

from tests.builders.containers import ContainerFederation, networks

testcontainers_config.ryuk_disabled = True  # an image more; every fixture here cleans up by itself

TOP = Path(__file__).parents[2]
BASES = ("moyai-base:bookworm", "python:3.11-slim-bookworm")
"""What an image is built from, where it is here already."""
BUILD_S = 1_200

Found = Callable[[str], ContainerFederation]


def lacking(what: str) -> None:
    """There is no way to go on."""
    if os.environ.get("MOYAI_CONTAINERS") == "required":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    """The Docker Engine."""
    try:
        client = docker.from_env(timeout=120)
        client.ping()
    except DockerException as error:
        lacking(f"no Docker Engine answers here ({type(error).__name__})")
    with_close = client
    try:
        yield with_close
    finally:
        with_close.close()


@pytest.fixture(scope="session")
def base(engine: docker.DockerClient) -> str:
    """The base image: the one named by MOYAI_BASE, or one that is here."""
    named = os.environ.get("MOYAI_BASE")
    for one in (named,) if named else BASES:
        try:
            engine.images.get(one)
        except ImageNotFound:
            continue
        return one
    lacking("no base image is here: `make base-image` makes one, or pull python:3.11-slim-bookworm")
    raise AssertionError


def build(folder: Path, tag: str, base: str) -> str:
    """The image of the tree in this folder. What did not change since the last time is not built again."""
    done = subprocess.run(
        ["bash", "deploy/image.sh", str(folder), tag],
        cwd=TOP,
        env={**os.environ, "BASE": base, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=BUILD_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return tag


@pytest.fixture(scope="session")
def image(base: str) -> str:
    """The image of this tree."""
    return build(TOP, "moyai:test", base)


def is_whole_history() -> bool:
    """Whether git has all that ever was here: an archive has none of it, a shallow clone the newest only."""
    words = ["git", "rev-parse", "--is-shallow-repository"]
    told = subprocess.run(words, cwd=TOP, capture_output=True, text=True, check=False)
    return told.stdout.strip() == "false"


@pytest.fixture(scope="session")
def previous_image(base: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The image of the release before, from its own sources."""
    lines = (TOP / "deploy/previous-release").read_text(encoding="utf-8").splitlines()
    version, commit = next(line.split() for line in lines if not line.startswith("#"))
    folder = tmp_path_factory.mktemp("previous")
    packed = subprocess.run(["git", "archive", commit], cwd=TOP, capture_output=True, check=False)
    if packed.returncode != 0:
        if not is_whole_history():
            pytest.skip(f"these sources came without the history that {version} is in")
        lacking(f"deploy/previous-release names {commit}, which is not in the history")
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    if not (folder / "deploy/Dockerfile").exists():  # the first release had none
        for name in ("Dockerfile", "fetch-wheels.sh", "image-system.sh", "runtime.lock", "build.lock"):
            shutil.copy(TOP / "deploy" / name, folder / "deploy" / name)
        shutil.copy(TOP / ".dockerignore", folder / ".dockerignore")
    if (TOP / ".wheels").is_dir():
        shutil.copytree(TOP / ".wheels", folder / ".wheels")
    return build(folder, f"moyai:{version}", base)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """A federation as it was founded by an image, once for each. Take a copy, and let nothing run in this one."""
    made: dict[str, ContainerFederation] = {}

    def found(image: str) -> ContainerFederation:
        if image not in made:
            with networks() as (between, hall):
                folder = tmp_path_factory.mktemp("containers") / "founded"
                made[image] = ContainerFederation(folder, image, between, hall)
                try:
                    made[image].found()
                finally:
                    made[image].close()
        return made[image]

    return found


@pytest.fixture
def anew(founded: Found, tmp_path: Path) -> Iterator[Found]:
    """A copy of what an image has founded, on networks of its own; at the end nothing of it runs."""
    with networks() as (between, hall):
        copies: list[ContainerFederation] = []

        def copied(image: str) -> ContainerFederation:
            copies.append(founded(image).copy(tmp_path / "federation", between, hall))
            return copies[-1]

        try:
            yield copied
        finally:
            for one in copies:
                one.close()

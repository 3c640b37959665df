"""What is in the image, and what is not."""

import json
from pathlib import Path

import docker
import pytest
from testcontainers.core.container import DockerContainer

from tests.builders.containers import HARD, ContainerFederation
from tests.builders.processes import until
from tests.containers.conftest import Found

pytestmark = pytest.mark.processes

BYTES_MAX = 250_000_000
SECOND_NS = 10**9
PROBE = Path(__file__).with_name("probe.py").read_text(encoding="utf-8")


def test_it_is_small_and_runs_as_nobody_in_particular(engine: docker.DockerClient, image: str) -> None:
    made = engine.images.get(image)
    assert made.attrs["Size"] < BYTES_MAX
    config = made.attrs["Config"]
    assert config["User"] == "10001:10001"
    assert config["StopSignal"] == "SIGTERM"
    assert config["Healthcheck"]["Test"] == ["CMD", "moyai", "health"]
    assert config["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert config["Labels"]["org.opencontainers.image.version"]


def test_nothing_can_be_started_but_python_and_moyai_and_nothing_written_but_the_volumes(image: str) -> None:
    with DockerContainer(image).with_command(["-c", PROBE]).with_kwargs(**HARD, entrypoint=["python3"]) as once:
        assert once.wait() == 0, once.get_logs()
        found = json.loads(once.get_logs()[0])
    assert set(found["programs"]) <= {"moyai", "python", "python3", "python3.11"}
    assert found["risen"] == []
    assert found["writable"] == ["/var/lib/moyai", "/var/lib/moyai-key"]
    assert found["user"] == [10001, 10001]


def test_no_index_and_no_secret_of_whoever_built_it_is_in_it(engine: docker.DockerClient, image: str) -> None:
    history = str(engine.images.get(image).history())
    assert "index" not in history.lower()
    assert "://" not in history


@pytest.fixture
def federation(anew: Found, image: str) -> ContainerFederation:
    return anew(image)


def test_its_health_is_that_of_the_node(federation: ContainerFederation, tmp_path: Path) -> None:
    node = federation["kanazawa"]
    node.settings["healthcheck"] = {"interval": 2 * SECOND_NS}  # what is asked stays as the image has it
    node.serve()
    assert node.running is not None
    container = node.running.get_wrapped_container()
    assert node.does("health")["serving"] is True
    until(lambda: _health(container) == "healthy", "a healthy container", within_s=60, every_s=0.5)
    assert node.stop() == 0


def _health(container: docker.models.containers.Container) -> str:
    container.reload()
    return str(container.attrs["State"]["Health"]["Status"])

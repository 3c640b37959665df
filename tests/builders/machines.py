"""Machines as a town hall has them, in containers: systemd runs in them, and they reach nothing but one another."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import docker
from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network

from tests.builders.processes import until

HOST: Final = Path(__file__).parents[1] / "containers"
CAPABILITIES: Final = ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "DAC_READ_SEARCH", "SYS_NICE", "IPC_LOCK"]
"""What systemd needs to shut its services in."""
CONTROL_GROUPS: Final = "/sys/fs/cgroup"
BOOT_S: Final = 60


class Machine:
    """A container in which systemd runs."""

    def __init__(self, running: DockerContainer) -> None:
        self._container = running.get_wrapped_container()

    def does(self, words: str, code: int = 0, *, folder: str = "/") -> str:
        """Type this as root; what it said."""
        ended, said = self._container.exec_run(["bash", "-euo", "pipefail", "-c", words], workdir=folder)
        assert ended == code, f"{words}\n{said.decode()}"
        return str(said.decode())

    def boots(self) -> None:
        """Until systemd has come up."""
        until(lambda: "running" in self._state(), "a machine that has booted", within_s=BOOT_S, every_s=0.3)

    def power_cut(self) -> None:
        """Everything is gone at once but what was on the disk."""
        self._container.kill("SIGKILL")
        self._container.wait()

    def switch_on(self) -> None:
        self._container.start()
        self.boots()

    def _state(self) -> str:
        ended, said = self._container.exec_run(["systemctl", "is-system-running"])
        return str(said.decode()) if ended == 0 else ""


def host_image(engine: docker.DockerClient, base: str) -> str:
    """A bare machine with systemd and Python, and without Moyai."""
    host, _ = engine.images.build(
        path=str(HOST),
        dockerfile="host.Dockerfile",
        tag="moyai-host:test",
        buildargs={"BASE": base},
        network_mode="host",
        rm=True,
    )
    return str(host.id)


@contextmanager
def booted(
    image: str,
    folders: Mapping[Path, tuple[str, str]],
    *,
    network: Network | None = None,
    names: Sequence[str] = (),
) -> Iterator[Machine]:
    """A machine that is switched on. `folders` of this machine are seen there under a path, "ro" or "rw"."""
    made = DockerContainer(image)
    for folder, (where, mode) in folders.items():
        made.with_volume_mapping(str(folder), where, mode)
    made.with_volume_mapping(CONTROL_GROUPS, CONTROL_GROUPS, "rw")
    for folder in ("/run", "/run/lock", "/tmp"):
        made.with_tmpfs_mount(folder)
    apart = ["seccomp=unconfined", "apparmor=unconfined"]
    alone = {} if network else {"network_mode": "none", "hostname": "localhost"}
    made.with_kwargs(cap_add=CAPABILITIES, security_opt=apart, cgroupns="host", **alone)
    if network:
        made.with_network(network).with_network_aliases(*names)
    with made:
        machine = Machine(made)
        machine.boots()
        yield machine

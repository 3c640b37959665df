"""The units in a machine that systemd runs, set up by what README.md says: the node comes back whatever happens."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Final

import docker
import pytest
from testcontainers.core.container import DockerContainer

from tests.builders.processes import until
from tests.containers.conftest import TOP

pytestmark = pytest.mark.processes

CAPABILITIES: Final = ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "DAC_READ_SEARCH", "SYS_NICE", "IPC_LOCK"]
"""What systemd needs to shut its services in."""
CONTROL_GROUPS: Final = "/sys/fs/cgroup"
UNIT: Final = "moyai.service"
INSTALL: Final = "sudo -u moyai /opt/moyai/bin/moyai roster install"
FOUNDING: Final = """
as_moyai() { sudo -u moyai /opt/moyai/bin/moyai "$@" --node /var/lib/moyai; }
as_moyai roster trustee /tmp/trustee.key --office governor --without-passphrase
as_moyai roster draft --name test --threshold 1 --trustee /tmp/trustee.key.json --out /tmp/roster \\
  --member /var/lib/moyai/member.json
as_moyai roster sign /tmp/roster --trustee-key /tmp/trustee.key
install -m 0644 /tmp/roster federation.roster
"""
"""What the trustees do meanwhile."""
HASTY: Final = "[Service]\nWatchdogSec=3s\n"


class Machine:
    """A container in which systemd runs."""

    def __init__(self, running: DockerContainer) -> None:
        self._container = running.get_wrapped_container()

    def does(self, words: str, code: int = 0) -> str:
        """Type this as root; what it said."""
        ended, said = self._container.exec_run(["bash", "-euo", "pipefail", "-c", words], workdir="/src")
        assert ended == code, said.decode()
        return str(said.decode())

    def property(self, name: str) -> str:
        return self.does(f"systemctl show {UNIT} --property {name} --value").strip()

    def boots(self) -> None:
        """Until systemd has come up."""
        until(lambda: "running" in self._state(), "a machine that has booted", within_s=60, every_s=0.3)

    def is_up(self) -> bool:
        return self.property("ActiveState") == "active" and self.property("StatusText") == "Serving at 0.0.0.0:7441"

    def comes_back(self, before: str) -> str:
        """Until the node serves as another process; which one."""
        until(lambda: self.is_up() and self.property("MainPID") != before, "the node again", within_s=60, every_s=0.3)
        return self.property("MainPID")

    def power_cut(self) -> None:
        """Everything is gone at once but what was on the disk; then the machine is switched on."""
        self._container.kill("SIGKILL")
        self._container.wait()
        self._container.start()

    def _state(self) -> str:
        ended, said = self._container.exec_run(["systemctl", "is-system-running"])
        return str(said.decode()) if ended == 0 else ""


@pytest.fixture(scope="module")
def machine(
    engine: docker.DockerClient, base: str, image: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    """A machine that has the sources' dist/ and deploy/, and packages at hand, but no network and no Moyai."""
    assert image  # what it was built from lies in .wheels
    host, _ = engine.images.build(
        path=str(TOP / "tests/containers"),
        dockerfile="host.Dockerfile",
        tag="moyai-host:test",
        buildargs={"BASE": base},
        network_mode="host",
        rm=True,
    )
    dist = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", dist], cwd=TOP, check=True)
    (dist / "pip.conf").write_text("[global]\nno-index = true\nfind-links = /wheels\n", encoding="utf-8")
    made = DockerContainer(host.id)
    for folder, where in ((dist, "/src/dist"), (TOP / "deploy", "/src/deploy"), (TOP / ".wheels", "/wheels")):
        made.with_volume_mapping(str(folder), where, "ro")
    made.with_volume_mapping(str(dist / "pip.conf"), "/etc/pip.conf", "ro")
    made.with_volume_mapping(CONTROL_GROUPS, CONTROL_GROUPS, "rw")
    for folder in ("/run", "/run/lock", "/tmp"):
        made.with_tmpfs_mount(folder)
    apart = ["seccomp=unconfined", "apparmor=unconfined"]
    made.with_kwargs(
        cap_add=CAPABILITIES, security_opt=apart, cgroupns="host", network_mode="none", hostname="localhost"
    )
    with made:
        machine = Machine(made)
        machine.boots()
        before, after = typed()
        machine.does(before)
        machine.does(FOUNDING)
        machine.does(after)
        yield machine


def typed() -> tuple[str, str]:
    """What README.md tells to type for the service: until there must be a roster, and after."""
    (block,) = re.findall(r"^```console\n(.*?)^```", (TOP / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    before, install, after = block.replace("make dist\n", "").partition(INSTALL)
    assert install
    return before, install + after


def test_set_up_by_the_readme_it_serves_with_the_key_that_systemd_hands_over(machine: Machine) -> None:
    assert machine.is_up()
    assert machine.does("systemctl is-enabled moyai.service moyai-backup.timer").split() == ["enabled", "enabled"]
    main = machine.property("MainPID")
    assert machine.does(f"cat /proc/{main}/environ | tr '\\0' '\\n' | grep CREDENTIALS_DIRECTORY")
    assert machine.does(f"stat -c %U /proc/{main}").strip() == "moyai"


def test_killed_it_comes_back(machine: Machine) -> None:
    before = machine.property("MainPID")
    machine.does(f"kill -KILL {before}")
    machine.comes_back(before)


def test_hanging_it_is_ended_and_comes_back(machine: Machine) -> None:
    machine.does(f"mkdir -p /run/systemd/system/{UNIT}.d && printf '{HASTY}' >/run/systemd/system/{UNIT}.d/hasty.conf")
    machine.does(f"systemctl daemon-reload && systemctl restart {UNIT}")
    before = machine.property("MainPID")
    machine.does(f"kill -STOP {before}")
    machine.comes_back(before)
    machine.does(f"rm -r /run/systemd/system/{UNIT}.d && systemctl daemon-reload && systemctl restart {UNIT}")


def test_it_stops_in_time_and_starts_again(machine: Machine) -> None:
    began_s = time.monotonic()
    machine.does(f"systemctl stop {UNIT}")
    assert time.monotonic() - began_s < 10
    assert machine.property("Result") == "success"
    machine.does(f"systemctl start {UNIT}")
    assert machine.is_up()


def test_the_nightly_backup_is_made_beside_it_and_reads_back(machine: Machine) -> None:
    machine.does("systemctl start moyai-backup.service")
    made = machine.does("ls /var/lib/moyai-backup/*").split()
    assert len(made) == 1
    machine.does(f"sudo -u moyai /opt/moyai/bin/moyai backup verify {made[0]} --node /var/lib/moyai")
    assert machine.is_up()


def test_after_a_power_cut_it_serves_without_a_hand(machine: Machine) -> None:
    machine.power_cut()
    machine.boots()
    until(machine.is_up, "the node after a power cut", within_s=60, every_s=0.3)

"""The units in a machine that systemd runs, set up by what README.md says: the node comes back whatever happens."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Final

import docker
import pytest

from tests.builders.machines import Machine, booted, host_image
from tests.builders.processes import until
from tests.containers.conftest import TOP

pytestmark = pytest.mark.processes

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


class Served:
    """A machine that was set up as a town hall's."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def does(self, words: str, code: int = 0) -> str:
        """Type this as root, in the folder of the sources; what it said."""
        return self._machine.does(words, code, folder="/src")

    def property(self, name: str) -> str:
        return self.does(f"systemctl show {UNIT} --property {name} --value").strip()

    def is_up(self) -> bool:
        return self.property("ActiveState") == "active" and self.property("StatusText") == "Serving at 0.0.0.0:7441"

    def comes_back(self, before: str) -> str:
        """Until the node serves as another process; which one."""
        until(lambda: self.is_up() and self.property("MainPID") != before, "the node again", within_s=60, every_s=0.3)
        return self.property("MainPID")

    def power_cut(self) -> None:
        """Everything is gone at once but what was on the disk; then the machine is switched on."""
        self._machine.power_cut()
        self._machine.switch_on()


@pytest.fixture(scope="module")
def machine(
    engine: docker.DockerClient, base: str, image: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A machine that has the sources' dist/ and deploy/, and packages at hand, but no network and no Moyai."""
    assert image  # what it was built from lies in .wheels
    dist = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", dist], cwd=TOP, check=True)
    (dist / "pip.conf").write_text("[global]\nno-index = true\nfind-links = /wheels\n", encoding="utf-8")
    seen = {
        dist: ("/src/dist", "ro"),
        TOP / "deploy": ("/src/deploy", "ro"),
        TOP / ".wheels": ("/wheels", "ro"),
        dist / "pip.conf": ("/etc/pip.conf", "ro"),
    }
    with booted(host_image(engine, base), seen) as bare:
        machine = Served(bare)
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


def test_set_up_by_the_readme_it_serves_with_the_key_that_systemd_hands_over(machine: Served) -> None:
    assert machine.is_up()
    assert machine.does("systemctl is-enabled moyai.service moyai-backup.timer").split() == ["enabled", "enabled"]
    main = machine.property("MainPID")
    assert machine.does(f"cat /proc/{main}/environ | tr '\\0' '\\n' | grep CREDENTIALS_DIRECTORY")
    assert machine.does(f"stat -c %U /proc/{main}").strip() == "moyai"


def test_killed_it_comes_back(machine: Served) -> None:
    before = machine.property("MainPID")
    machine.does(f"kill -KILL {before}")
    machine.comes_back(before)


def test_hanging_it_is_ended_and_comes_back(machine: Served) -> None:
    machine.does(f"mkdir -p /run/systemd/system/{UNIT}.d && printf '{HASTY}' >/run/systemd/system/{UNIT}.d/hasty.conf")
    machine.does(f"systemctl daemon-reload && systemctl restart {UNIT}")
    before = machine.property("MainPID")
    machine.does(f"kill -STOP {before}")
    machine.comes_back(before)
    machine.does(f"rm -r /run/systemd/system/{UNIT}.d && systemctl daemon-reload && systemctl restart {UNIT}")


def test_it_stops_in_time_and_starts_again(machine: Served) -> None:
    began_s = time.monotonic()
    machine.does(f"systemctl stop {UNIT}")
    assert time.monotonic() - began_s < 10
    assert machine.property("Result") == "success"
    machine.does(f"systemctl start {UNIT}")
    assert machine.is_up()


def test_the_nightly_backup_is_made_beside_it_and_reads_back(machine: Served) -> None:
    machine.does("systemctl start moyai-backup.service")
    made = machine.does("ls /var/lib/moyai-backup/*").split()
    assert len(made) == 1
    machine.does(f"sudo -u moyai /opt/moyai/bin/moyai backup verify {made[0]} --node /var/lib/moyai")
    assert machine.is_up()


def test_after_a_power_cut_it_serves_without_a_hand(machine: Served) -> None:
    machine.power_cut()
    until(machine.is_up, "the node after a power cut", within_s=60, every_s=0.3)

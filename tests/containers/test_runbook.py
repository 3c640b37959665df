"""deploy/RUNBOOK.md is followed to the letter, on bare machines that reach nothing but one another."""

import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import docker
import pytest
from testcontainers.core.network import Network

from tests.builders.machines import Machine, booted, host_image
from tests.containers.conftest import TOP

pytestmark = pytest.mark.processes

TYPED: Final = re.compile(r"^```bash (\w+)\n(.*?)^```", re.M | re.S)
ENROLMENT: Final = re.compile(r"One-time code: (\S+)")
RECOVERY: Final = re.compile(r"Recovery code: ([0-9A-Z ]+)")
NAMES: Final = {
    "wajima": ("moyai.wajima.example",),
    "ishikawa": ("moyai.ishikawa.example",),
    "laptop": (),
    "spare": ("moyai.wajima.example",),
}
"""The spare machine takes the place of the one that has drowned."""
KIT_S: Final = 600


def book(language: str = "") -> str:
    return (TOP / f"deploy/RUNBOOK{language}.md").read_text(encoding="utf-8")


def test_both_languages_have_the_same_typed() -> None:
    assert TYPED.findall(book()) == TYPED.findall(book(".ja"))


def test_what_the_books_link_to_is_there() -> None:
    for language in ("", ".ja"):
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", book(language))
        assert [link for link in links if not (TOP / "deploy" / link).exists()] == []


def test_the_books_are_followed_to_the_letter(engine: docker.DockerClient, base: str, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    kit = subprocess.run(
        ["bash", "deploy/kit.sh", str(stick)],
        cwd=TOP,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=KIT_S,
        check=False,
    )
    assert kit.returncode == 0, kit.stderr
    host = host_image(engine, base)
    said = dict.fromkeys(NAMES, "")
    with Network(docker_network_kw={"internal": True}) as between, ExitStack() as stack:
        machines: dict[str, Machine] = {}
        for name, typed in TYPED.findall(book()):
            if name == "spare" and name not in machines:
                machines["wajima"].power_cut()
            if name not in machines:
                seen = {stick: ("/media/stick", "rw")}
                machines[name] = stack.enter_context(booted(host, seen, network=between, names=NAMES[name]))
                machines[name].does("mkdir -p /srv/moyai")
            if name == "spare":
                (code,) = RECOVERY.findall(said["wajima"])
                machines[name].does(f"umask 077; echo '{code.strip()}' > /srv/moyai/code")
            told = ENROLMENT.findall(said["wajima"])[-1:] or ["THE-CODE"]
            said[name] += machines[name].does(f"export MOYAI_LANG=en\n{typed.replace('THE-CODE', told[0])}")
        everybody = machines["spare"].does("moyai status --lang en")
        assert "170003" in everybody
        assert machines["ishikawa"].does("systemctl is-active moyai.service").strip() == "active"

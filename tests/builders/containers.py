"""Real nodes in containers: on networks that can be cut, their stores in folders of this machine."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from docker.errors import APIError, NotFound
from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network

from node.chance import entropy, wall_clock_ms
from node.config import NodeDirectory
from node.installation import Installation, open_node
from tests.builders.processes import until
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA

USER: Final = 10001
"""Who runs in the container."""
DATA, KEY = "/var/lib/moyai", "/var/lib/moyai-key"
KEY_FILE: Final = f"{KEY}/moyai.key"
HARD: Final = {
    "read_only": True,
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
    "init": False,
}
"""As in compose.yaml."""
WITHIN_S = 60.0

HOMES: Final = {"wajima": WAJIMA, "kanazawa": KANAZAWA, "ishikawa": ISHIKAWA}
LAPTOP: Final = "laptop"


@dataclass(slots=True)
class ContainerNode:
    """One node: its folder on this machine, and its container while it runs."""

    name: str
    folder: Path
    image: str
    networks: list[Network] = field(default_factory=list)
    running: DockerContainer | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    """What its containers are made with beside the usual."""

    @property
    def data(self) -> Path:
        """What its container sees as the node's directory."""
        return self.folder / "data"

    @property
    def key(self) -> Path:
        return self.folder / "key"

    def made(self, *words: str) -> DockerContainer:
        """A container of this node that is to run this command, not started."""
        made = DockerContainer(self.image).with_command([*words, *self._common(words)])
        for folder, where in ((self.data, DATA), (self.key, KEY)):
            made.with_volume_mapping(str(folder), where, "rw")
        own_user = {} if os.geteuid() == 0 else {"user": f"{os.getuid()}:{os.getgid()}"}
        sits = {"tty": True, "stdin_open": True} if words == ("desk",) else {}
        made.with_kwargs(**HARD, **own_user, **sits, **self.settings)
        if self.networks:
            made.with_network(self.networks[0]).with_network_aliases(self.name)
        return made

    def serve(self, *words: str) -> None:
        """Start it; a home node until it says that it serves."""
        self._own()
        self.running = self.made(*(words or ("serve",)))
        self.running.start()
        for network in self.networks[1:]:
            heal(network, self)
        if not words:
            until(self._serves, f"{self.name} serving", within_s=WITHIN_S, every_s=0.1)

    def does(self, *words: str, code: int = 0) -> Any:
        """A command beside what runs, or in a container of its own; its answer, or what it complained of."""
        ended, said, complained = self._beside(words) if self.running else self._alone(words)
        assert ended == code, (self.name, words, ended, said, complained)
        answer = said if code == 0 else complained or said
        return json.loads(answer.splitlines()[-1]) if answer.strip() else {}

    def kill(self) -> None:
        """As a power cut does."""
        assert self.running is not None
        with suppress(APIError):
            self.running.get_wrapped_container().kill(signal.SIGKILL)
        self.gone()

    def stop(self) -> int:
        """Asked to stop, as an upgrade does; its exit code."""
        assert self.running is not None
        container = self.running.get_wrapped_container()
        container.stop(timeout=15)
        code = int(container.wait()["StatusCode"])
        self.gone()
        return code

    def gone(self) -> None:
        """Its container is no more; the folder is."""
        if self.running is not None:
            self.running.stop()
            self.running = None

    def said(self) -> str:
        """What its container has logged."""
        assert self.running is not None
        return b"".join(self.running.get_logs()).decode()

    @contextmanager
    def opened(self, where: Path) -> Iterator[Installation]:
        """A copy of its store, opened here, while it does not run."""
        assert self.running is None
        shutil.copytree(self.folder, where)
        directory = NodeDirectory(where / "data")
        config = directory.read_config()
        directory.write_config(config.model_copy(update={"key_file": str(where / "key/moyai.key")}))
        for path in where.rglob("*"):
            os.chown(path, os.geteuid(), os.getegid())
        node = open_node(where / "data", passphrase=str, now_ms=wall_clock_ms, entropy=entropy)
        try:
            yield node
        finally:
            node.close()

    def _beside(self, words: tuple[str, ...]) -> tuple[int, str, str]:
        assert self.running is not None
        container = self.running.get_wrapped_container()
        code, (said, complained) = container.exec_run(["moyai", *words, *self._common(words)], demux=True)
        return int(code), (said or b"").decode(), (complained or b"").decode()

    def _alone(self, words: tuple[str, ...]) -> tuple[int, str, str]:
        self._own()
        with self.made(*words) as once:
            code = once.wait()
            said, complained = once.get_logs()
        return code, said.decode(), complained.decode()

    def _common(self, words: tuple[str, ...]) -> list[str]:
        return [] if words in {("desk",), ("--version",)} else ["--operator", "op-1", "--lang", "en", "--json"]

    def _serves(self) -> bool:
        assert self.running is not None
        said = self.said()
        container = self.running.get_wrapped_container()
        container.reload()
        assert container.status == "running", said
        return '"event": "serving"' in said

    def _own(self) -> None:
        """The folders are those of whoever runs in the container."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.key.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, USER, USER)


@dataclass(slots=True)
class ContainerFederation:
    """Two towns, their prefecture and a laptop, with a network between the offices and one in the town hall."""

    folder: Path
    image: str
    between: Network
    hall: Network
    nodes: dict[str, ContainerNode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in HOMES:
            networks = [self.between, self.hall] if name == "wajima" else [self.between]
            self.nodes[name] = ContainerNode(name, self.folder / name, self.image, networks)
        self.nodes[LAPTOP] = ContainerNode(LAPTOP, self.folder / LAPTOP, self.image, [self.hall])

    def __getitem__(self, name: str) -> ContainerNode:
        return self.nodes[name]

    @property
    def homes(self) -> list[ContainerNode]:
        return [self.nodes[name] for name in HOMES]

    def found(self) -> None:
        """What each office does, by commands of the image; at the end nothing runs."""
        carried = self.folder / "carried"
        carried.mkdir(parents=True)
        for node in self.homes:
            self._init(node, HOMES[node.name])
        secretary = self["ishikawa"]
        secretary.does("roster", "trustee", f"{DATA}/trustee.key", "--office", "governor", "--without-passphrase")
        cards = []
        for node in self.homes:
            card = secretary.data / f"card-{node.name}.json"
            shutil.copy(node.data / "member.json", card)
            cards += ["--member", f"{DATA}/{card.name}"]
        roster = f"{DATA}/federation.roster"
        trustee = ("--threshold", "1", "--trustee", f"{DATA}/trustee.key.json")
        secretary.does("roster", "draft", "--name", "test", *trustee, *cards, "--out", roster)
        secretary.does("roster", "sign", roster, "--trustee-key", f"{DATA}/trustee.key")
        for node in self.nodes.values():
            if node is not secretary:
                node.data.mkdir(parents=True, exist_ok=True)
                shutil.copy(secretary.data / "federation.roster", node.data / "federation.roster")
        for node in self.homes:
            node.does("roster", "install", roster)
        self._grant()
        self.stop()

    def _init(self, node: ContainerNode, code: str) -> None:
        words = ("--organisation", code, "--name", node.name, "--label", f"{node.name}-home")
        kind = "prefecture" if code == ISHIKAWA else "municipality"
        listen = ("--listen", "0.0.0.0:7441", "--endpoint", f"{node.name}:7441")
        node.does("init", *words, "--kind", kind, *listen, "--key-file", KEY_FILE)

    def _grant(self) -> None:
        """The laptop joins, and the prefecture gets what it needs of both towns' people, by their grant."""
        for node in self.homes:
            node.serve()
        code = self["wajima"].does("enrol", "code")["code"]
        joins = ("--home", "wajima:7442", "--code", code, "--organisation", WAJIMA, "--label", "laptop-1")
        roster = ("--roster", f"{DATA}/federation.roster")
        self[LAPTOP].does("enrol", "join", *joins, *roster, "--key-file", KEY_FILE)
        facets = ("--facets", "identity,stay,condition,care", "--purpose", "避難者の支援")
        for town in ("wajima", "kanazawa"):
            self["ishikawa"].does("agreement", "apply", "--to", HOMES[town], *facets)
        self.settle("ishikawa")
        for town in ("wajima", "kanazawa"):
            listed = self[town].does("agreement", "list")["agreements"]
            for one in listed:
                self[town].does("agreement", "grant", one["application"], "--days", "30")
        self.settle("ishikawa")

    def settle(self, *names: str) -> None:
        """Each of these exchanges with everybody it can call, until all answer."""
        for name in names:
            until(lambda name=name: self._reaches_all(self[name]), f"{name} with all", within_s=WITHIN_S, every_s=0.5)

    def _reaches_all(self, node: ContainerNode) -> bool:
        code, said, _ = node._beside(("sync",)) if node.running else node._alone(("sync",))
        assert code in (0, 4), said
        return code == 0 and all(one["reason"] == "DONE" for one in json.loads(said.splitlines()[-1])["peers"])

    def serve(self) -> None:
        """Every home node serves, and somebody sits at the laptop's desk."""
        for node in self.homes:
            node.serve()

    def stop(self) -> None:
        """Everything ends."""
        for node in self.nodes.values():
            if node.running is not None:
                node.stop()

    def close(self) -> None:
        """Nothing is left but the folder."""
        for node in self.nodes.values():
            with suppress(NotFound, APIError):
                node.gone()

    def copy(self, folder: Path, between: Network, hall: Network) -> "ContainerFederation":
        """The same as it was founded, elsewhere and on other networks. Only one of the two may run."""
        shutil.copytree(self.folder, folder)
        return ContainerFederation(folder, self.image, between, hall)


@contextmanager
def networks() -> Iterator[tuple[Network, Network]]:
    """Two networks that lead nowhere else."""
    with ExitStack() as stack:
        made = [stack.enter_context(Network(docker_network_kw={"internal": True})) for _ in range(2)]
        yield made[0], made[1]


def cut(network: Network, node: ContainerNode) -> None:
    """Pull the node's plug out of that network."""
    assert node.running is not None
    container = node.running.get_wrapped_container()
    container.client.networks.get(network.id).disconnect(container)


def heal(network: Network, node: ContainerNode) -> None:
    """Put it in again."""
    assert node.running is not None
    network.connect(node.running.get_container_id(), network_aliases=[node.name])

"""Real nodes as processes: the `moyai` command beside this Python, folders, daemons, and what they said."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from node.chance import entropy, wall_clock_ms
from node.config import NodeDirectory
from node.installation import Installation, open_node
from node.ledger.store import connect_reading
from node.trust import keyfile
from tests.builders.trust import KANAZAWA, WAJIMA

TOP = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("moyai")
WITHIN_S = 30.0
"""How long anything may take on a busy machine before a test calls it broken."""

Process = subprocess.Popen[bytes]


def until(
    holds: Callable[[], Any],
    what: str,
    *,
    within_s: float = WITHIN_S,
    every_s: float = 0.02,
    look: Callable[[], object] = lambda: None,
) -> Any:
    """Look again and again until it holds; fails with what was waited for. `look` is called each time before."""
    deadline = time.monotonic() + within_s
    look()
    while not (found := holds()):
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(every_s)
        look()
    return found


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(slots=True)
class ProcessNode:
    """One node's folder, and its daemon while it runs."""

    folder: Path
    port: int = field(default_factory=free_port)
    enrolment_port: int = field(default_factory=free_port)
    daemon: Process | None = None
    surroundings: dict[str, str] = field(default_factory=dict)
    """What its processes find in their environment beside the usual."""

    def start(self, *words: str) -> Process:
        """A command of this node, in the background; what it says goes to its log."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(COMMAND), *words, "--node", str(self.folder), "--operator", "op-1", "--lang", "en", "--json"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONUTF8": "1", **self.surroundings},
                start_new_session=True,
            )

    def does(self, *words: str, code: int = 0) -> Any:
        """A command and its answer, or where it must fail what it complained."""
        done = subprocess.run(
            [str(COMMAND), *words, "--node", str(self.folder), "--operator", "op-1", "--lang", "en", "--json"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=WITHIN_S,
            env={**os.environ, **self.surroundings},
        )
        with self.log.open("ab") as log:
            log.write(done.stderr)
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        said = done.stdout if code == 0 else done.stderr or done.stdout
        return json.loads(said.splitlines()[-1]) if said.strip() else {}

    def clerk(self, *words: object) -> Process:
        """A clerk of this node (tests/builders/clerk.py), in the background; what they say is read from `stdout`."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.builders.clerk", str(self.folder), *map(str, words)],
                cwd=TOP,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, "PYTHONPATH": os.pathsep.join((str(TOP), str(TOP / "protocol")))},
                start_new_session=True,
            )

    def clerk_said(self, *words: object) -> list[list[str]]:
        """What a clerk said line by line, when they were done."""
        with self.clerk(*words) as clerk:
            assert clerk.stdout is not None
            lines = [line.decode().split() for line in clerk.stdout]
        assert clerk.returncode == 0, self.log.read_text()
        return lines

    def serve(self) -> None:
        """Start the daemon, and wait until it listens."""
        self.daemon = self.start("serve")
        until(lambda: self.listens() or self.daemon is None or self.daemon.poll() is not None, "a daemon that listens")
        assert self.daemon.poll() is None, self.log.read_text()

    def listens(self) -> bool:
        """Whether anybody answers at its port."""
        with socket.socket() as knocking:
            return knocking.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> int:
        """Ask the daemon to stop; its exit code."""
        assert self.daemon is not None
        self.daemon.send_signal(signal.SIGTERM)
        code = self.daemon.wait(timeout=10)
        self.daemon = None
        return code

    def listen_at(self, port: int) -> None:
        """Listen there from the next start on; peers go on dialling the port of the roster: lay a `Link` to it."""
        directory = NodeDirectory(self.folder)
        config = directory.read_config()
        directory.write_config(config.model_copy(update={"listen": f"127.0.0.1:{port}"}))
        self.port = port

    def kill(self) -> None:
        """Kill the daemon where it stands."""
        if self.daemon is not None:
            self.daemon.kill()
            self.daemon.wait()
            self.daemon = None

    @property
    def ledger(self) -> Path:
        """Its ledger's file."""
        return NodeDirectory(self.folder).ledger

    @property
    def written(self) -> tuple[int, int]:
        """Size and time of its ledger's write-ahead log: another one after every write step."""
        try:
            found = self.ledger.with_name("ledger.db-wal").stat()
        except FileNotFoundError:
            return (0, 0)
        return (found.st_size, found.st_mtime_ns)

    def is_whole(self) -> bool:
        """Whether SQLite finds its ledger sound, every page and index of it."""
        key_file = Path(NodeDirectory(self.folder).read_config().key_file)
        with closing(connect_reading(self.ledger, keyfile.read_key_file(key_file, kind=keyfile.STORE))) as reading:
            return reading.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    @property
    def log(self) -> Path:
        """What its processes said."""
        return self.folder.with_suffix(".log")

    @contextmanager
    def opened(self) -> Iterator[Installation]:
        """The node opened here, by this process, beside its daemon."""
        with closing(
            open_node(self.folder, passphrase=lambda: "", now_ms=wall_clock_ms, entropy=entropy)
        ) as installation:
            yield installation


@dataclass(slots=True)
class Towns:
    """Two home nodes and a laptop, set up by commands."""

    folder: Path
    wajima: ProcessNode
    kanazawa: ProcessNode
    laptop: ProcessNode
    roster: Path

    @classmethod
    def found(cls, folder: Path) -> "Towns":
        """Type what a town hall types."""
        made = cls(
            folder,
            ProcessNode(folder / "wajima"),
            ProcessNode(folder / "kanazawa"),
            ProcessNode(folder / "laptop"),
            folder / "federation.roster",
        )
        members = [made.init(node, code) for node, code in ((made.wajima, WAJIMA), (made.kanazawa, KANAZAWA))]
        key = str(folder / "trustee.key")
        made.wajima.does("roster", "trustee", key, "--office", "governor", "--without-passphrase")
        made.draft(made.roster, members)
        for node in (made.wajima, made.kanazawa):
            node.does("roster", "install", str(made.roster))
        made.wajima.serve()
        try:
            code = made.wajima.does("enrol", "code")
            words = ("--home", code["address"], "--code", code["code"], "--roster", str(made.roster))
            own_key = ("--key-file", str(folder / "laptop.key"))
            made.laptop.does("enrol", "join", *words, "--organisation", WAJIMA, "--label", "laptop-1", *own_key)
        finally:
            made.wajima.kill()
        return made

    def init(self, node: ProcessNode, code: str) -> str:
        """Make a home node; its member card."""
        listen = f"127.0.0.1:{node.port}"
        made = node.does(
            *("init", "--organisation", code, "--name", f"town {code}", "--label", f"home-{code}"),
            *("--kind", "prefecture" if code.endswith("0003") else "municipality"),
            *("--listen", listen, "--enrolment-listen", f"127.0.0.1:{node.enrolment_port}"),
            *("--key-file", str(self.folder / f"{code}.key")),
        )
        return str(made["member"])

    def draft(self, out: Path, members: list[str], *more: str) -> None:
        """Draft a roster of these members, and have the trustee sign it."""
        words = ["--name", "test", "--threshold", "1", "--trustee", str(self.folder / "trustee.key.json")]
        for member in members:
            words += ["--member", member]
        self.wajima.does("roster", "draft", *words, "--out", str(out), *more)
        self.wajima.does("roster", "sign", str(out), "--trustee-key", str(self.folder / "trustee.key"))

    def copy(self, folder: Path) -> "Towns":
        """The same towns as they were founded, in another folder. Only one of the two may serve."""
        copies = []
        for node in self.nodes:
            shutil.copytree(node.folder, folder / node.folder.name)
            copies.append(ProcessNode(folder / node.folder.name, node.port, node.enrolment_port))
        return Towns(self.folder, *copies, self.roster)

    @property
    def nodes(self) -> tuple[ProcessNode, ...]:
        """All three."""
        return (self.wajima, self.kanazawa, self.laptop)

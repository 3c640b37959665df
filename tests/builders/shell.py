"""The command line in this process: a home node set up with its own commands, and what a command prints and ends in."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from node.cli.main import run

WAJIMA = "172049"
KANAZAWA = "172014"
RESIDENTS = """宛名番号,世帯番号,氏名,フリガナ,生年月日,性別,住所
k1,h1,海老名沢 つかさ,エビナサワ ツカサ,S23.5.3,女,輪島市河井町15部13番地
k2,h1,海老名沢 忠,エビナサワ タダシ,S20.1.3,男,輪島市河井町15部13番地
k3,h2,鵜飼野 澄江,ウカイノ スミエ,2015-05-03,女,輪島市町野町粟蔵3番地
"""
PLACES = "共通ID,施設名,住所,想定収容人数\n,河井公民館,輪島市河井町1,50\n"
NAMES = ("海老名沢", "エビナサワ", "鵜飼野", "ウカイノ", "澄江", "つかさ")
"""Of nobody but the people of these tests: none may stand in an error or a log."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object it printed."""
        (line,) = self.out.splitlines()
        told: dict[str, Any] = json.loads(line)
        return told

    @property
    def refusal(self) -> dict[str, Any]:
        """The one object it complained with."""
        (line,) = self.err.splitlines()
        told: dict[str, Any] = json.loads(line)
        return told


@dataclass(slots=True)
class Shell:
    """A folder with a node in it. `read` gives what was printed since it was last asked: standard output and error."""

    folder: Path
    read: Callable[[], tuple[str, str]] = field(default=lambda: ("", ""))

    @property
    def node(self) -> Path:
        """The node's directory."""
        return self.folder / "node"

    def __call__(self, *words: str, node: Path | None = None) -> Ran:
        """Run a command as it is typed, but for the node it is for."""
        self.read()
        code = run([*words, "--node", str(node or self.node), "--operator", "tanaka", "--lang", "ja"])
        return Ran(code, *self.read())

    def json(self, *words: str, node: Path | None = None) -> dict[str, Any]:
        """The answer of a command that must succeed."""
        ran = self(*words, "--json", node=node)
        assert (ran.code, ran.err) == (0, "")
        return ran.json

    def file(self, name: str, content: str | bytes) -> str:
        """A file with this content; returns its path."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def init(self, *more: str, node: Path | None = None) -> Ran:
        """Make the home node of Wajima."""
        words = ("--organisation", WAJIMA, "--name", "輪島市", "--label", "wajima-home", "--listen", "127.0.0.1:7443")
        return self("init", *words, "--key-file", str(self.folder / "store.key"), *more, node=node)

    def found(self) -> None:
        """Make the node and found a federation of it alone, with two trustees."""
        assert self.init().code == 0
        for number, office in enumerate(("知事", "市長")):
            words = (str(self.folder / f"t{number}.key"), "--office", office, "--without-passphrase")
            assert self("roster", "trustee", *words).code == 0
        roster = str(self.folder / "draft.roster")
        cards = [word for n in range(2) for word in ("--trustee", str(self.folder / f"t{n}.key.json"))]
        member = ("--member", str(self.node / "member.json"), "--threshold", "2", "--out", roster)
        assert self("roster", "draft", "--name", "能登", *cards, *member).code == 0
        for number in range(2):
            key = str(self.folder / f"t{number}.key")
            assert self("roster", "sign", roster, "--trustee-key", key).code == 0
        assert self("roster", "install", roster).code == 0

"""Founds the federation: trustees, members, a signed roster, and a laptop that is enrolled."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from deploy.demo.line import Lines
from deploy.demo.telling import Finding
from deploy.demo.towns import Town, at_once, free_port

WAJIMA, KANAZAWA, ISHIKAWA = "172049", "172014", "170003"
TRUSTEES = ("知事", "輪島市長", "金沢市長")
_MEMBERS = (
    (WAJIMA, "輪島市", "municipality"),
    (KANAZAWA, "金沢市", "municipality"),
    (ISHIKAWA, "石川県", "prefecture"),
)


@dataclass(slots=True)
class Federation:
    """The nodes of the story and the lines between them."""

    folder: Path
    lang: str
    lines: Lines = field(default_factory=Lines)
    towns: dict[str, Town] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for code, name, _ in _MEMBERS:
            self.towns[code] = self.at(f"{code}-home", code, name)
        self.towns["laptop"] = self.at("laptop")

    @property
    def wajima(self) -> Town:
        """The home node of Wajima."""
        return self.towns[WAJIMA]

    @property
    def kanazawa(self) -> Town:
        """The home node of Kanazawa."""
        return self.towns[KANAZAWA]

    @property
    def ishikawa(self) -> Town:
        """The home node of the prefecture."""
        return self.towns[ISHIKAWA]

    @property
    def laptop(self) -> Town:
        """The field node of Wajima."""
        return self.towns["laptop"]

    @property
    def homes(self) -> list[Town]:
        """The three home nodes."""
        return [self.wajima, self.kanazawa, self.ishikawa]

    def close(self) -> list[int | None]:
        """Stop everything; the exit codes of the daemons that ran. Safe to repeat."""
        codes = [town.stop() for town in self.towns.values()]
        self.lines.close()
        return codes

    def at(self, folder: str, code: str = WAJIMA, name: str = "輪島市") -> Town:
        """A node that is to be made in that folder."""
        port = free_port()
        return Town(code, name, self.folder / folder, port, self.lines.lay(port), self.lang)


def found(federation: Federation) -> list[Finding]:
    """Three members, three trustees, a roster that two of them sign."""
    members = at_once(*(partial(_founded, federation, *member) for member in _MEMBERS))
    trustees = at_once(*(partial(_trustee, federation, number) for number in range(len(TRUSTEES))))
    secretary = federation.ishikawa
    draft = str(federation.folder / "draft.roster")
    words = ["roster", "draft", "--name", "石川県被災者連合", "--threshold", "2", "--out", draft]
    for trustee in trustees:
        words += ["--trustee", f"{trustee}.json"]
    for member in members:
        words += ["--member", member]
    secretary.does(*words)
    secretary.does("roster", "sign", draft, "--trustee-key", trustees[0])
    alone = secretary.does("roster", "install", draft, allowed=(1,))
    secretary.does("roster", "sign", draft, "--trustee-key", trustees[2])
    at_once(*(partial(town.does, "roster", "install", draft) for town in federation.homes))
    shown = secretary.does("roster", "show").json
    return [
        Finding("one_signature", alone.code == 1, {"reason": alone.reason}),
        Finding(
            "founded",
            len(shown["organisations"]) == len(_MEMBERS),
            {"members": len(shown["organisations"]), "version": shown["version"]},
        ),
    ]


def enrol(federation: Federation) -> list[Finding]:
    """Every home node serves; the laptop becomes a node of Wajima by a code that works once."""
    at_once(*(town.start for town in federation.homes))
    wajima, laptop = federation.wajima, federation.laptop
    roster = str(federation.folder / "draft.roster")
    shown = wajima.does("enrol", "code").json
    join: tuple[str, ...] = ("enrol", "join", "--home", shown["address"], "--code", shown["code"], "--roster", roster)
    join += ("--organisation", WAJIMA)
    laptop.does(*join, "--label", "wajima-laptop-1", *_key(federation, "laptop"))
    stranger = federation.at("stranger")
    again = stranger.does(*join, "--label", "stranger", *_key(federation, "stranger"), allowed=(1, 4))
    nodes = wajima.does("enrol", "list").json["nodes"]
    return [
        Finding("enrolled", len(nodes) == 2, {"nodes": len(nodes)}),
        Finding("code_spent", again.code != 0, {"reason": again.reason}),
    ]


def _founded(federation: Federation, code: str, name: str, kind: str) -> str:
    town = federation.towns[code]
    done = town.does(
        *("init", "--organisation", code, "--name", name, "--kind", kind, "--role", "home", "--label", f"{code}-home"),
        *("--listen", f"127.0.0.1:{town.port}", "--endpoint", town.address),
        *("--enrolment-listen", f"127.0.0.1:{free_port()}"),
        *_key(federation, code),
    )
    return str(done.json["member"])


def _trustee(federation: Federation, number: int) -> str:
    key = str(federation.folder / f"trustee-{number + 1}.key")
    federation.ishikawa.does("roster", "trustee", key, "--office", TRUSTEES[number], "--without-passphrase")
    return key


def _key(federation: Federation, name: str) -> tuple[str, str]:
    """Where the key lies that unlocks a store: a file only its owner can read."""
    return "--key-file", str(federation.folder / f"{name}.unlock")

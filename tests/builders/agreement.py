"""What holds of a federation that has come to rest: all agree, nothing is held without a basis, no log has a gap."""

from pathlib import Path
from typing import Final

from node.doctor.comparing import compare
from node.installation import Installation
from sync.roots import root
from tests.builders.containers import LAPTOP, ContainerFederation

VIEWS: Final = (1, 2)
PEERS: Final = (("wajima", "kanazawa"), ("wajima", "ishikawa"), ("kanazawa", "ishikawa"), ("wajima", LAPTOP))
WITHHELD: Final = "秘匿山"
"""Nobody of this name may be known beyond the organisation that wrote them down."""


def at_rest(federation: ContainerFederation, where: Path, *, withheld_at: str = "wajima") -> None:
    """Stops it and looks into every store. Raises AssertionError where something does not hold."""
    federation.stop()
    roots: dict[tuple[str, str], list[bytes]] = {}
    keys: dict[str, bytes] = {}
    for name, node in federation.nodes.items():
        with node.opened(where / f"first-{name}") as opened:
            keys[name] = opened.key.node
    for name, node in federation.nodes.items():
        with node.opened(where / name) as opened:
            for pair in PEERS:
                if name in pair:
                    other = pair[1 - pair.index(name)]
                    roots[name, other] = views(opened, keys[other])
            opened.ledger.verify_audit()
            assert opened.book().look_again() == 0, f"{name} held something without a basis"
            assert [one for one in compare(opened, repair=False) if not one.well] == [], name
            inside = name in {withheld_at, LAPTOP if withheld_at == "wajima" else withheld_at}
            found = opened.desk("op-1").find(WITHHELD)
            assert not found or inside, f"{name} knows who is hidden"
    assert {pair: roots[pair] for pair in PEERS} == {(one, other): roots[other, one] for one, other in PEERS}


def views(opened: Installation, peer: bytes) -> list[bytes]:
    """What this node keeps for that one, in short."""
    opened.book()
    return [root(sorted(opened.ledger.view_ids(peer, view))) for view in VIEWS]

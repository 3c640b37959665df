"""A running node finds people who may be one beside the desk, for all its people and not only for a few."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import cast

from node.desk.duplicates import COMPARED_AT_ONCE
from node.desk.views import NewPerson
from node.reference.names import surnames_listed
from node.watch import COMPARED_AHEAD, Watch
from sync.exchange import Exchange
from tests.builders.nodes import federation
from tests.builders.trust import WAJIMA

PAIRS = COMPARED_AT_ONCE + COMPARED_AHEAD
LOOKS_MAX = 200


class NobodyThere:
    """An exchange of a node that has no peers."""

    async def refresh(self) -> None:
        """Nobody is to be dialled."""

    def news(self) -> None:
        """Nobody is to be told."""


async def test_the_running_node_finds_every_pair(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA) as made, ThreadPoolExecutor(1) as threads:
        node = made[WAJIMA]
        desk = node.desk("tanaka")
        for number, surname in enumerate(islice(surnames_listed(), PAIRS)):
            for address in (f"輪島市河井町{number + 1}番地", f"金沢市広坂{number + 1}-1"):
                person = NewPerson(
                    family_name=surname, given_name="花子", birth=f"{1930 + number}0503", address=address, sex=2
                )
                desk.register(person, arrive=False)
        watch = Watch(node, cast("Exchange", NobodyThere()), threads)
        for _ in range(LOOKS_MAX):
            await watch._look()
            if node.alike.worked().whole:
                break
        assert node.ledger.alike_count() == PAIRS
        assert desk.standing().duplicates == PAIRS

"""A town with a laptop and a neighbour, its recovery code, and what its backups are held against."""

from collections import Counter
from pathlib import Path
from random import Random

from node.backup.restoring import Restored, restore
from node.config import NodeDirectory
from node.desk.views import NewPerson
from node.installation import Installation
from node.trust.keys import BoxKey
from node.trust.recovery import new_recovery_code
from tests.builders.nodes import Federation
from tests.builders.trust import KANAZAWA

CODE = new_recovery_code(Random(7).randbytes)
LAPTOP = "laptop"


def registered(node: Installation, name: str) -> bytes:
    """Somebody from Kanazawa, written down."""
    person = NewPerson(family_name=name, given_name="太郎", municipality=KANAZAWA, address="金沢市1-1", phone="076-1")
    return node.desk("op").register(person).subjects[0]


def drowned(towns: Federation, name: str) -> Path:
    """The node's folder and key are gone; returns where the folder was."""
    towns[name].close()
    place = towns[name].directory.path
    for path in place.iterdir():
        path.unlink()
    place.rmdir()
    place.with_name(f"{name}.key").unlink()
    return place


def put_back(towns: Federation, name: str, backup: Path, key: BoxKey = CODE.key) -> Restored:
    """Put it back where it was, and open it."""
    place = towns.folder / name
    done = restore(backup, key, NodeDirectory(place), key_file=None, now_ms=towns.time)
    towns.open(name)
    return done


def given_twice(towns: Federation, author: str) -> list[int]:
    """Counters under which anybody holds two different records of this author."""
    node = towns[author].key.node
    ids = set()
    for holder in towns.nodes.values():
        _, subjects = holder.ledger.subjects_changed_since(0)
        held = [held.record for subject in subjects for held in holder.ledger.about(subject)]
        ids |= {(record.counter, record.id) for record in held if record.author == node}
    return [counter for counter, times in Counter(counter for counter, _ in ids).items() if times > 1]

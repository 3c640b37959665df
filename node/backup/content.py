"""What is sealed in a backup: a list of what there is, then the files one after the other."""

import json
from dataclasses import dataclass
from typing import Any, Final, Self

from node.errors import BackupNewer, BackupUnsound
from node.ledger.copying import Inside

VERSION: Final = 1
LENGTH_BYTES: Final = 4
LIST_BYTES_MAX: Final = 65_536

CONFIG: Final = "node.toml"
BARE_KEY: Final = "ledger.key"
"""The ledger's key without a passphrase: whoever has opened the backup needs no other."""
WRAPPED_KEY: Final = "store.key"
ORGANISATION_KEY: Final = "organisation.key"
MEMBER_CARD: Final = "member.json"
LEDGER: Final = "ledger.db"
"""The last and the largest."""

_NUMBERS: Final = ("schema", "records", "people", "entries", "counter", "clock")
NAMES: Final = (CONFIG, BARE_KEY, WRAPPED_KEY, ORGANISATION_KEY, MEMBER_CARD, LEDGER)
"""In their order; not every node has all."""


@dataclass(frozen=True, slots=True)
class Content:
    """The list at the beginning."""

    software: str
    """Version of the program that made it."""
    inside: Inside
    """What the ledger had in it."""
    files: tuple[tuple[str, int], ...]
    """Name and bytes of each."""

    @property
    def written(self) -> bytes:
        """Its bytes, with their length before them."""
        said = {
            "version": VERSION,
            "software": self.software,
            "inside": {
                "schema": self.inside.schema,
                "records": self.inside.records,
                "people": self.inside.people,
                "entries": self.inside.entries,
                "head": self.inside.head.hex(),
                "counter": self.inside.counter,
                "clock": self.inside.clock,
            },
            "files": [list(one) for one in self.files],
        }
        plain = json.dumps(said, separators=(",", ":")).encode()
        return len(plain).to_bytes(LENGTH_BYTES, "big") + plain

    @classmethod
    def read(cls, plain: bytes) -> Self:
        """The list, from its bytes without their length.

        Raises:
            BackupNewer, BackupUnsound: it was made by a newer program, or is not what it should be.
        """
        try:
            said: dict[str, Any] = json.loads(plain)
            if said["version"] != VERSION:
                raise BackupNewer(got=int(said["version"]), known=VERSION)
            counted = said["inside"]
            numbers = {name: int(counted[name]) for name in _NUMBERS}
            found = Inside(head=bytes.fromhex(counted["head"]), **numbers)
            files = tuple((str(name), int(size)) for name, size in said["files"])
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise BackupUnsound(what="list") from error
        names = [name for name, _ in files]
        if any(size < 0 for _, size in files):
            raise BackupUnsound(what="size")
        if names != [name for name in NAMES if name in names] or not {CONFIG, BARE_KEY, LEDGER} <= set(names):
            raise BackupUnsound(what="list")
        return cls(str(said["software"]), found, files)

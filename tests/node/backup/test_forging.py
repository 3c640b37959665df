"""A backup somebody else has made up: anybody can seal, so the node signs, and all in it must be the node's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from node.backup.content import BARE_KEY, CONFIG, LEDGER, Content
from node.backup.head import ORGANISATION
from node.backup.making import Made
from node.backup.reading import verify_backup
from node.backup.restoring import restore
from node.backup.sealing import Recipient, seal_into
from node.config import NodeDirectory
from node.errors import BackupChanged, BackupForged
from node.installation import Installation
from node.ledger.copying import copy, inside
from node.trust import keyfile
from node.trust.keys import SIGNATURE_BYTES, NodeKey
from tests.builders.backups import CODE
from tests.builders.nodes import Federation
from tests.builders.trust import KANAZAWA, WAJIMA


@dataclass
class Forger:
    """Seals what a node has to the keys of Wajima, under its name."""

    towns: Federation
    folder: Path
    chance: Random = field(default_factory=lambda: Random(5))

    def forged(self, of: Installation, key: NodeKey, config: bytes) -> Path:
        copied, file = self.folder / "copied.db", self.folder / "forged.moyai-backup"
        copy(of.ledger.path, of.store_key, copied)
        small = [(CONFIG, config), (BARE_KEY, keyfile.bare(of.store_key, kind=keyfile.STORE))]
        files = (*((name, len(plain)) for name, plain in small), (LEDGER, copied.stat().st_size))
        plain = Content("1", inside(copied, of.store_key), files).written + b"".join(one for _, one in small)
        plain += copied.read_bytes()
        with file.open("wb") as writing:
            seal_into(
                writing,
                iter([plain]),
                [Recipient(ORGANISATION, self.towns.key(WAJIMA).box_key.public_key)],
                plain_bytes=len(plain),
                organisation=WAJIMA,
                key=key,
                made_at_ms=self.towns.time(),
                entropy=self.chance.randbytes,
            )
        return file

    def refused(self, file: Path) -> BackupForged:
        """By whoever reads it through and by whoever puts it back; nothing is left."""
        key, place = self.towns.key(WAJIMA).box_key, self.folder / "place"
        with pytest.raises(BackupForged) as read:
            verify_backup(file, key, self.folder / "scratch.db")
        with pytest.raises(BackupForged) as put_back:
            restore(file, key, NodeDirectory(place), key_file=self.folder / "k", now_ms=self.towns.time)
        assert list(place.iterdir()) == []
        assert not (self.folder / "k").exists()
        assert read.value.details == put_back.value.details
        return read.value


@pytest.fixture
def forger(towns: Federation, tmp_path: Path) -> Iterator[Forger]:
    folder = tmp_path / "forger"
    folder.mkdir()
    return Forger(towns, folder)


def config_of(node: Installation) -> bytes:
    return node.directory.config.read_bytes()


def test_what_a_forger_would_make_of_the_node_itself_is_a_backup(towns: Federation, forger: Forger) -> None:
    node = towns[WAJIMA]
    file = forger.forged(node, node.key, config_of(node))
    assert verify_backup(file, towns.key(WAJIMA).box_key, forger.folder / "s").head.node == node.key.node


@pytest.mark.parametrize(
    ("signs", "config", "what"),
    [(WAJIMA, WAJIMA, "node-seed"), (KANAZAWA, KANAZAWA, "node.toml"), (KANAZAWA, WAJIMA, "certificate")],
)
def test_another_nodes_ledger_under_this_name_is_refused(
    towns: Federation, forger: Forger, signs: str, config: str, what: str
) -> None:
    file = forger.forged(towns[KANAZAWA], towns[signs].key, config_of(towns[config]))
    assert forger.refused(file).details["what"] == what


def test_what_the_node_has_not_signed_is_refused(towns: Federation, backup: Made, forger: Forger) -> None:
    other = NodeKey.generate(forger.chance.randbytes)
    file = forger.forged(towns[WAJIMA], other, config_of(towns[WAJIMA]))
    assert forger.refused(file).details["what"] == "node-seed"
    own, forged = backup.file.read_bytes(), file.read_bytes()
    for signature in (forged[-SIGNATURE_BYTES:], bytes(SIGNATURE_BYTES)):
        backup.file.write_bytes(own[:-SIGNATURE_BYTES] + signature)
        with pytest.raises(BackupChanged):
            verify_backup(backup.file, CODE.key, forger.folder / "s")
    key = towns[WAJIMA].key.public_key.hex().encode()
    file.write_bytes(re.sub(rb'(?<="key":")[0-9a-f]{64}', key, forged))
    with pytest.raises(BackupChanged):
        verify_backup(file, towns.key(WAJIMA).box_key, forger.folder / "s")

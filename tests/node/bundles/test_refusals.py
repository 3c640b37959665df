"""What may happen to a bundle on its way, each with its own error, and nothing taken."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from node import errors
from node.bundles.carrying import nobody
from node.bundles.head import CHECK_BYTES, MAGIC, read_head, with_check
from node.bundles.listening import Listener
from node.bundles.reading import open_bundle
from node.errors import BundleRefused
from node.pen import PLACE
from node.people.facets import Place
from node.records import kinds
from node.registrar import Registrar
from node.trust.keys import NodeKey
from sync import bundle as bundles
from sync.envelope import Parcel, SealedRecord
from sync.errors import MoyaiError
from sync.frames import CONTROL, DATA
from sync.ports import Tally
from tests.builders.carrying import Stick, handmade
from tests.builders.nodes import Federation, federation
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA

PART_BYTES = 17_000
"""Room for one piece."""


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path) as founded:
        yield founded


@pytest.fixture
def stick(made: Federation, tmp_path: Path) -> Stick:
    return Stick(made, tmp_path / "stick")


@pytest.fixture
def bundle(made: Federation, stick: Stick) -> Path:
    """A bundle of Wajima for Kanazawa that has records in it."""
    assert made.meet(WAJIMA, KANAZAWA)
    made[WAJIMA].desk("w").create_place("公民館")
    (file,) = stick.write(WAJIMA, KANAZAWA)
    assert stick.written[-1].records == 1
    return file


def refused(stick: Stick, reader: str, *files: Path) -> MoyaiError:
    """How the reader refuses these files, having taken nothing."""
    ledger = stick.made[reader].ledger
    before = (ledger.newest_seq(), ledger.secret("roster"), ledger.peers())
    with pytest.raises(MoyaiError) as caught:
        stick.read(reader, files)
    assert (ledger.newest_seq(), ledger.secret("roster"), ledger.peers()) == before
    return caught.value


def test_a_bundle_for_another_organisation(stick: Stick, bundle: Path) -> None:
    error = refused(stick, ISHIKAWA, bundle)
    assert (error.reason, error.details["organisation"]) == ("BUNDLE_FOR_ANOTHER", KANAZAWA)


def test_a_bundle_for_the_laptop_is_not_for_the_town_hall(made: Federation, stick: Stick) -> None:
    made.add_field("laptop", WAJIMA)
    made.add_field("other", WAJIMA)
    files = stick.write(WAJIMA, "laptop")
    assert refused(stick, WAJIMA, *files).reason == "BUNDLE_FOR_ANOTHER"
    assert refused(stick, "other", *files).reason == "BUNDLE_FOR_ANOTHER"


def test_a_bundle_cut_anywhere(stick: Stick, bundle: Path, tmp_path: Path) -> None:
    whole = bundle.read_bytes()
    cut = tmp_path / "cut.moyai"
    begins = read_head(whole, file_bytes=len(whole), file="").begins
    for length in {0, 1, 10, len(MAGIC), 16, 17, 60, begins - CHECK_BYTES, begins - 1, begins, begins + 1, 9_000,
                   len(whole) - 81, len(whole) - 1}:  # fmt: skip
        cut.write_bytes(whole[:length])
        assert refused(stick, KANAZAWA, cut).reason == "BUNDLE_CUT", length


def test_any_byte_changed(stick: Stick, bundle: Path, tmp_path: Path) -> None:
    whole = bundle.read_bytes()
    changed = tmp_path / "changed.moyai"
    begins = read_head(whole, file_bytes=len(whole), file="").begins
    for place in [*range(len(MAGIC), begins, 7), *range(begins, len(whole), 1_009), begins - 1, len(whole) - 1]:
        changed.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        reason = refused(stick, KANAZAWA, changed).reason
        assert reason == "BUNDLE_CHANGED", place


def test_bytes_behind_the_end(stick: Stick, bundle: Path) -> None:
    with bundle.open("ab") as file:
        file.write(b"\0")
    assert refused(stick, KANAZAWA, bundle).reason == "BUNDLE_CHANGED"


@pytest.mark.parametrize(
    "content", [b"x", b"PK\x03\x04" * 100, os.urandom(64), b"moyai bundle 2\n" + bytes(500)], ids=lambda _: ""
)
def test_what_is_no_bundle(stick: Stick, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(content)
    assert refused(stick, KANAZAWA, file).reason == "BUNDLE_MALFORMED"


def test_a_bundle_read_before(stick: Stick, bundle: Path) -> None:
    stick.read(KANAZAWA, [bundle])
    assert refused(stick, KANAZAWA, bundle).reason == "BUNDLE_READ_BEFORE"


def test_an_older_bundle_takes_nothing_back(made: Federation, stick: Stick, bundle: Path) -> None:
    """What Kanazawa believes of Wajima stays as the newer bundle said."""
    made[KANAZAWA].desk("k").create_place("体育館")
    assert made.meet(WAJIMA, KANAZAWA)
    stick.carry(WAJIMA, KANAZAWA)
    waits = made[KANAZAWA].bundles().plan(WAJIMA)[1]
    assert refused(stick, KANAZAWA, bundle).reason == "BUNDLE_OLDER"
    assert made[KANAZAWA].bundles().plan(WAJIMA)[1] == waits == 0


def test_a_bundle_of_another_federation(stick: Stick, bundle: Path, tmp_path: Path) -> None:
    """Its header says so; with the header changed to ours, the key in it does not open."""
    whole = bundle.read_bytes()
    read = read_head(whole, file_bytes=len(whole), file="")
    foreign = bytes(16)
    written = read.written.replace(read.head.federation, foreign)
    bundle.write_bytes(with_check(written) + whole[read.begins :])
    assert refused(stick, KANAZAWA, bundle).reason == "BUNDLE_OF_ANOTHER_FEDERATION"


def test_a_bundle_readdressed_does_not_open(stick: Stick, bundle: Path) -> None:
    whole = bundle.read_bytes()
    read = read_head(whole, file_bytes=len(whole), file="")
    written = read.written.replace(KANAZAWA.encode(), ISHIKAWA.encode())
    bundle.write_bytes(with_check(written) + whole[read.begins :])
    assert refused(stick, ISHIKAWA, bundle).reason == "BUNDLE_KEY_ANOTHER"


def test_a_head_that_was_changed_knowingly_is_not_signed(stick: Stick, bundle: Path) -> None:
    whole = bundle.read_bytes()
    read = read_head(whole, file_bytes=len(whole), file="")
    written = read.written.replace(read.head.bundle, bytes(16))
    bundle.write_bytes(with_check(written) + whole[read.begins :])
    assert refused(stick, KANAZAWA, bundle).reason == "BUNDLE_FORGED"


def test_a_bundle_signed_by_another_node(made: Federation, stick: Stick) -> None:
    """Ishikawa writes a bundle with the certificate of Wajima, which everybody has."""
    assert made.meet(WAJIMA, KANAZAWA)
    assert made.meet(ISHIKAWA, KANAZAWA)
    bundles = made[ISHIKAWA].bundles()
    greeting = made[WAJIMA].book().greeting(made.peer(KANAZAWA))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(bundles.book), "greeting", lambda _book, _peer: greeting)
        files = bundles.write(KANAZAWA, stick.folder.parent / "forged.moyai", operator="op").files
    assert refused(stick, KANAZAWA, *files).reason == "BUNDLE_FORGED"


def test_nothing_in_a_bundle_is_looked_at_before_its_signature_holds(made: Federation, tmp_path: Path) -> None:
    """Whoever has the roster has our box key: what such a one has sealed must cost no more than reading the file."""
    stick = Stick(made, tmp_path)
    assert made.meet(WAJIMA, KANAZAWA)
    nonsense: list[bundles.Entry] = [bundles.Carried(CONTROL, ())] * 40
    forged = handmade(made, tmp_path / "forged.moyai", nonsense, key=NodeKey(bytes(32)))
    assert refused(stick, KANAZAWA, forged).reason == "BUNDLE_FORGED"
    signed = handmade(made, tmp_path / "signed.moyai", nonsense)
    assert refused(stick, KANAZAWA, signed).reason == "BUNDLE_MALFORMED"
    nothing = handmade(made, tmp_path / "nothing.moyai", [bundles.Statement(CONTROL, 0, bytes(16)), *nonsense])
    assert refused(stick, KANAZAWA, nothing).details["rule"] == "empty records"


@dataclass(slots=True)
class CountingInbox:
    """Takes all, and counts."""

    batches: list[int] = field(default_factory=list)

    def prepare(self, view: int, parcels: Sequence[Parcel]) -> int:
        return len(parcels)

    def commit(self, prepared: int) -> Tally:
        self.batches.append(prepared)
        return Tally(held=prepared, quarantined=0, new=prepared)


def test_records_in_entries_of_their_own_are_written_in_batches(made: Federation, tmp_path: Path) -> None:
    """Each batch waits for the disk: a member that cuts its records fine must not make many of few."""
    assert made.meet(WAJIMA, KANAZAWA)
    parcel = Parcel(SealedRecord(b"body", bytes(64)), 1, b"")
    entries: list[bundles.Entry] = [bundles.Statement(CONTROL, 0, bytes(16))]
    entries += [bundles.Carried(CONTROL, (parcel,))] * 600
    entries += [bundles.Statement(DATA, 0, bytes(16)), bundles.Carried(DATA, (parcel,) * 7), bundles.Ending(607)]
    file = handmade(made, tmp_path / "fine.moyai", entries)
    kanazawa = made[KANAZAWA].bundles()
    opened = open_bundle([file])
    inbox = CountingInbox()
    taken = Listener(opened, kanazawa._key_for(opened.head)).take(inbox, nobody)
    assert (taken.records, inbox.batches) == (607, [256, 256, 88, 7])


def test_a_bundle_of_a_revoked_laptop(made: Federation, stick: Stick) -> None:
    laptop = made.add_field("laptop", WAJIMA)
    laptop.desk("l").create_place("公民館")
    files = stick.write("laptop", WAJIMA)
    Registrar(made[WAJIMA], lambda: made.key(WAJIMA)).revoke(laptop.key.node, reason="stolen", operator="op")
    assert refused(stick, WAJIMA, *files).reason == "NODE_REVOKED"


def test_a_bundle_of_another_towns_laptop(made: Federation, stick: Stick, tmp_path: Path) -> None:
    """A field node speaks with its own home node alone: its own program does not even write such a bundle."""
    made.add_field("laptop", WAJIMA)
    with pytest.raises(errors.PeerUnknown):
        stick.write("laptop", KANAZAWA)


def test_missing_parts_are_named(made: Federation, stick: Stick) -> None:
    assert made.meet(WAJIMA, KANAZAWA)
    with made[WAJIMA].pen.sheet(operator="op", act="import") as sheet:
        for _ in range(700):
            sheet.put(
                made.entropy(16), kinds.PLACE, Place(name=made.entropy(99).hex(), municipality=WAJIMA), kind=PLACE
            )
    files = stick.write(WAJIMA, KANAZAWA, part_bytes=PART_BYTES)
    assert len(files) >= 3
    assert [file.name for file in files][:2] == [f"0-1of{len(files)}.moyai", f"0-2of{len(files)}.moyai"]
    assert all(file.stat().st_size <= PART_BYTES for file in files)
    error = refused(stick, KANAZAWA, files[1])
    assert error.reason == "BUNDLE_PARTS_MISSING"
    assert str(error.details["missing"]).startswith("1, 3")
    others = stick.write(WAJIMA, KANAZAWA, part_bytes=PART_BYTES)
    assert refused(stick, KANAZAWA, files[0], *others[1:]).reason == "BUNDLE_PARTS_MIXED"
    read = stick.read(KANAZAWA, [*reversed(files), files[0]])
    assert (read.records, read.new) == (700, 700)


def test_a_file_that_is_not_there(stick: Stick, tmp_path: Path) -> None:
    stick.folder.mkdir()
    assert refused(stick, KANAZAWA, tmp_path / "nowhere.moyai").reason == "FILE_MISSING"
    assert refused(stick, KANAZAWA).reason == "FILE_NOT_NAMED"


# --- writing


def test_a_file_in_the_way_stays(made: Federation, stick: Stick, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("dear mayor")
    with pytest.raises(errors.FileInTheWay):
        made[WAJIMA].bundles().write(KANAZAWA, letter, operator="op")
    assert letter.read_text() == "dear mayor"


def test_a_bundle_takes_the_place_of_an_older_one(made: Federation, bundle: Path, stick: Stick) -> None:
    made[WAJIMA].bundles().write(KANAZAWA, bundle, operator="op")
    assert stick.read(KANAZAWA, [bundle]).records == 1


def test_into_a_folder_it_names_itself(made: Federation, tmp_path: Path) -> None:
    folder = tmp_path / "usb"
    folder.mkdir()
    (file,) = made[WAJIMA].bundles().write(KANAZAWA, folder, operator="op").files
    assert file.parent == folder
    assert file.name.startswith(f"{WAJIMA}-to-{KANAZAWA}-2024")
    assert list(folder.iterdir()) == [file]


def test_a_part_too_small_for_anything(made: Federation, stick: Stick, tmp_path: Path) -> None:
    with pytest.raises(errors.PartTooSmall):
        made[WAJIMA].bundles().write(KANAZAWA, tmp_path / "x", operator="op", part_bytes=1_000)


@pytest.mark.parametrize("to", ["000000", WAJIMA, f"{KANAZAWA}/laptop", f"{WAJIMA}/nobody", "", "/"])
def test_nobody_to_write_to(made: Federation, tmp_path: Path, to: str) -> None:
    with pytest.raises(errors.PeerUnknown):
        made[WAJIMA].bundles().write(to, tmp_path / "x", operator="op")


def test_a_folder_that_is_not_there_is_said(made: Federation, tmp_path: Path) -> None:
    with pytest.raises(BundleRefused) as caught:
        made[WAJIMA].bundles().write(KANAZAWA, tmp_path / "nowhere" / "x.moyai", operator="op")
    assert (caught.value.reason, caught.value.details["folder"]) == ("STICK_NOWHERE", str(tmp_path / "nowhere"))


def test_the_files_do_not_name_anybody(made: Federation, stick: Stick, bundle: Path) -> None:
    raw = bundle.read_bytes()
    assert "公民館".encode() not in raw
    assert made[WAJIMA].key.node not in raw
    assert open_bundle([bundle]).head.organisation == KANAZAWA

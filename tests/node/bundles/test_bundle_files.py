"""The files of a bundle by themselves: what goes in comes out in bounded memory; a medium that fails leaves nothing."""

import errno
import os
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from node.bundles.reading import BundleFiles, bundles_in, is_folder, open_bundle
from node.bundles.writing import Address, BundleWriter, on_medium
from node.errors import BundleForged, BundleMalformed, StickFailed, StickFull
from node.trust.boxing import PIECE_BYTES
from node.trust.keys import BoxKey, NodeKey

BOX = BoxKey(bytes(range(32)))
KEY = NodeKey(bytes(32))
ADDRESS = Address(bytes(16), "172014", b"", BOX.public_key)
MEBIBYTE = 1 << 20


def written(folder: Path, entries: list[bytes], *, part_bytes: int | None = None) -> BundleFiles:
    entropy = Random(7).randbytes
    with BundleWriter(folder / "b", ADDRESS, key=KEY, entropy=entropy, part_bytes=part_bytes) as writer:
        for entry in entries:
            writer.write(entry)
    assert writer.bytes == sum(file.stat().st_size for file in writer.files)
    return open_bundle(writer.files)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lengths=st.lists(st.integers(1, 5 * PIECE_BYTES), max_size=6),
    part_bytes=st.sampled_from([None, 17_000, 50_000, 10_000_000]),
)
def test_what_goes_in_comes_out(tmp_path: Path, lengths: list[int], part_bytes: int | None) -> None:
    entries = [bytes([number + 1]) * length for number, length in enumerate(lengths)]
    files = written(tmp_path, entries, part_bytes=part_bytes)
    assert list(files.entries(BOX)) == entries
    files.check_signed(KEY.public_key)
    with pytest.raises(BundleForged):
        files.check_signed(NodeKey(bytes([1]) * 32).public_key)


@pytest.mark.parametrize("more", range(-6, 7))
def test_an_entry_that_ends_near_the_end_of_a_piece(tmp_path: Path, more: int) -> None:
    entries = [b"\1" * (PIECE_BYTES + more), b"\2"]
    assert list(written(tmp_path, entries).entries(BOX)) == entries


def test_memory_does_not_grow_with_the_size(tmp_path: Path) -> None:
    entry = bytes(MEBIBYTE)
    tracemalloc.start()
    try:
        with BundleWriter(tmp_path / "b", ADDRESS, key=KEY, entropy=Random(7).randbytes) as writer:
            for _ in range(48):
                writer.write(entry)
        files = open_bundle(writer.files)
        count = sum(1 for _ in files.entries(BOX))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 48
    assert peak < 8 * MEBIBYTE


def test_sizes_tell_little(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    few, many = written(tmp_path, [b"x"]), written(tmp_path / "one", [b"x" * 300] * 50)
    assert few.size == many.size


@pytest.mark.parametrize(
    ("tail", "rule"),
    [
        (b"\0\0\0\0\1", "behind the end"),
        (b"\xff\xff\xff\xff", "entry size"),
        (b"\0\1\0\0" + b"x" * 10, "entry cut"),
    ],
)
def test_what_is_sealed_must_have_its_shape_too(tmp_path: Path, tail: bytes, rule: str) -> None:
    """A member can seal and sign whatever it likes."""
    with BundleWriter(tmp_path / "b", ADDRESS, key=KEY, entropy=Random(7).randbytes) as writer:
        writer.write(b"first")
        writer._held += tail
    with pytest.raises(BundleMalformed) as caught:
        list(open_bundle(writer.files).entries(BOX))
    assert caught.value.details["rule"] == rule


def test_no_more_than_a_piece_of_zeros(tmp_path: Path) -> None:
    with BundleWriter(tmp_path / "b", ADDRESS, key=KEY, entropy=Random(7).randbytes) as writer:
        writer._seal(bytes(PIECE_BYTES))
        writer._seal(bytes(PIECE_BYTES))
    with pytest.raises(BundleMalformed):
        list(open_bundle(writer.files).entries(BOX))


def test_what_fails_while_it_is_written_leaves_nothing(tmp_path: Path) -> None:
    seen: list[int] = []

    def cut_short() -> None:
        with BundleWriter(tmp_path / "b", ADDRESS, key=KEY, entropy=Random(7).randbytes, part_bytes=70_000) as writer:
            writer.write(bytes(300_000))
            seen.append(len(list(tmp_path.iterdir())))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cut_short()
    assert seen == [5]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, StickFull), (errno.EIO, StickFailed), (errno.EROFS, StickFailed)]
)
def test_a_medium_that_fails_is_said(number: int, kind: type[Exception]) -> None:
    with pytest.raises(kind), on_medium():
        raise OSError(number, "x")


@pytest.fixture
def little(tmp_path: Path) -> Iterator[Path]:
    """A medium of 16 kB: less than a bundle of nothing needs."""
    where = tmp_path / "stick"
    where.mkdir()
    if os.geteuid() != 0:
        pytest.skip("a small medium needs the right to mount one, as root has")
    mounting = ["mount", "-t", "tmpfs", "-o", "size=16k,mode=0700", "tmpfs", str(where)]
    mounted = subprocess.run(mounting, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    try:
        yield where
    finally:
        subprocess.run(["umount", "--lazy", str(where)], check=True)


@pytest.mark.parametrize("size", [10, 40_000])
def test_a_medium_that_is_truly_full(little: Path, size: int) -> None:
    """What is held back until the file is closed, and what does not even get that far."""
    with (
        pytest.raises(StickFull),
        BundleWriter(little / "b", ADDRESS, key=KEY, entropy=Random(7).randbytes) as writer,
    ):
        writer.write(bytes(size))
    assert list(little.iterdir()) == []


def test_a_medium_that_can_only_be_read(little: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(little)], check=True)
    with (
        pytest.raises(StickFailed) as caught,
        BundleWriter(little / "b", ADDRESS, key=KEY, entropy=Random(7).randbytes) as writer,
    ):
        writer.write(b"x")
    assert caught.value.details["what"] == "EROFS"


@pytest.mark.parametrize("length", [250, 300])
def test_a_name_too_long_for_the_medium(tmp_path: Path, length: int) -> None:
    """Its own name, or that of the file beside it that it is written to first."""

    def write() -> None:
        with BundleWriter(tmp_path / ("b" * length), ADDRESS, key=KEY, entropy=Random(7).randbytes) as writer:
            writer.write(b"x")

    with pytest.raises(StickFailed):
        write()
    with pytest.raises(StickFailed):
        is_folder(tmp_path / ("b" * 300))
    with pytest.raises(StickFailed):
        open_bundle([tmp_path / ("b" * 300)])


def test_a_folder_that_can_not_be_listed_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for closed, what in (("file", "ENOTDIR"), ("nowhere", "ENOENT")):
        with pytest.raises(StickFailed) as caught:
            bundles_in(tmp_path / closed, lambda _head: True)
        assert caught.value.details["what"] == what

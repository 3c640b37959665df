"""A federation of containers: networks that are cut and heal, a container killed in mid-sync, a disk that is full."""

import csv
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.builders.agreement import WITHHELD, at_rest
from tests.builders.containers import DATA, LAPTOP, ContainerFederation, ContainerNode, cut, heal
from tests.builders.processes import until
from tests.builders.trust import KANAZAWA, WAJIMA
from tests.containers.conftest import Found

pytestmark = pytest.mark.processes

RESIDENTS = 6_000
DISK = "24m"
PAGE = 4_096


@pytest.fixture
def federation(anew: Found, image: str) -> ContainerFederation:
    return anew(image)


def register(node: ContainerNode, family: str, *more: str, of: str = WAJIMA) -> None:
    """Write somebody of that municipality down here."""
    words = ("register", "--family", family, "--given", "一", "--address", "河井町1部", "--municipality", of)
    node.does(*words, *more)


def known(node: ContainerNode, family: str) -> bool:
    return bool(node.does("find", family, "--purpose", "reception")["hits"])


def arrives(node: ContainerNode, family: str) -> None:
    until(lambda: known(node, family), f"{family} at {node.name}", within_s=60, every_s=0.3)


def test_cut_off_all_go_on_working_and_after_it_has_healed_all_agree(
    federation: ContainerFederation, tmp_path: Path
) -> None:
    wajima, kanazawa, ishikawa, laptop = (federation[name] for name in ("wajima", "kanazawa", "ishikawa", LAPTOP))
    federation.serve()
    laptop.serve("desk")
    register(laptop, "前谷")
    for node in (wajima, ishikawa):
        arrives(node, "前谷")
    register(wajima, WITHHELD, "--protect")

    cut(federation.hall, laptop)
    register(laptop, "避難所谷")
    register(wajima, "役場谷")
    assert laptop.does("sync", code=4)["peers"][0]["reason"] == "PEER_UNREACHABLE"
    assert (known(wajima, "避難所谷"), known(laptop, "役場谷")) == (False, False)
    heal(federation.hall, laptop)
    federation.settle(LAPTOP)
    assert (known(wajima, "避難所谷"), known(laptop, "役場谷")) == (True, True)

    cut(federation.between, wajima)
    register(laptop, "西谷")
    arrives(wajima, "西谷")
    register(kanazawa, "東谷")
    register(kanazawa, "犀川谷", of=KANAZAWA)
    arrives(ishikawa, "犀川谷")
    assert (known(wajima, "東谷"), known(ishikawa, "西谷"), known(kanazawa, "西谷")) == (False, False, False)
    heal(federation.between, wajima)
    federation.settle("wajima", "kanazawa", "ishikawa", LAPTOP, "wajima")
    assert (known(wajima, "東谷"), known(ishikawa, "西谷"), known(laptop, "東谷")) == (True, True, True)
    at_rest(federation, tmp_path / "looked-at")


def register_file(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("宛名番号", "氏名", "氏名カナ", "生年月日", "性別", "住所"))
        for number in range(RESIDENTS):
            rows.writerow((f"K{number:05}", f"珠洲 操{number}", "スズ ソウ", "1948-05-03", "女", "河井町"))


def written(node: ContainerNode) -> int:
    return sum(path.stat().st_size for path in node.data.glob("ledger.db*"))


def test_killed_in_mid_sync_on_either_side_nothing_is_lost_and_both_agree(
    federation: ContainerFederation, tmp_path: Path
) -> None:
    wajima, laptop = federation["wajima"], federation[LAPTOP]
    register_file(wajima.data / "residents.csv")
    assert wajima.does("import", "residents", f"{DATA}/residents.csv")["new"] == RESIDENTS
    federation.serve()
    for victim in (laptop, wajima):
        before = written(laptop)
        laptop.serve("sync")
        until(lambda before=before: written(laptop) > before + 300_000, "records on the laptop", every_s=0)
        victim.kill()
        if victim is wajima:
            wajima.serve()
            until(lambda: _has_ended(laptop), "the end of the conversation", within_s=60, every_s=0.1)
            laptop.gone()
    federation.settle(LAPTOP)
    assert laptop.does("status")["residents"] == wajima.does("status")["residents"] == RESIDENTS
    federation.settle("wajima", "kanazawa", "ishikawa")
    at_rest(federation, tmp_path / "looked-at")


def _has_ended(node: ContainerNode) -> bool:
    assert node.running is not None
    container = node.running.get_wrapped_container()
    container.reload()
    return str(container.status) == "exited"


@pytest.fixture
def small_disk(federation: ContainerFederation) -> Iterator[ContainerNode]:
    """Kanazawa's node on a disk that is hardly larger than its store."""
    node = federation["kanazawa"]
    kept = node.data.rename(node.folder / "kept")
    node.data.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(node.data)]
    mounted = subprocess.run(mounting, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"a small disk needs the right to mount one, as root has: {mounted.stderr.strip()}")
    try:
        shutil.copytree(kept, node.data, dirs_exist_ok=True)
        yield node
    finally:
        node.gone()
        subprocess.run(["umount", "--lazy", str(node.data)], check=True)


def test_restarted_on_a_full_disk_it_says_so_and_comes_back_when_there_is_room(
    federation: ContainerFederation, small_disk: ContainerNode, tmp_path: Path
) -> None:
    federation.serve()
    register(small_disk, "東谷")
    filler = fill(small_disk.data)
    complained = small_disk.does("register", "--family", "満谷", "--address", "1", "--municipality", WAJIMA, code=3)
    assert complained["reason"] == "LEDGER_FULL"
    assert small_disk.stop() == 0
    fill(small_disk.data)  # what it gave back when it stopped, or it may have all it needs
    small_disk.serve("serve")
    until(lambda: _has_ended(small_disk), "the end of it")
    assert '"reason": "LEDGER_FULL"' in small_disk.said()
    small_disk.gone()
    filler.unlink()
    small_disk.serve()
    assert known(small_disk, "東谷")
    federation.settle("kanazawa", "wajima", "ishikawa")
    assert known(federation["wajima"], "東谷")
    at_rest(federation, tmp_path / "looked-at")


def fill(folder: Path) -> Path:
    """Take what room there is, beside what was taken before."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file, suppress(OSError):  # filled, not counted: the node takes room as well
        while file.write(bytes(PAGE)):
            pass
    assert shutil.disk_usage(folder).free == 0
    return filler

"""`moyai duplicates` and `moyai conflicts`: what is listed, shown with its reasons, decided and taken back."""

from pathlib import Path

import pytest

from node.cli.main import run
from tests.builders.contradiction import contradiction
from tests.builders.nodes import federation
from tests.builders.shell import KANAZAWA, WAJIMA, Shell
from tests.builders.shelter import FIELD

HIROSHI = ("--family", "鵜飼", "--given", "博", "--family-kana", "ウカイ", "--given-kana", "ヒロシ")
"""Written down twice, the second time with day and month swapped."""


@pytest.fixture
def pair(sh: Shell) -> tuple[str, str]:
    made = [sh.json("register", *HIROSHI, "--birth", birth)["subjects"][0] for birth in ("19480503", "19480305")]
    return made[0], made[1]


@pytest.fixture
def field(tmp_path: Path) -> Path:
    """A shelter's node at which a name was written in two ways."""
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        contradiction(made)
    return tmp_path / FIELD


def told(sh: Shell, node: Path, language: str, *words: str) -> str:
    sh.read()
    assert run([*words, "--node", str(node), "--operator", "tanaka", "--lang", language]) == 0
    return sh.read()[0]


# --- pairs


def test_a_pair_is_listed_and_shown_with_what_speaks_for_it_field_by_field(sh: Shell, pair: tuple[str, str]) -> None:
    listed = sh.json("duplicates", "list")
    ours = [one for one in listed["pairs"] if {one["first"]["subject"], one["second"]["subject"]} == set(pair)]
    assert len(ours) == 1
    assert listed["waiting"] >= 1
    seen = sh.json("duplicates", "show", *pair)
    levels = {each["field"]: each["level"] for each in seen["fields"]}
    assert (levels["birth"], levels["family"]) == ("swapped", "exact")
    assert seen["score"] == pytest.approx(sum(each["weight"] for each in seen["fields"]), abs=0.01)
    assert ("月と日が逆" in told(sh, sh.node, "ja", "duplicates", "show", *pair)) is True
    assert ("day-month swap" in told(sh, sh.node, "en", "duplicates", "show", *pair)) is True


def test_a_pair_is_decided_and_undone(sh: Shell, pair: tuple[str, str]) -> None:
    assert sh.json("duplicates", "same", *pair, "--reason", "本人に聞いた")["records"] == 2
    (decided,) = [one for one in sh.json("duplicates", "list", "--decided")["pairs"] if one["first"]["subject"] in pair]
    assert (decided["said"], decided["reason"]) == ("same", "本人に聞いた")
    assert sh.json("duplicates", "undo", *pair)["records"] == 2
    assert sh.json("duplicates", "show", *pair)["said"] == "undone"
    assert sh.json("duplicates", "not-same", *pair)["records"] == 2
    waiting = sh.json("duplicates", "list")["pairs"]
    assert [one for one in waiting if one["first"]["subject"] in pair] == []


def test_an_entry_is_no_pair_with_itself(sh: Shell, pair: tuple[str, str]) -> None:
    assert sh("duplicates", "same", pair[0], pair[0], "--json").refusal["reason"] == "PAIR_OF_ONE"


# --- contradictions


def test_a_contradiction_is_listed_and_settled_by_naming_every_version(fresh: Shell, field: Path) -> None:
    (found,) = fresh.json("conflicts", "list", node=field)["conflicts"]
    assert (found["facet"], "given_name" in found["differs"]) == ("identity", True)
    first, second = (version["record"] for version in found["versions"])
    assert fresh.json("conflicts", "show", found["subject"], node=field)["count"] == 1
    assert "名 (given_name): 華子" in told(fresh, field, "ja", "conflicts", "list")
    refused = fresh("conflicts", "settle", first, "--json", node=field)
    assert refused.refusal["reason"] == "SETTLED_MEANWHILE"
    done = fresh.json("conflicts", "settle", first, second, "--field", f"given_name={second}", node=field)
    assert done["records"] == 1
    assert fresh.json("conflicts", "list", node=field)["count"] == 0
    assert "Nothing contradicts itself" in told(fresh, field, "en", "conflicts", "list")


def test_what_is_no_record_is_said(fresh: Shell, field: Path) -> None:
    assert fresh("conflicts", "settle", "zz", node=field).code == 2
    assert fresh("conflicts", "settle", "00" * 32, "--json", node=field).refusal["reason"] == "SETTLED_MEANWHILE"

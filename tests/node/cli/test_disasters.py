"""`moyai disaster`: what each command answers, what it refuses, and that a close is asked about first."""

from pathlib import Path

import pytest

from node.cli.main import NOT_READY, REFUSED, USAGE, run
from tests.builders.shell import KANAZAWA, WAJIMA, Ran, Shell

CHIEF, CLERK = "4082", "7395"
VIEW_KEYS = {"disaster", "name", "area", "from_ms", "closed_at_ms", "organisation", "ours", "contested"}


@pytest.fixture
def own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    shell = Shell(tmp_path, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type,return-value]
    shell.found()
    return shell


def as_(sh: Shell, operator: str, pin: str, *words: str) -> Ran:
    sh.read()
    options = ("--node", str(sh.node), "--operator", operator, "--lang", "ja", "--pin-file", sh.file("pin", pin))
    code = run([*words, *options])
    return Ran(code, *sh.read())


def test_a_disaster_is_declared_closed_when_asked_twice_and_reopened(own: Shell) -> None:
    assert "災害は登録されていません" in own("disaster", "list").out
    assert own.json("disaster", "list") == {
        "disasters": [],
        "due": {"soon": 0, "first_ms": None, "whole": True},
    }
    said = own.json("disaster", "declare", "能登半島地震", "--from", "R6.1.1")
    assert set(said) == VIEW_KEYS
    assert (said["area"], said["from_ms"], said["ours"]) == ([WAJIMA], 1_704_034_800_000, True)
    asked = own("disaster", "close", "能登半島地震", "--json")
    assert asked.code == REFUSED
    assert (asked.json["closed"], asked.json["people"], asked.json["retention_days"]) == (False, 0, 1825)
    assert "まだ終えていません" in own("disaster", "close", "能登半島地震").out
    done = own.json("disaster", "close", said["disaster"], "--yes")
    assert (done["closed"], done["disaster"]["closed_at_ms"] is not None) == (True, True)
    assert "まで" in own("disaster", "list").out
    assert own.json("disaster", "reopen", "能登半島地震")["closed_at_ms"] is None
    assert "2024-01-01から続いています" in own("disaster", "list").out


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("declare", "地震", "--area", KANAZAWA), REFUSED, "DISASTER_NOT_YOURS"),
        (("declare", " "), USAGE, "NOTHING_TO_GO_BY"),
        (("declare", "地震", "--from", "2024"), USAGE, "INPUT_REFUSED"),
        (("declare", "地震", "--from", "2999-01-01"), USAGE, "INPUT_REFUSED"),
        (("close", "火山", "--yes"), REFUSED, "DISASTER_UNKNOWN"),
        (("close", "火山"), REFUSED, "DISASTER_UNKNOWN"),
        (("reopen", "火山"), REFUSED, "DISASTER_UNKNOWN"),
    ],
)
def test_what_can_not_be_done_says_why(sh: Shell, words: tuple[str, ...], code: int, reason: str) -> None:
    ran = sh("disaster", *words, "--json")
    assert (ran.code, ran.refusal["reason"]) == (code, reason)
    assert ran.refusal["sentence"]
    assert ran.refusal["hint"]


def test_only_a_chief_closes_and_anybody_may_open_it_again(own: Shell) -> None:
    made = own("operator", "add", "sato", "--new-pin-file", own.file("new", CHIEF))
    assert made.code == 0
    assert as_(own, "sato", CHIEF, "operator", "add", "tanaka", "--new-pin-file", own.file("new", CLERK)).code == 0
    assert as_(own, "tanaka", CLERK, "disaster", "declare", "地震").code == 0
    refused = as_(own, "tanaka", CLERK, "disaster", "close", "地震", "--yes", "--json")
    assert (refused.code, refused.refusal["reason"]) == (REFUSED, "NOT_ALLOWED")
    assert as_(own, "sato", CHIEF, "disaster", "close", "地震", "--yes").code == 0
    assert as_(own, "tanaka", CLERK, "disaster", "reopen", "地震").code == 0


def test_the_list_names_what_the_other_commands_take(own: Shell) -> None:
    made = [own.json("disaster", "declare", "地震")["disaster"] for _ in range(2)]
    line = own("disaster", "list").out.splitlines()[0]
    assert "輪島市" in line
    assert not any(id_ in own("disaster", "list").out for id_ in made)
    assert own("disaster", "close", "地震", "--json").refusal["reason"] == "DISASTER_UNKNOWN"
    code = line.split()[1]
    assert own.json("disaster", "close", code, "--yes")["disaster"]["disaster"].startswith(code)
    assert own.json("disaster", "reopen", code)["closed_at_ms"] is None
    assert own("disaster", "reopen", code[:-1], "--json").refusal["reason"] == "DISASTER_UNKNOWN"
    assert {one["disaster"] for one in own.json("disaster", "list")["disasters"]} == set(made)


def test_a_town_alone_lists_what_it_knows_and_is_told_what_declaring_takes(fresh: Shell) -> None:
    assert fresh.init().code == 0
    listed = fresh("disaster", "list")
    assert (listed.code, "災害は登録されていません" in listed.out) == (0, True)
    assert fresh.json("disaster", "list")["disasters"] == []
    assert fresh("disaster", "declare", "地震", "--json").refusal["reason"] == "NOT_ENROLLED"


def test_without_a_node_there_is_nothing_to_declare(fresh: Shell) -> None:
    assert fresh("disaster", "list").code == NOT_READY

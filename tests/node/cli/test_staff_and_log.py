"""`moyai operator`, `log`, `inquiry`: what they answer, and that a node whose staff are known asks who types."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.cli.main import run
from tests.builders.shell import NAMES, PLACES, RESIDENTS, Ran, Shell

CHIEF, CLERK = "4082", "7395"
ENTRY_KEYS = {
    *("number", "at_ms", "kind", "act", "operator", "organisation", "purpose", "subject", "name", "protected"),
    *("facets", "recipient", "basis", "record", "count"),
}
ASKING = (
    *("--from", "森 一郎", "--from-address", "金沢市広坂1-1", "--reason", "無事を知りたい", "--relation", "kin"),
    *("--document", "licence", "--agrees"),
)
SOUGHT = ("--name", "海老名沢 つかさ", "--birth", "S230503")


@pytest.fixture
def own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """A node of the test's own: what it learns of its staff stays with it."""
    shell = Shell(tmp_path, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type,return-value]
    shell.found()
    assert shell("import", "residents", shell.file("residents.csv", RESIDENTS)).code == 0
    assert shell("import", "places", shell.file("places.csv", PLACES)).code == 0
    return shell


def as_(sh: Shell, operator: str, pin: str, *words: str) -> Ran:
    """Run a command as somebody, with a PIN from a file."""
    sh.read()
    options = ("--node", str(sh.node), "--operator", operator, "--lang", "ja")
    code = run([*words, *options, *(("--pin-file", sh.file("pin", pin + "\n")) if pin else ())])
    return Ran(code, *sh.read())


def staffed(sh: Shell) -> None:
    """A chief and a clerk."""
    assert as_(sh, "root", "", "operator", "add", "sato", "--new-pin-file", sh.file("new", CHIEF)).code == 0
    assert as_(sh, "sato", CHIEF, "operator", "add", "tanaka", "--new-pin-file", sh.file("new", CLERK)).code == 0


def checked_in(sh: Shell) -> str:
    return str(sh.json("check-in", "key:k1")["subjects"][0])


# --- operators


def test_until_a_first_chief_is_made_a_name_is_enough(own: Shell) -> None:
    assert own.json("operator", "list") == {"operators": []}
    assert own("people").code == 0
    made = own.json("operator", "add", "sato", "--new-pin-file", own.file("new", CHIEF))
    assert (made["code"], made["role"], made["pin_is_lent"]) == ("sato", "chief", False)


def test_where_nobody_can_type_the_option_that_is_wanting_is_named(own: Shell) -> None:
    assert "--new-pin-file" in as_(own, "root", "", "operator", "add", "sato").err
    staffed(own)
    assert "、--pin-file" in as_(own, "tanaka", "", "people").err


def test_then_every_command_asks_who_types_but_what_runs_unattended(own: Shell) -> None:
    staffed(own)
    refused = as_(own, "tanaka", "", "people", "--json")
    assert (refused.code, refused.refusal["reason"]) == (3, "PIN_MISSING")
    assert as_(own, "tanaka", "9911", "people", "--json").refusal["reason"] == "PIN_WRONG"
    assert as_(own, "ito", CLERK, "people", "--json").refusal["reason"] == "OPERATOR_UNKNOWN"
    assert as_(own, "tanaka", CLERK, "people").code == 0
    assert as_(own, "", "", "status").code == 0
    assert as_(own, "", "", "doctor").code == 5


def test_what_a_clerk_may_not_a_chief_may(own: Shell) -> None:
    staffed(own)
    for words in (("erase", "key:k1", "--yes"), ("operator", "retire", "sato"), ("log", "day")):
        assert as_(own, "tanaka", CLERK, *words, "--json").refusal["reason"] == "NOT_ALLOWED"
    assert as_(own, "sato", CHIEF, "log", "day").code == 0
    assert as_(own, "sato", CHIEF, "erase", "key:k1", "--yes").code == 0


def test_role_pin_and_retire(own: Shell) -> None:
    staffed(own)
    assert as_(own, "sato", CHIEF, "operator", "role", "tanaka", "coordinator").code == 0
    new = ("--new-pin-file", own.file("new", "5162"))
    assert as_(own, "sato", CHIEF, "operator", "pin", "tanaka", *new).code == 0
    assert as_(own, "tanaka", "5162", "operator", "pin", "--new-pin-file", own.file("newer", "8240")).code == 0
    assert as_(own, "tanaka", "8240", "people").code == 0
    assert as_(own, "sato", CHIEF, "operator", "retire", "tanaka").code == 0
    assert as_(own, "tanaka", "8240", "people").code == 1
    listed = as_(own, "sato", CHIEF, "operator", "list").out
    assert "tanaka  調整（coordinator）  （退いた）" in listed


def test_the_only_chief_who_forgot_the_pin_gets_another_and_status_tells_everybody(own: Shell) -> None:
    staffed(own)
    new = ("--new-pin-file", own.file("new", "5162"))
    assert as_(own, "tanaka", CLERK, "operator", "reset-pin", "tanaka", *new, "--json").code == 1
    told = as_(own, "root", "", "operator", "reset-pin", "sato", *new)
    assert (told.code, "sato" in told.out, "5162" in told.out + told.err) == (0, True, False)
    assert "注意：責任者 sato の暗証番号" in as_(own, "", "", "status").out
    assert as_(own, "sato", "5162", "operator", "acknowledge", "--json").refusal["reason"] == "NOT_THEIRS"
    assert as_(own, "tanaka", CLERK, "operator", "acknowledge").code == 0
    assert "注意：責任者" not in as_(own, "", "", "status").out
    assert "ノードの鍵で責任者の暗証番号を付け直した" in as_(own, "sato", "5162", "log", "day").out


def test_no_pin_is_printed_or_complained_of(own: Shell) -> None:
    staffed(own)
    for pin, words in ((CHIEF, ("people",)), ("9911", ("people",)), ("4444", ("operator", "list"))):
        ran = as_(own, "sato", pin, *words)
        assert pin not in ran.out + ran.err
    plain = as_(own, "sato", CHIEF, "operator", "pin", "tanaka", "--new-pin-file", own.file("new", "3333"))
    assert plain.code == 1
    assert "3333" not in plain.out + plain.err


# --- the log


def test_the_log_of_a_day_of_a_person_and_its_chain(sh: Shell) -> None:
    subject = checked_in(sh)
    day = sh.json("log", "day")
    assert set(day) == {"entries", "count"}
    assert set(day["entries"][0]) == ENTRY_KEYS
    assert "check-in" in {one["act"] for one in day["entries"]}
    assert sh.json("log", "day", "2001-01-01")["count"] == 0
    about = sh.json("log", "person", subject)
    assert {one["subject"] for one in about["entries"]} == {subject}
    chain = sh.json("log", "verify")
    assert set(chain) == {"holds", "entries", "broken_at", "witnesses", "contradicted"}
    assert chain["holds"]
    text = sh("log", "day", "--which", "changed").out
    assert "受け付けた  海老名沢 つかさ" in text


def test_the_own_list_is_printed_or_written_for_its_owner_only(sh: Shell) -> None:
    subject = checked_in(sh)
    assert "海老名沢 つかさ さん" in sh("log", "own-list", subject).out
    out = sh.folder / "list.txt"
    assert sh("log", "own-list", subject, "--out", str(out)).code == 0
    assert "海老名沢 つかさ さん" in out.read_text(encoding="utf-8")
    assert out.stat().st_mode & 0o077 == 0
    assert sh("log", "own-list", "0" * 32).code == 1


# --- inquiries


def test_an_inquiry_is_looked_up_answered_listed_and_shown(sh: Shell) -> None:
    subject = checked_in(sh)
    found = sh.json("inquiry", "look", *SOUGHT)
    assert [one["subject"] for one in found["candidates"]] == [subject]
    told = sh.json("inquiry", "answer", *SOUGHT, *ASKING, "--subject", subject)
    assert (told["outcome"], told["items"]) == ("told", ["existence", "condition"])
    assert told["answer"][1] == "けがや病気については、うかがっていません。"
    assert sh.json("inquiry", "list")["inquiries"][0]["id"] == told["id"]
    assert "安否照会の記録（輪島市）" in sh("inquiry", "show", told["id"]).out
    assert "答えた" in sh("inquiry", "list").out


def test_a_protected_person_is_answered_as_nobody_is(sh: Shell) -> None:
    sh.json("check-in", "key:k2")
    sh.json("protect", "set", "key:k2")
    hidden = ("--name", "海老名沢 忠", "--birth", "S200103")
    nobody = ("--name", "海老名沢 実", "--birth", "S200103")
    assert sh.json("inquiry", "look", *hidden) == sh.json("inquiry", "look", *nobody)
    first, second = (sh.json("inquiry", "answer", *whom, *ASKING) for whom in (hidden, nobody))
    assert {name: first[name] for name in ("outcome", "items", "answer")} == {
        name: second[name] for name in ("outcome", "items", "answer")
    }


def test_what_an_inquiry_is_refused_with_says_nothing_of_anybody(sh: Shell) -> None:
    ran = sh("inquiry", "look", "--name", "海老名沢 つかさ", "--json")
    assert ran.refusal["reason"] == "FIELD_REFUSED"
    assert [name for name in NAMES if name in ran.err] == []
    assert sh("inquiry", "show", "0" * 32).code == 1

"""Exit codes are a contract: what each command ends in, and what it complains with."""

from importlib import import_module
from pathlib import Path

import pytest

from node.cli.main import COMMANDS, EXIT_CODES, main, run
from tests.builders.nodes import federation
from tests.builders.shell import NAMES, WAJIMA, Shell
from tests.builders.trust import KANAZAWA

NOBODY = "00" * 16


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("person", NOBODY, "--purpose", "aid"), "SUBJECT_UNKNOWN"),
        (("check-in", NOBODY), "SUBJECT_UNKNOWN"),
        (("check-in", "key:nobody"), "SUBJECT_UNKNOWN"),
        (("check-in", "key:k1", "--place", NOBODY), "PLACE_UNKNOWN"),
        (("leave", "key:k3", "--to", "home"), "NO_OPEN_STAY"),
        (("undo", NOBODY), "ACT_UNKNOWN"),
        (("consent", "withdraw", "key:k1", NOBODY), "CONSENT_UNKNOWN"),
        (("protect", "lift", "key:k1"), "NOT_PROTECTED"),
        (("agreement", "grant", NOBODY), "AGREEMENT_UNKNOWN"),
        (("agreement", "refuse", NOBODY), "AGREEMENT_UNKNOWN"),
        (("agreement", "end", NOBODY), "AGREEMENT_UNKNOWN"),
        (("agreement", "apply", "--to", KANAZAWA, "--facets", "stay", "--purpose", "x"), "UNKNOWN_ORGANISATION"),
        (("agreement", "apply", "--to", WAJIMA, "--facets", "stay", "--purpose", "x"), "AGREEMENT_MALFORMED"),
        (("enrol", "revoke", NOBODY, "--reason", "lost"), "NODE_UNKNOWN"),
        (("sync", "--with", KANAZAWA), "PEER_UNKNOWN"),
    ],
)
def test_refused_by_a_rule_is_one(sh: Shell, words: tuple[str, ...], reason: str) -> None:
    ran = sh(*words, "--json")
    assert (ran.code, ran.out, ran.refusal["reason"]) == (1, "", reason)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("no-such-command",), "USAGE"),
        (("find",), "USAGE"),
        (("find", "a", "b", "--purpose", "aid"), "USAGE"),
        (("find", "a", "--purpos", "aid"), "USAGE"),
        (("find", "a", "--limit", "many", "--purpose", "aid"), "USAGE"),
        (("people", "--which", "everyone"), "USAGE"),
        (("find", "a", "--purpose", "aid", "--limit", "-1"), "USAGE"),
        (("people", "--offset", "-1"), "USAGE"),
        (("enrol", "code", "--minutes", "0"), "USAGE"),
        (("enrol", "code", "--minutes", "999999999999"), "USAGE"),
        (("agreement", "grant", NOBODY, "--days", "0"), "USAGE"),
        (("roster", "trustee", "no-folder/t.key", "--office", "x", "--without-passphrase"), "FILE_MISSING"),
        (("roster", "trustee", "t9.key", "--office", " ", "--without-passphrase"), "CONFIG_REFUSED"),
        (("register", "--family", " "), "NOTHING_TO_GO_BY"),
        (("serve", "--metrics", "0.0.0.0:9464"), "METRICS_NOT_LOOPBACK"),
        (("find", "a"), "PURPOSE_MISSING"),
        (("find", "a", "--purpose", "curiosity"), "WORD_UNKNOWN"),
        (("person", "key:k1"), "PURPOSE_MISSING"),
        (("person", "xyz", "--purpose", "aid"), "INPUT_REFUSED"),
        (("person", "00", "--purpose", "aid"), "INPUT_REFUSED"),
        (("check-in",), "INPUT_REFUSED"),
        (("check-in", "key:k1", "--place", "no-such-place"), "INPUT_REFUSED"),
        (("check-in", "key:k1", "--outside", "moon"), "WORD_UNKNOWN"),
        (("leave", "key:k1", "--to", "moon"), "WORD_UNKNOWN"),
        (("register",), "NOTHING_TO_GO_BY"),
        (("register", "--family", "a", "--birth", "19480231"), "BIRTH_DATE_REFUSED"),
        (("register", "--family", "a", "--municipality", "999999"), "FIELD_REFUSED"),
        (("register", "--family", "a", "--care", "No Such Code"), "FIELD_REFUSED"),
        (("consent", "give", "key:k1", "--to", "999"), "FIELD_REFUSED"),
        (("consent", "give", "key:k1", "--to", ""), "FIELD_REFUSED"),
        (("consent", "give", "key:k1", "--to", "all", "--until", "2000-01-01"), "FIELD_REFUSED"),
        (("consent", "give", "key:k1", "--to", "all", "--facets", "resident"), "FACET_UNKNOWN"),
        (("import", "residents"), "FILE_NOT_NAMED"),
        (("import", "residents", "no-such-file.csv"), "FILE_MISSING"),
        (("import", "residents", "."), "FILE_MISSING"),
        (("roster", "install", "no-such-roster"), "FILE_MISSING"),
        (("roster", "sign", "no-such-roster", "--trustee-key", "t0.key"), "FILE_MISSING"),
    ],
)
def test_what_can_not_be_understood_is_two(
    sh: Shell, words: tuple[str, ...], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sh.folder)
    ran = sh(*words, "--json")
    assert (ran.code, ran.out, ran.refusal["reason"]) == (2, "", reason)


def test_a_report_that_can_not_be_written_is_two_and_nothing_is_taken(sh: Shell) -> None:
    table = sh.file("report-nowhere.csv", "宛名番号,氏名\nn1,山田 花子\n")
    ran = sh("import", "residents", table, "--report", str(sh.folder / "no" / "report.csv"), "--json")
    assert (ran.code, ran.refusal["reason"]) == (2, "FILE_MISSING")
    assert sh("check-in", "key:n1").code == 1


@pytest.mark.parametrize(
    "words",
    [("status",), ("find", "a", "--purpose", "aid"), ("serve",), ("sync",), ("roster", "show"), ("enrol", "list")],
)
def test_where_there_is_no_node_it_is_three(fresh: Shell, words: tuple[str, ...]) -> None:
    ran = fresh(*words, "--json")
    assert (ran.code, ran.refusal["reason"]) == (3, "NODE_NOT_SET_UP")
    assert list(fresh.folder.iterdir()) == []


@pytest.mark.parametrize("words", [("sync",), ("roster", "show"), ("enrol", "list"), ("agreement", "list")])
def test_without_a_roster_it_is_three(fresh: Shell, words: tuple[str, ...]) -> None:
    fresh.init()
    ran = fresh(*words, "--json")
    assert (ran.code, ran.refusal["reason"]) == (3, "NOT_ENROLLED")


def test_without_a_roster_reception_works_all_the_same(fresh: Shell) -> None:
    fresh.init()
    assert fresh.json("register", "--family", "田中")["count"] == 1
    assert fresh.json("status")["roster_version"] == 0


def test_without_its_key_a_node_is_locked(fresh: Shell) -> None:
    fresh.init()
    key = fresh.folder / "store.key"
    kept = key.read_bytes()
    key.unlink()
    assert fresh("status", "--json").refusal["reason"] == "KEY_FILE_MALFORMED"
    assert fresh("status").code == 3
    key.write_bytes(kept)
    key.chmod(0o644)
    ran = fresh("status", "--json")
    assert (ran.code, ran.refusal["reason"]) == (3, "KEY_FILE_OPEN_TO_OTHERS")


def test_a_damaged_node_toml_is_three_and_named(fresh: Shell) -> None:
    fresh.init()
    (fresh.node / "node.toml").write_text('organisation = "172049"\n', encoding="utf-8")
    ran = fresh("status", "--json")
    assert (ran.code, ran.refusal["reason"]) == (3, "CONFIG_MALFORMED")


def test_a_peer_that_can_not_be_reached_is_four(tmp_path: Path, fresh: Shell) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA):
        pass
    ran = fresh("sync", "--json", node=tmp_path / WAJIMA)
    assert ran.code == 4
    (peer,) = ran.json["peers"]
    assert (peer["organisation"], peer["reason"]) == (KANAZAWA, "PEER_UNREACHABLE")
    assert set(peer) == {
        *("organisation", "reason", "sent", "received", "new", "withheld", "quarantined_here", "quarantined_there"),
        "endpoints",
    }


def test_a_fault_is_seventy_and_tells_nothing_of_what_was_at_hand(fresh: Shell) -> None:
    ran = fresh.init("--json", node=fresh.folder / ("海老名沢" * 30))
    assert ran.code == 70
    assert not any(name in ran.err for name in NAMES)
    assert "Traceback" not in ran.err
    assert '"reason": "UNKNOWN"' in ran.err
    assert "OSError" in ran.err


# --- complaints


@pytest.mark.parametrize("words", [("person", NOBODY, "--purpose", "aid"), ("find", "a"), ("no-such-command",)])
def test_a_complaint_says_what_and_what_next(sh: Shell, words: tuple[str, ...]) -> None:
    told = sh(*words, "--json").refusal
    assert set(told) == {"reason", "sentence", "hint", "details"}
    assert told["sentence"]
    assert told["hint"]
    assert [line.split(":")[0] for line in sh(*words, "--lang", "en").err.splitlines()] == ["error", "hint"]
    assert [line.split(":")[0] for line in sh(*words, "--lang", "ja").err.splitlines()] == ["誤り", "次に"]


@pytest.mark.parametrize("screens", ["desk", "coordinate"])
def test_screens_without_a_terminal_are_refused_at_once(sh: Shell, screens: str) -> None:
    ran = sh(screens, "--json")
    assert (ran.code, ran.refusal["reason"]) == (2, "NO_TERMINAL")


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("find", "a", "--purpos", "aid"), "--purpos"),
        (("find", "a", "--limit", "x", "--purpose", "aid"), "--limit"),
        (("leave", "x"), "--to"),
        (("register", "--family", "a", "--family", "b"), "--family"),
    ],
)
def test_a_wrong_option_is_named_with_where_to_look(sh: Shell, words: tuple[str, ...], option: str) -> None:
    told = sh(*words, "--json").refusal
    assert option in told["sentence"]
    assert told["hint"] == f"moyai {words[0]} --help"


# --- help


def commands() -> list[tuple[str, ...]]:
    """Every command, and every command of a command."""
    found: list[tuple[str, ...]] = [(name,) for name in COMMANDS]
    for name, (where, _) in COMMANDS.items():
        module, attribute = where.split(":")
        inner = getattr(import_module(module), attribute)
        if hasattr(inner, "resolved_commands"):
            found += [(name, one) for one in inner.resolved_commands() if not one.startswith("-")]
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words, "--help", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Usage: moyai {' '.join(words)}")
    assert told.split("\n\n")[1].strip()[0].isupper()


def test_the_groups_have_their_commands() -> None:
    grouped = {words for words in commands() if len(words) == 2}
    assert {("roster", "draft"), ("enrol", "join"), ("consent", "give"), ("import", "status")} <= grouped


def test_the_help_tells_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help", "--lang", "en"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert [code for code, meaning in EXIT_CODES.items() if f"{code} {meaning}" not in told] == []
    assert set(EXIT_CODES) == {0, 1, 2, 3, 4, 5, 70}


def test_the_program_ends_with_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["no-such-command"])
    assert ended.value.code == 2
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip()

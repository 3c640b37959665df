"""Setting a node up: every step is safe to repeat, and none overwrites what is there."""

from pathlib import Path

import pytest

from node.ledger import Ledger
from node.trust.keyfile import STORE, read_key_file
from node.vault import CERTIFICATE
from tests.builders.nodes import federation
from tests.builders.shell import KANAZAWA, WAJIMA, Shell


def everything(folder: Path) -> dict[str, bytes]:
    """Every file under a folder but the ledger's own journal, with what stands in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def test_init_makes_a_node_and_says_what_is_next(fresh: Shell) -> None:
    ran = fresh.init("--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json == {"node": str(fresh.node), "role": "home", "member": str(fresh.node / "member.json")}
    assert (fresh.node / "member.json").exists()
    assert (fresh.folder / "store.key").stat().st_mode & 0o077 == 0


def test_init_again_is_refused_and_changes_nothing(fresh: Shell) -> None:
    fresh.init()
    before = everything(fresh.folder)
    ran = fresh.init("--json")
    assert (ran.code, ran.refusal["reason"]) == (1, "NODE_ALREADY_SET_UP")
    assert everything(fresh.folder) == before


def test_init_again_without_anybody_to_type_a_passphrase_says_the_same(fresh: Shell) -> None:
    fresh.init()
    ran = fresh("init", "--organisation", WAJIMA, "--name", "輪島市", "--label", "x", "--json")
    assert (ran.code, ran.refusal["reason"]) == (1, "NODE_ALREADY_SET_UP")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (("--organisation", "172048"), "organisation"),
        (("--organisation", "wajima"), "organisation"),
        (("--name", ""), "organisation_name"),
        (("--label", "a" * 33), "label"),
        (("--label", ""), "label"),
        (("--label", "a\x1b[2J"), "label"),
    ],
)
def test_a_setting_that_does_not_fit_is_named_and_nothing_is_made(
    fresh: Shell, more: tuple[str, str], field: str
) -> None:
    settings = {"--organisation": WAJIMA, "--name": "輪島市", "--label": "home"} | {more[0]: more[1]}
    words = [word for pair in settings.items() for word in pair]
    ran = fresh("init", *words, "--key-file", str(fresh.folder / "k"), "--json")
    assert (ran.code, ran.refusal["reason"], ran.refusal["details"]["field"]) == (2, "CONFIG_REFUSED", field)
    assert list(fresh.folder.iterdir()) == []


def test_a_key_file_where_no_folder_is_is_a_missing_file(fresh: Shell) -> None:
    words = ("--organisation", WAJIMA, "--name", "輪島市", "--label", "home")
    ran = fresh("init", *words, "--key-file", str(fresh.folder / "no" / "store.key"), "--json")
    assert (ran.code, ran.refusal["reason"]) == (2, "FILE_MISSING")
    assert fresh.init().code == 0


def test_a_field_node_has_no_member_card(fresh: Shell) -> None:
    ran = fresh("init", "--organisation", WAJIMA, "--name", "輪島市", "--label", "kawai", "--role", "field",
                "--key-file", str(fresh.folder / "k"), "--json")  # fmt: skip
    assert ran.json == {"node": str(fresh.node), "role": "field"}
    served = fresh("serve", "--json")
    assert (served.code, "NOT_THIS_NODE" in served.err) == (1, True)
    assert fresh("coordinate", "--json").refusal["reason"] == "NOT_THIS_NODE"
    assert fresh("enrol", "code", "--json").refusal["reason"] == "NOT_THIS_NODE"


def test_without_a_key_file_somebody_must_type_a_passphrase(fresh: Shell) -> None:
    ran = fresh("init", "--organisation", WAJIMA, "--name", "輪島市", "--label", "home", "--json")
    assert (ran.code, ran.refusal["reason"]) == (3, "PASSPHRASE_MISSING")
    assert list(fresh.folder.iterdir()) == []


def test_a_passphrase_locks_the_node(fresh: Shell) -> None:
    right, wrong = fresh.file("right", "ことのはの 海\n"), fresh.file("wrong", "another\n")
    words = ("--organisation", WAJIMA, "--name", "輪島市", "--label", "kawai", "--role", "field")
    assert fresh("init", *words, "--passphrase-file", right).code == 0
    assert fresh("status", "--passphrase-file", right).code == 0
    ran = fresh("status", "--passphrase-file", wrong, "--json")
    assert (ran.code, ran.refusal["reason"]) == (3, "PASSPHRASE_WRONG")
    assert "another" not in ran.err
    assert fresh("status", "--json").refusal["reason"] == "PASSPHRASE_MISSING"
    assert fresh("status", "--passphrase-file", fresh.file("empty", ""), "--json").code == 3
    missing = fresh("status", "--passphrase-file", str(fresh.folder / "none"), "--json")
    assert (missing.code, missing.refusal["reason"]) == (2, "FILE_MISSING")


# --- the roster


def test_a_trustees_key_is_made_once(fresh: Shell) -> None:
    words = ("roster", "trustee", str(fresh.folder / "t.key"), "--office", "知事", "--without-passphrase")
    told = fresh.json(*words)
    assert told == {"key": str(fresh.folder / "t.key"), "card": str(fresh.folder / "t.key.json")}
    before = everything(fresh.folder)
    assert fresh.json(*words) == told
    assert everything(fresh.folder) == before


def test_a_trustees_lost_card_is_written_again(fresh: Shell) -> None:
    words = ("roster", "trustee", str(fresh.folder / "t.key"), "--office", "知事", "--without-passphrase")
    fresh.json(*words)
    before = everything(fresh.folder)
    (fresh.folder / "t.key.json").unlink()
    fresh.json(*words)
    assert everything(fresh.folder) == before


def test_signing_and_installing_twice_is_the_same_as_once(sh: Shell) -> None:
    roster = sh.folder / "draft.roster"
    before = len(roster.read_bytes())
    signed = sh.json("roster", "sign", str(roster), "--trustee-key", str(sh.folder / "t0.key"))
    assert signed == {"roster": str(roster), "version": 1, "signatures": 2, "threshold": 2}
    assert len(roster.read_bytes()) == before
    assert sh.json("roster", "install", str(roster)) == {"version": 1}
    assert sh.json("roster", "install", str(roster)) == {"version": 1}


def test_a_roster_with_too_few_signatures_is_not_installed(sh: Shell, fresh: Shell) -> None:
    cards = [word for n in range(2) for word in ("--trustee", str(sh.folder / f"t{n}.key.json"))]
    member = ("--member", str(sh.node / "member.json"), "--threshold", "2", "--out", str(fresh.folder / "r"))
    drafted = sh.json("roster", "draft", "--name", "能登", *cards, *member, "--after", str(sh.folder / "draft.roster"))
    assert drafted == {"roster": str(fresh.folder / "r"), "version": 2, "signatures": 0, "threshold": 2}
    ran = sh("roster", "install", str(fresh.folder / "r"), "--json")
    assert (ran.code, ran.refusal["reason"]) == (1, "ROSTER_SIGNATURES_TOO_FEW")
    assert sh.json("roster", "show")["version"] == 1


def test_roster_show(sh: Shell) -> None:
    told = sh.json("roster", "show")
    assert set(told) == {
        *("name", "federation", "version", "age_days", "expires", "expired", "drill", "threshold"),
        *("trustees", "organisations"),
    }
    assert (told["name"], told["trustees"], told["expired"]) == ("能登", ["知事", "市長"], False)
    (member,) = told["organisations"]
    assert set(member) == {"code", "name", "kind", "endpoints"}
    assert (member["code"], member["endpoints"]) == (WAJIMA, ["127.0.0.1:7443"])


@pytest.mark.parametrize("option", ["--trustee", "--member", "--after"])
def test_a_draft_of_a_file_that_is_not_there_is_not_written(sh: Shell, fresh: Shell, option: str) -> None:
    out = fresh.folder / "r"
    words = {"--trustee": str(sh.folder / "t0.key.json"), "--member": str(sh.node / "member.json")}
    typed = [word for pair in (words | {option: "no-such-file"}).items() for word in pair]
    ran = sh("roster", "draft", "--name", "x", *typed, "--threshold", "1", "--out", str(out), "--json")
    assert (ran.code, ran.refusal["reason"]) == (2, "FILE_MISSING")
    assert not out.exists()


def test_what_is_no_roster_is_not_installed(sh: Shell) -> None:
    ran = sh("roster", "install", sh.file("noise", b"\x00\xff noise"), "--json")
    assert (ran.code, ran.refusal["reason"]) == (1, "ROSTER_MALFORMED")


# --- nodes of the organisation


def test_enrol_code_and_list_and_revoke(sh: Shell) -> None:
    told = sh.json("enrol", "code", "--minutes", "5")
    assert set(told) == {"code", "expires_ms", "address"}
    (node,) = sh.json("enrol", "list")["nodes"]
    assert set(node) == {"node", "label", "role", "places", "valid_until_ms"}
    assert (node["label"], node["role"]) == ("wajima-home", "home")


def test_joining_again_leaves_a_node_as_it_is(fresh: Shell) -> None:
    with federation(fresh.folder, WAJIMA) as made:
        made.add_field("kawai", WAJIMA)
        signed = made[WAJIMA].book().roster()
    roster = fresh.file("r", signed)
    words = ("enrol", "join", "--home", "127.0.0.1:1", "--code", "AAAA", "--roster", roster, "--organisation", WAJIMA)
    ran = fresh(*words, "--json", node=fresh.folder / "kawai")
    assert (ran.code, ran.json["organisation"], ran.json["label"]) == (0, WAJIMA, "kawai")
    assert fresh(*words, "--json", node=fresh.folder / "kawai").json == ran.json


def test_an_organisation_that_is_not_in_the_roster_can_not_be_joined(sh: Shell, fresh: Shell) -> None:
    words = ("--home", "127.0.0.1:1", "--code", "AAAA", "--roster", str(sh.folder / "draft.roster"))
    ran = fresh("enrol", "join", *words, "--organisation", KANAZAWA, "--key-file", str(fresh.folder / "k"), "--json")
    assert (ran.code, ran.refusal["reason"]) == (1, "UNKNOWN_ORGANISATION")
    assert list(fresh.folder.iterdir()) == []


def test_a_home_node_that_lost_power_before_its_certificate_gets_it_from_init_again(fresh: Shell) -> None:
    fresh.init()
    certified = fresh("status", "--json").json["log_entries"]
    make_uncertified(fresh.node, fresh.folder / "store.key")
    ran = fresh.init("--json")
    assert (ran.code, ran.json["role"]) == (0, "home")
    assert not (fresh.node / "unfinished").exists()
    assert fresh("status", "--json").json["log_entries"] > certified


def make_uncertified(node: Path, key_file: Path) -> None:
    """What is left where the power went between the making of the node and its certificate."""
    key = read_key_file(key_file, kind=STORE)
    with Ledger.open(node / "ledger.db", key) as ledger, ledger.write() as writing:
        writing._connection().execute("DELETE FROM secrets WHERE name = ?", (CERTIFICATE,))
    (node / "unfinished").touch()

"""What each command answers: as JSON with the keys scripts rely on, and as text in two languages."""

import io
import re
from pathlib import Path

import pytest

from node.cli.main import STDIN, run
from node.desk.views import NewPerson
from node.doctor.examination import CHECKS
from node.installation import open_node
from node.ledger import TurnedAway
from tests.builders.nodes import federation
from tests.builders.shell import KANAZAWA, NAMES, WAJIMA, Shell
from tests.builders.trust import ISHIKAWA, NOW_MS

AGREEMENT_KEYS = {
    *(
        "application",
        "applicant",
        "applicant_name",
        "holder",
        "holder_name",
        "asked",
        "facets",
        "area",
        "purpose",
        "outcome",
        "until_ms",
    ),
    *("subjects", "at_ms"),
}
DONE_KEYS = {"subjects", "count", "records", "undo", "warnings"}
PERSON_KEYS = {
    *("subject", "name", "family_name", "given_name", "kana", "description", "birth", "sex", "address", "phone"),
    *("municipality", "municipality_name", "household", "care_codes", "protected", "resident_only", "conflict"),
    *("closed", "stay_state", "place", "place_name", "outside", "stay_municipality", "since_ms", "confirmed_at_ms"),
    *("confirmed_by", "here", "expected", "from_organisation", "match", "death_reported", "entries"),
}


def place(sh: Shell) -> str:
    (found,) = sh.json("places", "河井公民館")["places"]
    return str(found["subject"])


def someone(sh: Shell, name: str = "田中") -> str:
    return str(sh.json("register", "--family", name, "--birth", "S230503")["subjects"][0])


# --- people


def test_register_find_person(sh: Shell) -> None:
    done = sh.json("register", "--family", "田中", "--given", "太郎", "--family-kana", "tanaka", "--birth", "S230503")
    assert set(done) == DONE_KEYS
    (subject,) = done["subjects"]
    found = sh.json("find", "田中 太郎", "--purpose", "aid")
    assert set(found) == {"hits", "count"}
    (hit,) = [one for one in found["hits"] if one["subject"] == subject]
    assert set(hit) == PERSON_KEYS
    assert (hit["name"], hit["birth"], hit["kana"]) == ("田中 太郎", "1948-05-03", "タナカ")
    told = sh.json("person", subject, "--purpose", "本人の請求")
    assert set(told) == {"person", "facets", "fields"}
    assert set(told["person"]) == PERSON_KEYS
    assert set(told["fields"][0]) == {"facet", "field", "text", "organisation", "operator", "at_ms", "conflict"}
    assert {"identity", "stay"} <= set(told["facets"])


def test_correct_changes_what_is_named_and_leaves_the_rest(sh: Shell) -> None:
    subject = someone(sh)
    options = (
        "--family",
        "田仲",
        "--given",
        "太郎",
        "--given-kana",
        "tarou",
        "--phone",
        "0768-22-0009",
        "--sex",
        "male",
    )
    done = sh.json("correct", subject, *options, "--care", "dialysis, wheelchair", "--address", "金沢市弥生1-1")
    assert set(done) == DONE_KEYS
    assert (done["records"], bool(done["undo"])) == (4, True)
    told = sh.json("person", subject, "--purpose", "correction")["person"]
    assert (told["name"], told["birth"], told["phone"], told["sex"]) == ("田仲 太郎", "1948-05-03", "0768-22-0009", 1)
    assert (told["care_codes"], told["municipality"]) == (["dialysis", "wheelchair"], KANAZAWA)
    sh.json("correct", subject, "--birth", "", "--age", "75", "--phone", "", "--care", "", "--sex", "")
    told = sh.json("person", subject, "--purpose", "correction")["person"]
    assert (told["birth"], told["phone"], told["care_codes"], told["sex"]) == ("~75", "", [], 0)
    sh.json("undo")
    told = sh.json("person", subject, "--purpose", "correction")["person"]
    assert (told["birth"], told["phone"]) == ("1948-05-03", "0768-22-0009")


def test_correct_joins_a_household_or_leaves_it(sh: Shell) -> None:
    one, other = (sh.json("person", someone(sh), "--purpose", "correction")["person"] for _ in range(2))
    sh.json("correct", one["subject"], "--household", other["household"])
    assert sh.json("person", one["subject"], "--purpose", "correction")["person"]["household"] == other["household"]
    sh.json("correct", one["subject"], "--household=")
    alone = sh.json("person", one["subject"], "--purpose", "correction")["person"]["household"]
    assert alone not in (one["household"], other["household"], "")


def test_correct_says_what_it_does_not_do(sh: Shell) -> None:
    subject = someone(sh)
    assert sh.json("correct", subject, "--family", "田中")["records"] == 0
    assert "何も書いていません" in sh("correct", subject, "--family", "田中").out
    assert "訂正しました" in sh("correct", subject, "--family", "田仲").out
    assert sh("correct", subject, "--family", "", "--json").refusal["reason"] == "NOTHING_TO_GO_BY"
    assert sh("correct", subject, "--age", "old", "--json").refusal["reason"] == "INPUT_REFUSED"
    assert sh("correct", "key:k3", "--phone", "1", "--json").refusal["reason"] == "KNOWN_FROM_REGISTER_ALONE"


def test_check_in_by_key_with_the_household_people_leave_undo(sh: Shell) -> None:
    here = place(sh)
    done = sh.json("check-in", "key:k1", "--place", here, "--household")
    assert (set(done), done["count"]) == (DONE_KEYS, 2)
    listed = sh.json("people", "--place", here)
    assert (set(listed), listed["count"]) == ({"people", "count"}, 2)
    assert {set(one) == PERSON_KEYS for one in listed["people"]} == {True}
    left = sh.json("leave", "key:k1", "key:k2", "--to", "town:172014")
    assert (set(left), left["count"]) == (DONE_KEYS, 2)
    assert sh.json("people", "--place", here)["count"] == 0
    assert sh.json("people", "--place", here, "--which", "left")["count"] == 2
    undone = sh.json("undo", left["undo"])
    assert (undone["count"], undone["undo"]) == (2, "")
    assert sh.json("people", "--place", here)["count"] == 2


def test_undo_without_a_token_takes_back_the_very_last(sh: Shell) -> None:
    (subject,) = sh.json("register", "--family", "一時")["subjects"]
    assert sh.json("undo")["subjects"] == [subject]
    assert sh("person", subject, "--purpose", "aid").code == 1


@pytest.mark.parametrize("to", ["home", "relatives", "car", "tent", "hotel", "hospital", "unknown", "town:172014"])
def test_leave_takes_every_word_of_its_list(sh: Shell, to: str) -> None:
    assert sh.json("leave", someone(sh), "--to", to)["count"] == 1


def test_leave_to_another_place_by_its_id(sh: Shell) -> None:
    here = place(sh)
    sh.json("leave", someone(sh, "次郎丸"), "--to", f"place:{here}")
    expected = sh.json("people", "--place", here, "--which", "expected")
    assert [one["family_name"] for one in expected["people"]] == ["次郎丸"]


@pytest.mark.parametrize("outside", ["home", "car", "tent", "relatives", "hotel", "hospital", "other"])
def test_check_in_outside(sh: Shell, outside: str) -> None:
    assert sh.json("check-in", someone(sh), "--outside", outside)["count"] == 1


def test_ids_on_standard_input(sh: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"key:k3\n\n{someone(sh)}\n"))
    assert sh.json("check-in", STDIN)["count"] == 2
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert sh.json("check-in", STDIN)["count"] == 0


def test_warnings_are_in_the_answer_and_never_a_refusal(sh: Shell) -> None:
    done = sh.json("register", "--family", "年齢不詳", "--share")
    assert done["warnings"] == ["AGE_UNKNOWN"]


# --- consent, protection, erasure


def test_consent_give_list_withdraw(sh: Shell) -> None:
    subject = someone(sh)
    given = sh.json("consent", "give", subject, "--to", "172014,170003", "--facets", "identity,stay")
    assert set(given) == {"slot", "undo", "warnings"}
    (one,) = sh.json("consent", "list", subject)["consents"]
    assert set(one) == {
        *("slot", "organisations", "all_local_governments", "facets", "purpose", "from_ms", "until_ms", "given_by"),
        *("guardian_relation", "withdrawn_at_ms", "counts", "holders", "confirmed", "awaited"),
    }
    assert (one["slot"], one["organisations"]) == (given["slot"], ["170003", "172014"])
    assert sh.json("consent", "withdraw", subject, given["slot"]) == {"records": 1}
    assert sh("consent", "withdraw", subject, given["slot"]).code == 1
    listed = sh("consent", "list", subject)
    assert "撤回済み" in listed.out


def test_a_child_of_the_register_needs_a_guardian(sh: Shell) -> None:
    assert sh("consent", "give", "key:k3", "--to", "all", "--json").refusal["reason"] == "CONSENT_NEEDS_GUARDIAN"
    assert sh.json("consent", "give", "key:k3", "--to", "all", "--guardian", "母", "--until", "2099-12-31")["slot"]


def test_protect_set_and_lift(sh: Shell) -> None:
    subject = someone(sh, "秘匿太")
    assert set(sh.json("protect", "set", subject, "--ground", "abuse", "--recipients", "172014")) == {"undo"}
    assert "【秘匿】" in sh("find", "秘匿太", "--purpose", "aid").out
    assert sh.json("protect", "lift", subject) == {"records": 1}
    assert sh("protect", "lift", subject, "--json").refusal["reason"] == "NOT_PROTECTED"


def test_erase_asks_before_it_does(sh: Shell) -> None:
    subject = someone(sh)
    asked = sh("erase", subject, "--json")
    assert (asked.code, asked.json) == (1, {"erased": False})
    assert sh.json("erase", subject, "--yes") == {"erased": True}
    assert sh("erase", subject, "--yes", "--json").refusal["reason"] == "SUBJECT_UNKNOWN"


def test_what_was_erased_is_listed_with_who_has_confirmed_it(sh: Shell) -> None:
    subject = someone(sh)
    sh.json("erase", subject, "--yes")
    newest = sh.json("erased")["erasures"][0]
    assert (newest["subject"], newest["confirmed"], newest["open"]) == (subject, ["172049"], [])
    assert "172049" in sh("erased").out


# --- places, status, import


def test_places(sh: Shell) -> None:
    (found,) = sh.json("places", "河井公民館", "--municipality", WAJIMA)["places"]
    assert set(found) == {
        *("subject", "name", "national_id", "local_id", "municipality", "municipality_name", "address", "capacity"),
        *("capacity_text", "present", "opening", "headcount", "observed_at_ms", "status_source"),
    }


def test_status(sh: Shell) -> None:
    told = sh.json("status")
    assert {"organisation", "name", "role", "roster_version", "residents", "people", "present", "peers"} <= set(told)
    assert (told["organisation"], told["residents"], told["roster_version"]) == (WAJIMA, 3, 1)


def test_doctor(sh: Shell) -> None:
    told = sh("doctor", "--thorough", "--json").json
    assert set(told) == {"verdict", "well", "checks", "thorough", "findings"}
    keys = {"check", "organisation", "node", "view", "compared", "wrong", "repaired"}
    assert all(set(one) == keys for one in told["findings"])
    assert all(set(one) == {"check", "what", "grade", "values", "sentence", "hint"} for one in told["checks"])
    assert {one["check"] for one in told["checks"]} == set(CHECKS)
    assert (told["verdict"], told["well"], told["thorough"]) == ("warn", False, True)
    assert sh("doctor", "--json").json["findings"] == []


def test_the_doctor_ends_with_5_where_something_is_to_be_seen_to_soon(sh: Shell) -> None:
    ran = sh("doctor", "--json")
    warned = {(one["check"], one["what"]) for one in ran.json["checks"] if one["grade"] == "warn"}
    assert warned == {("ports", "free"), ("peers", "nobody"), ("backup", "none")}
    assert (ran.code, sh("doctor", "--repair").code) == (5, 5)


def test_the_doctor_ends_with_1_where_something_is_wrong_until_it_is_repaired(sh: Shell) -> None:
    with open_node(sh.node, passphrase=lambda: "", now_ms=lambda: NOW_MS, entropy=bytes).ledger as ledger:
        with ledger.write() as writing:
            writing.contact(b"p" * 16, organisation=ISHIKAWA, reason="DONE", at_ms=NOW_MS)
            writing.turn_away(b"p" * 16, [TurnedAway(b"r" * 32, 2, b"", "NO_BASIS")])
        ledger._store._writer.execute("UPDATE view_sums SET count = 2")
    ran = sh("doctor", "--thorough")
    assert (ran.code, "不一致 1件\n" in ran.out) == (1, True)
    repaired = sh("doctor", "--repair")
    assert (repaired.code, "不一致 1件を修復" in repaired.out) == (5, True)
    assert sh("doctor", "--thorough").code == 5


def test_import_twice_changes_nothing_and_reports_every_row(sh: Shell) -> None:
    table, report = str(sh.folder / "residents.csv"), sh.folder / "report.csv"
    told = sh.json("import", "residents", table, "--report", str(report))
    assert (told["rows"], told["taken"], told["new"], told["unchanged"], told["refused"]) == (3, 3, 0, 3, 0)
    lines = report.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 4


def test_an_import_refused_in_part_says_so_and_does_the_rest(sh: Shell) -> None:
    table = sh.file("partly.csv", "宛名番号,氏名\np1,山田 花子\np1,山田 花子\n")
    report = sh.folder / "partly-report.csv"
    ran = sh("import", "residents", table, "--report", str(report), "--json")
    assert (ran.code, ran.json["taken"], ran.json["refused"]) == (5, 1, 1)
    assert len(report.read_text(encoding="utf-8-sig").splitlines()) == 3
    assert sh.json("check-in", "key:p1")["count"] == 1


def test_several_files_are_told_one_by_one_and_together(sh: Shell) -> None:
    first = sh.file("a.csv", "宛名番号,氏名\nq1,山田 一\n")
    second = sh.file("b.csv", "宛名番号,氏名\nq2,山田 二\n")
    told = sh.json("import", "residents", first, second)
    assert (told["new"], [one["file"] for one in told["files"]]) == (2, ["a.csv", "b.csv"])


def test_headcounts(sh: Shell) -> None:
    table = sh.file("open_2024-01-09-1800.csv", "施設名,住所,避難者数\n河井公民館,輪島市河井町1,36\n")
    assert sh.json("import", "status", table)["taken"] == 1
    (found,) = sh.json("places", "河井公民館")["places"]
    assert found["headcount"] == 36


# --- agreements


def test_applications_are_listed_granted_refused_and_ended(tmp_path: Path, fresh: Shell) -> None:
    with federation(tmp_path, WAJIMA, ISHIKAWA) as made:
        asked = [
            made.granting(ISHIKAWA).apply(WAJIMA, facets=["identity", "stay"], purpose="支援", area=[WAJIMA])
            for _ in range(2)
        ]
        made.meet(WAJIMA, ISHIKAWA)
    at = tmp_path / WAJIMA
    listed = fresh("agreement", "list", "--json", node=at).json["agreements"]
    assert {set(one) == AGREEMENT_KEYS for one in listed} == {True}
    assert {one["application"]: one["outcome"] for one in listed} == {id_.hex(): "open" for id_ in asked}
    first, second = (id_.hex() for id_ in asked)
    granted = fresh("agreement", "grant", first, "--days", "3", "--facets", "identity", "--json", node=at).json
    assert (granted["outcome"], granted["facets"], granted["applicant"]) == ("granted", ["identity"], ISHIKAWA)
    assert fresh("agreement", "refuse", second, "--json", node=at).json["outcome"] == "refused"
    assert fresh("agreement", "end", first, "--json", node=at).json["outcome"] == "ended"
    outcomes = {one["outcome"] for one in fresh("agreement", "list", "--json", node=at).json["agreements"]}
    assert outcomes == {"ended", "refused"}


def test_what_could_speak_to_a_terminal_is_shown_as_a_sign(tmp_path: Path, fresh: Shell) -> None:
    operator = "\x1b[2J\x9b1m\u202e"
    with federation(tmp_path, WAJIMA) as made:
        (subject,) = made[WAJIMA].desk(operator).register(NewPerson(family_name="端末"), arrive=False).subjects
    words = ("person", subject.hex(), "--purpose", "aid")
    for more in ((), ("--json",)):
        told = fresh(*words, *more, node=tmp_path / WAJIMA).out
        assert not set(operator) & set(told) & set("\x1b\x9b\u202e")
    assert fresh(*words, "--json", node=tmp_path / WAJIMA).json["fields"][0]["operator"] == operator


# --- languages


@pytest.mark.parametrize(
    "words",
    [
        ("find", "誰でもない", "--purpose", "aid"),
        ("people",),
        ("status",),
        ("doctor",),
        ("roster", "show"),
        ("undo", "00" * 16),
        ("find", "x"),
        ("person", "00" * 16, "--purpose", "aid"),
        ("nothing-like-it",),
        ("leave", "x"),
        ("import", "residents", "no-such-file.csv"),
    ],
)
def test_every_answer_is_in_japanese_and_in_english(sh: Shell, words: tuple[str, ...]) -> None:
    told = {}
    for language in ("ja", "en"):
        sh.read()
        run([*words, "--node", str(sh.node), f"--lang={language}"])
        told[language] = "".join(sh.read())
    assert told["ja"] != told["en"]
    if not {"輪島市", "石川県"} & set(re.findall("輪島市|石川県", told["en"])):
        assert told["en"].isascii()
    assert not told["ja"].isascii()


def test_nothing_of_a_person_is_in_any_complaint(sh: Shell) -> None:
    tries = [
        ("find", "海老名沢", "つかさ", "--purpose", "aid"),
        ("find", "海老名沢"),
        ("find", "海老名沢", "--purpose", "海老名沢つかさ"),
        ("find", "海老名沢", "--limit", "つかさ"),
        ("find", "海老名沢", "--海老名沢", "つかさ"),
        ("海老名沢",),
        ("register", "--family", "海老名沢", "--sex", "つかさ"),
        ("register", "--family", "海老名沢", "--birth", "つかさ"),
        ("register", "--family", "海老名沢", "--municipality", "海老名沢"),
        ("register", "--family", "海老名沢", "--family", "海老名沢"),
        ("register", "--family", "海老名沢" * 101),
        ("register", "--family", "海老名沢", "--care", "海老名沢"),
        ("register", "--family", "海老名沢", "--place", "海老名沢"),
        ("check-in", "海老名沢"),
        ("check-in", "key:海老名沢"),
        ("check-in", "key:k1", "--outside", "海老名沢"),
        ("leave", "key:k1", "--to", "海老名沢"),
        ("leave", "key:k1", "--to", "town:海老名沢"),
        ("leave", "key:k1", "--to", "place:海老名沢"),
        ("person", "海老名沢", "--purpose", "aid"),
        ("consent", "give", "key:k1", "--to", "海老名沢"),
        ("consent", "give", "key:k1", "--to", "all", "--facets", "海老名沢"),
        ("consent", "withdraw", "key:k1", "海老名沢"),
        ("protect", "set", "key:k1", "--recipients", "海老名沢"),
        ("protect", "set", "key:k1", "--ground", "海老名沢"),
        ("undo", "海老名沢"),
        ("people", "--which", "海老名沢"),
    ]
    for words in tries:
        for more in ((), ("--json",)):
            ran = sh(*words, *more)
            assert ran.code in (1, 2), words
            assert ran.err, words
            assert not [name for name in NAMES if name in ran.err], words

"""What a command says to somebody who has made a mistake, or waits for another: what is the matter, and what to do."""

import re
from pathlib import Path

import pytest

from node.cli.exchanging import line_of_forecast, lines_of_spoken
from node.cli.main import run
from node.errors import NotEnrolled
from node.forecast import Forecast
from node.neighbours import Neighbour
from node.service import Spoken
from node.trust.one_time import new_code
from node.words import told
from sync.effects import Counts, Outcome
from sync.errors import PeerRefused
from tests.builders.nodes import Federation, federation
from tests.builders.shell import KANAZAWA, WAJIMA, Ran, Shell
from tests.builders.trust import ISHIKAWA, NOW_MS


def both(sh: Shell, *words: str, node: Path | None = None) -> tuple[Ran, Ran]:
    """How the command ends in Japanese and in English."""
    ran = []
    for language in ("ja", "en"):
        sh.read()
        code = run([*words, "--node", str(node or sh.node), "--operator", "tanaka", f"--lang={language}"])
        ran.append(Ran(code, *sh.read()))
    return ran[0], ran[1]


@pytest.fixture
def laptop(sh: Shell, tmp_path: Path) -> Path:
    """A laptop that joined by two files."""
    node, request, answer = tmp_path / "laptop", str(tmp_path / "request"), str(tmp_path / "answer")
    words = ("--roster", str(sh.folder / "draft.roster"), "--organisation", WAJIMA, "--label", tmp_path.name[-32:])
    asked = sh("enrol", "request", request, *words, "--key-file", str(tmp_path / "l.key"), "--json", node=node)
    assert sh("enrol", "answer", request, answer, "--fingerprint", asked.json["fingerprint"]).code == 0
    assert sh("enrol", "accept", answer, node=node).code == 0
    return node


# --- by hand


def test_a_folder_without_a_bundle_and_one_with_another_nodes_are_told_apart(
    sh: Shell, laptop: Path, tmp_path: Path
) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    ja, en = both(sh, "bundle", "read", str(usb))
    assert f"{usb} に手渡しのファイル（*.moyai）はありません" in ja.err
    assert f"no bundle (*.moyai) in {usb}" in en.err
    label = tmp_path.name[-32:]
    assert sh("bundle", "write", str(usb), "--to", f"{WAJIMA}/{label}").code == 0
    ja, en = both(sh, "bundle", "read", str(usb))
    assert f"あるのは 輪島市 {WAJIMA}/{label} あてです" in ja.err
    assert f"there are some for 輪島市 {WAJIMA}/{label}." in en.err
    (file,) = usb.iterdir()
    ja, en = both(sh, "bundle", "read", str(file))
    assert f"これは 輪島市 {WAJIMA}/{label} あてです" in ja.err
    assert f"The bundle is for 輪島市 {WAJIMA}/{label}." in en.err


def test_a_folder_that_is_not_there_is_named(sh: Shell, laptop: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "usb"
    ja, en = both(sh, "bundle", "write", str(nowhere), "--to", f"{WAJIMA}/{tmp_path.name[-32:]}")
    assert f"{nowhere.parent} というフォルダーはありません" in ja.err
    assert f"There is no folder {nowhere.parent}." in en.err
    assert "ENOENT" not in ja.err + en.err


def test_who_can_be_meant_is_listed_where_nobody_is_called_that(sh: Shell, laptop: Path, tmp_path: Path) -> None:
    label = tmp_path.name[-32:]
    for to in (WAJIMA, f"{WAJIMA}/mistyped", "172014"):
        ja, en = both(sh, "bundle", "write", str(tmp_path / "a"), "--to", to)
        assert (f"{WAJIMA}/{label}" in ja.err, f"{WAJIMA}/{label}" in en.err) == (True, True)
    assert "172014 という相手" in ja.err
    assert "lists no 172014" in en.err


def test_no_file_at_all_is_said_as_that(sh: Shell) -> None:
    ja, en = both(sh, "bundle", "read")
    assert ("ファイルが指定されていません" in ja.err, "No file was named." in en.err) == (True, True)


# --- joining


def test_a_home_node_that_does_not_answer_is_looked_for_under_another_address(sh: Shell, tmp_path: Path) -> None:
    words = ("--home", "127.0.0.1:9", "--code", new_code(bytes), "--roster", str(sh.folder / "draft.roster"))
    more = ("--organisation", WAJIMA, "--label", "l", "--key-file", str(tmp_path / "l.key"))
    ja, en = both(sh, "enrol", "join", *words, *more, node=tmp_path / "new")
    assert (ja.code, en.code) == (4, 4)
    assert ("moyai enrol code" in ja.err, "まだ登録していません" in ja.err, "自動" in ja.err) == (True, True, False)
    assert ("moyai enrol code" in en.err, "Nothing was enrolled" in en.err) == (True, True)


def test_a_mistyped_code_is_found_before_anything_is_sent(sh: Shell, tmp_path: Path) -> None:
    words = ("--home", "127.0.0.1:9", "--code", "AAAA-BBBB-CCCD", "--roster", str(sh.folder / "draft.roster"))
    more = ("--organisation", WAJIMA, "--label", "l", "--key-file", str(tmp_path / "l.key"))
    ja, en = both(sh, "enrol", "join", *words, *more, node=tmp_path / "new")
    assert (ja.code, en.code) == (1, 1)
    assert ("一度きりの番号が違います" in ja.err, "one-time code is not right" in en.err) == (True, True)


def test_a_peers_reason_is_a_sentence_with_its_own_hint() -> None:
    refused = PeerRefused(peer_reason="CODE_REFUSED")
    assert told(refused, "ja") == (
        "相手が断りました：登録のための一度きりの番号が認められませんでした。",
        "打ち間違い、使用済み、期限切れのどれかです。役場で moyai enrol code を実行して、"
        "新しい番号をもらってください。",
    )
    assert told(refused, "en")[0] == "The peer refused: The one-time code was not accepted."
    assert "moyai enrol code" in told(refused, "en")[1]


def test_a_code_of_the_program_is_said_in_words() -> None:
    assert told(NotEnrolled(what="roster"), "ja")[0].endswith("（名簿がまだない）。")
    assert told(NotEnrolled(what="certificate"), "en")[0].endswith("(no certificate yet).")
    assert "moyai enrol accept" in told(NotEnrolled(what="certificate"), "ja")[1]


def test_a_place_without_a_node_is_named(sh: Shell, tmp_path: Path) -> None:
    ja, en = both(sh, "status", node=tmp_path / "mistyped")
    assert (f"{tmp_path / 'mistyped'} には" in ja.err, f"in {tmp_path / 'mistyped'}" in en.err) == (True, True)
    assert ("MOYAI_NODE" in ja.err, "MOYAI_NODE" in en.err) == (True, True)


# --- how things stand


def test_status_says_in_words_who_is_there_and_since_when_not(tmp_path: Path, fresh: Shell) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA, ISHIKAWA) as made:
        made.add_field("kawai", WAJIMA)
        made.meet(WAJIMA, "kawai")
        met(made, WAJIMA, KANAZAWA, "PEER_UNREACHABLE")
    ja, en = both(fresh, "status", node=tmp_path / WAJIMA)
    kanazawa = next(line for line in ja.out.splitlines() if "金沢市" in line)
    assert ("つながりません" in kanazawa, "2024-01-02 09:00から" in kanazawa, "127.0.0.1:1" in kanazawa) == (
        True,
        True,
        True,
    )
    assert "石川県（170003）　渡す分 0件　まだ通信なし　最後の通信 なし" in ja.out
    assert "輪島市 kawai（172049）" in ja.out
    assert "今はつながっていません　最後の通信 2024-01-02 09:00" in ja.out
    assert "moyai serve）が動いていません" in ja.out
    assert ("not reached" in en.out, "last contact never" in en.out, "moyai serve is not running" in en.out) == (
        True,
        True,
        True,
    )
    assert not {"DONE", "PEER_UNREACHABLE", "BY_HAND"} & set(re.findall(r"[A-Z_]+", ja.out + en.out))


def test_status_without_a_federation_says_so(fresh: Shell) -> None:
    assert fresh.init().code == 0
    ja, en = both(fresh, "status")
    assert ("moyai roster install" in ja.out, "moyai roster install" in en.out) == (True, True)


def test_a_forecast_names_the_laptops_and_what_is_not_known(tmp_path: Path, fresh: Shell) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        made.add_field("kawai", WAJIMA)
        made.meet(WAJIMA, "kawai")
    ja, en = both(fresh, "sync", "--dry-run", node=tmp_path / WAJIMA)
    assert "輪島市 kawai（172049）　送る記録 0件" in ja.out
    assert "金沢市（172014）　送る記録 0件 0kB　受け取る分は、つながるまで分かりません" in ja.out
    assert "when it calls here" in en.out
    assert "what would be received is not known before they have spoken" in en.out


@pytest.mark.parametrize(("seconds", "said"), [(None, "時間はまだ分かりません"), (0.4, "1分以内"), (61.0, "約2分")])
def test_how_long_it_takes_is_said_as_at_the_desk(seconds: float | None, said: str) -> None:
    one = Neighbour(b"n" * 16, KANAZAWA, "金沢市", "", ("a:1",), None, is_open=False, is_busy=False)
    assert said in line_of_forecast(one, Forecast(3, 100, seconds), "ja")


def test_a_peer_that_is_down_is_said_with_its_address_since_when_and_what_to_do(tmp_path: Path, fresh: Shell) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        met(made, WAJIMA, KANAZAWA, "PEER_UNREACHABLE")
    ja, en = both(fresh, "sync", node=tmp_path / WAJIMA)
    assert (ja.code, en.code) == (4, 4)
    assert "金沢市（172014）　相手につながりません。　試したアドレス: 127.0.0.1:1　2024-01-02 09:00から" in ja.out
    assert "次に: 相手のノードが動いているか" in ja.out
    assert "tried at 127.0.0.1:1  since 2024-01-02 09:00" in en.out
    assert "next: Check whether the other node runs" in en.out


def test_what_had_passed_already_is_said_as_that(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        neighbours = made[WAJIMA].neighbours
        spoken = Spoken(made.peer(KANAZAWA), Outcome("DONE", said_by_peer=False, counts=Counts()))
        assert lines_of_spoken([spoken], neighbours, "ja") == [
            "金沢市（172014）　済み　新しい分はありません（やり取り済みです）"
        ]
        assert "had been exchanged already" in lines_of_spoken([spoken], neighbours, "en")[0]


def met(made: Federation, name: str, other: str, reason: str) -> None:
    """What is written down of the other after a conversation that ended so."""
    peer = made.peer(other)
    with made[name].ledger.write() as writing:
        writing.contact(peer.node, organisation=peer.organisation, reason=reason, at_ms=NOW_MS)


# --- consents, applications, one person, the doctor


def test_a_consent_before_the_check_in_says_that_nothing_goes_yet(sh: Shell) -> None:
    ja, again = both(sh, "consent", "give", "key:k2", "--to", KANAZAWA)
    run(["consent", "give", "key:k2", "--to", ISHIKAWA, "--node", str(sh.node), "--operator", "tanaka", "--lang=en"])
    assert "受付をするまでは何も伝わりません" in ja.out
    assert "The same consent is in force since" in again.err
    assert "nothing goes until they are" in sh.read()[0]
    here = sh.json("places", "河井公民館")["places"][0]["subject"]
    assert sh.json("check-in", "key:k2", "--place", here)["count"] == 1
    assert "受付をするまでは" not in sh("consent", "give", "key:k2", "--to", KANAZAWA).out


def test_the_columns_of_a_consent_are_named(sh: Shell) -> None:
    given = sh.json("consent", "give", "key:k1", "--to", KANAZAWA, "--facets", "identity,stay")
    assert sh("consent", "withdraw", "key:k1", given["slot"]).code == 0
    ja, en = both(sh, "consent", "list", "key:k1")
    line = next(line for line in ja.out.splitlines() if given["slot"] in line)
    assert "撤回済み  相手: なし" in line or "相手: 金沢市 172014" in line
    assert "受け取った団体: なし  消去を確認した団体: なし" in line
    assert "received by: nobody  erasure confirmed by: nobody" in en.out


def test_nothing_to_list_is_said(sh: Shell) -> None:
    ja, en = both(sh, "agreement", "list")
    assert ("申請はありません" in ja.out, "There are no applications." in en.out) == (True, True)
    ja, en = both(sh, "consent", "list", "key:k3")
    assert ("同意はありません" in ja.out, "There are no consents." in en.out) == (True, True)


def test_an_application_is_listed_with_names_purpose_and_last_day(tmp_path: Path, fresh: Shell) -> None:
    with federation(tmp_path, WAJIMA, ISHIKAWA) as made:
        id_ = made.granting(ISHIKAWA).apply(WAJIMA, facets=["identity"], purpose="避難者の支援", area=[WAJIMA])
        made.meet(WAJIMA, ISHIKAWA)
    ja, en = both(fresh, "agreement", "list", node=tmp_path / WAJIMA)
    assert ja.out.startswith(
        f"{id_.hex()}  石川県 170003 → 輪島市 172049  決定待ち  項目: identity  目的: 避難者の支援"
    )
    assert "石川県 170003 -> 輪島市 172049  to be decided" in en.out
    assert fresh("agreement", "grant", id_.hex(), node=tmp_path / WAJIMA).code == 0
    ja, en = both(fresh, "agreement", "list", node=tmp_path / WAJIMA)
    assert re.search(r"承認  .*  \d{4}-\d\d-\d\dまで", ja.out)
    assert re.search(r"granted  .*  until \d{4}-\d\d-\d\d", en.out)
    ja, en = both(fresh, "agreement", "grant", "bogus", node=tmp_path / WAJIMA)
    assert ("32文字の番号" in ja.err, "32 characters" in en.err) == (True, True)


def test_what_is_held_about_a_person_is_said_without_numbers_for_words(sh: Shell) -> None:
    (subject,) = sh.json("register", "--family", "田中", "--sex", "male", "--birth", "S230503", "--share")["subjects"]
    ja, en = both(sh, "person", subject, "--purpose", "aid")
    assert ("stay.state: ここにいる" in ja.out, "stay.state: here" in en.out) == (True, True)
    assert re.search(r"stay\.since_ms: \d{4}-\d\d-\d\d \d\d:\d\d ", ja.out)
    assert re.search(r"consent\.facets: identity,", en.out)
    assert "identity.sex: 男性" in ja.out


def test_the_doctor_names_towns_and_laptops_and_says_when_there_was_nothing_to_repair(
    tmp_path: Path, fresh: Shell
) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        made.add_field("kawai", WAJIMA)
        made.meet(WAJIMA, "kawai")
        made.meet(WAJIMA, KANAZAWA)
        ids = [node.key.node.hex()[:8] for node in made.nodes.values()]
    ja, en = both(fresh, "doctor", "--repair", node=tmp_path / WAJIMA)
    for ran in (ja, en):
        assert ("輪島市 kawai" in ran.out, "金沢市" in ran.out) == (True, True)
        assert [one for one in ids if one in ran.out] == []
    assert "直すところはありませんでした" in ja.out
    assert "nothing to repair" in en.out


# --- what an option takes


def test_what_an_option_takes_is_said_where_something_else_was_given(sh: Shell) -> None:
    ja, en = both(sh, "operator", "add", "mori", "--role", "boss")
    assert "使えるのは次のどれかです: clerk, coordinator, chief" in ja.err
    assert "is none of these: clerk, coordinator, chief." in en.err
    assert "boss" not in ja.err + en.err


def test_a_number_that_is_too_small_is_told_the_least_and_a_word_that_it_is_no_number(sh: Shell) -> None:
    ja, en = both(sh, "demo", "--residents", "30")
    assert "6000 以上" in ja.err
    assert "the least is 6000." in en.err
    ja, en = both(sh, "demo", "--residents", "many")
    assert "値の形が違います" in ja.err
    assert "not of its kind" in en.err


def test_that_nobody_is_to_be_compared_with_is_said(sh: Shell) -> None:
    ja, en = both(sh, "inquiry", "look", "--name", "無名 太郎", "--birth", "S600119")
    assert (ja.out, en.out) == ("見くらべる人はいません。\n", "There is nobody to compare with.\n")

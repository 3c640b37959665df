"""A drill (訓練) and what is real never meet: not by roster, line, stick or card; and what is printed tells."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.cli.main import run
from node.config import NodeDirectory
from node.desk.views import NewPerson
from node.drill import federation_id, made_for_drills
from node.errors import BundleOfAnotherFederation, CardOfAnotherFederation, ConfigOfAnother, RosterWrongFederation
from node.exchange.form_number import form_number
from node.installation import open_node
from node.peerbook import install_roster
from node.rekeying import replace_key
from node.trust.members import is_of_drill, read_member_card
from node.trust.roster import DRILL_ID
from sync.effects import Outcome
from sync.portside import Portside
from sync.session import Session
from sync.wire import greeting_of
from tests.builders.carrying import Stick
from tests.builders.couriers import Side, run as converse
from tests.builders.nodes import Federation
from tests.builders.printed import pages_of
from tests.builders.shell import Shell
from tests.builders.trust import DAY_MS, KANAZAWA, NOW_MS, TRUSTEES, WAJIMA, of_members, signed_by

SOMEBODY = NewPerson(family_name="見本", given_name="太郎", birth="19480503", share=True)
Worlds = tuple[Federation, Federation]


def roster_of(made: Federation, *codes: str, drill: bool) -> bytes:
    """Signed by the same trustees, whichever it is."""
    cards = [read_member_card(made[code].directory.member_card.read_bytes()) for code in codes]
    federation = federation_id(made.entropy, drill=drill)
    return signed_by(of_members(cards, federation=federation, drill=drill), *TRUSTEES[:2])


def world_of(folder: Path, *codes: str, drill: bool) -> Federation:
    folder.mkdir()
    world = Federation(folder, drill=drill)
    for code in codes:
        world.add_home(code)
    return world


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[Worlds]:
    """The same two towns twice: really, and in a drill."""
    towns = (WAJIMA, KANAZAWA)
    made = (world_of(tmp_path / "real", *towns, drill=False), world_of(tmp_path / "drill", *towns, drill=True))
    for world in made:
        signed = roster_of(world, *towns, drill=world.drill)
        for code in towns:
            install_roster(world[code].ledger, signed, now_ms=NOW_MS)
    yield made
    for world in made:
        for node in world.nodes.values():
            node.close()


@pytest.mark.parametrize("drill", [True, False])
def test_a_node_knows_what_it_was_made_for_before_it_has_a_roster(tmp_path: Path, drill: bool) -> None:
    world = world_of(tmp_path / "world", WAJIMA, drill=drill)
    node = world[WAJIMA]
    assert (node.is_drill, made_for_drills(node.ledger)) == (drill, drill)
    assert is_of_drill(node.directory.member_card.read_bytes()) is drill
    with pytest.raises(RosterWrongFederation):
        install_roster(node.ledger, roster_of(world, WAJIMA, drill=not drill), now_ms=NOW_MS)
    assert node.ledger.secret("roster") is None
    install_roster(node.ledger, roster_of(world, WAJIMA, drill=drill), now_ms=NOW_MS)
    assert node.is_drill is drill
    node.close()


def test_a_node_of_an_earlier_version_goes_by_its_roster(tmp_path: Path) -> None:
    world = world_of(tmp_path / "world", WAJIMA, drill=False)
    with world[WAJIMA].ledger.write() as writing:
        writing.drop_meta("drill")
    install_roster(world[WAJIMA].ledger, roster_of(world, WAJIMA, drill=True), now_ms=NOW_MS)
    assert world[WAJIMA].is_drill
    world[WAJIMA].close()


def test_ids_tell_a_drill_from_what_is_real() -> None:
    drawn = iter([DRILL_ID + bytes(11), bytes(16), bytes(11)])
    assert federation_id(lambda _size: next(drawn), drill=False) == bytes(16)
    assert federation_id(lambda _size: next(drawn), drill=True) == DRILL_ID + bytes(11)


def test_what_node_toml_says_makes_no_drill_real(worlds: Worlds) -> None:
    for world in worlds:
        node = world[WAJIMA]
        config = node.config.model_copy(update={"drill": not node.config.drill})
        NodeDirectory(node.directory.path).write_config(config)
        with pytest.raises(ConfigOfAnother):
            open_node(node.directory.path, passphrase=lambda: "", now_ms=world.time, entropy=world.entropy)


def test_a_roster_of_the_other_kind_is_refused_by_every_node(worlds: Worlds) -> None:
    for world, other in (worlds, worlds[::-1]):
        with pytest.raises(RosterWrongFederation):
            install_roster(world[WAJIMA].ledger, other[WAJIMA].book().roster(), now_ms=NOW_MS)


def side(world: Federation, code: str, other: str, *, dialled: bool) -> Side:
    node = world[code]
    (peer,) = [one for one in node.book().peers() if one.organisation == other]
    session = Session(greeting_of(node.book().greeting(peer)), dialled=dialled, entropy=world.entropy)
    return Side(session, Portside(node.book(), peer))


def test_a_conversation_ends_with_the_greetings(worlds: Worlds) -> None:
    for ours, theirs in (worlds, worlds[::-1]):
        ours[WAJIMA].desk("op").register(SOMEBODY)
        ends = side(ours, WAJIMA, KANAZAWA, dialled=True), side(theirs, KANAZAWA, WAJIMA, dialled=False)
        converse(*ends)
        outcomes: list[Outcome] = [end.outcome for end in ends if end.outcome is not None]
        assert [str(one.reason) for one in outcomes] == ["WRONG_FEDERATION"] * 2
        assert [(one.counts.sent, one.counts.received) for one in outcomes] == [(0, 0)] * 2


def test_a_bundle_of_the_other_kind_is_not_read(worlds: Worlds, tmp_path: Path) -> None:
    for number, (ours, theirs) in enumerate((worlds, worlds[::-1])):
        ours[WAJIMA].desk("op").register(SOMEBODY)
        files = Stick(ours, tmp_path / str(number)).write(WAJIMA, KANAZAWA)
        with pytest.raises(BundleOfAnotherFederation):
            theirs[KANAZAWA].bundles().read(files, operator="op")


def test_a_card_of_the_other_kind_is_not_taken(worlds: Worlds) -> None:
    for ours, theirs in (worlds, worlds[::-1]):
        subject = ours[WAJIMA].desk("op").register(SOMEBODY).subjects[0]
        packed = ours[WAJIMA].desk("op").cards.make(subject).packed
        with pytest.raises(CardOfAnotherFederation):
            theirs[KANAZAWA].desk("op").cards.take(packed)


def test_every_page_that_a_drill_prints_says_so_and_no_other(worlds: Worlds) -> None:
    for world in worlds:
        desk = world[WAJIMA].desk("op")
        desk.use_place(desk.create_place("公民館"))
        subject = desk.register(SOMEBODY).subjects[0]
        printing, card = desk.printing, desk.cards.make(subject)
        printed = [
            printing.forms([form_number(0, 1), form_number(0, 2)]),
            printing.card(card),
            printing.wristbands([subject]),
        ]
        printed += [printing.receipt(subject), printing.roster(desk.place)]
        pages = [page for pdf in printed for page in pages_of(pdf)]
        assert len(pages) >= 6
        assert any("公民館" in page for page in pages), "the pages are read as they are printed"
        assert {"訓練" in page for page in pages} == {world.drill}


def test_the_card_of_a_key_made_anew_is_of_what_the_node_is(worlds: Worlds) -> None:
    for world in worlds:
        replace_key(world[WAJIMA], passphrase=None, old_until_ms=NOW_MS + DAY_MS, now_ms=NOW_MS)
        assert is_of_drill(world[WAJIMA].directory.member_card.read_bytes()) is world.drill


# --- by commands


def test_a_drill_is_founded_by_commands_and_takes_nothing_real(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sh = Shell(tmp_path, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type,return-value]
    assert "訓練" in sh.init("--drill").out
    assert sh.init(node=tmp_path / "real").code == 0
    for number in range(2):
        words = (str(tmp_path / f"t{number}.key"), "--office", "知事", "--without-passphrase")
        assert sh("roster", "trustee", *words).code == 0
    cards = [word for n in range(2) for word in ("--trustee", str(tmp_path / f"t{n}.key.json"))]
    drafted = ("--name", "訓練", *cards, "--threshold", "1", "--out", str(tmp_path / "r"))
    member = ("--member", str(sh.node / "member.json"))
    real = ("--member", str(tmp_path / "real/member.json"))
    mixed = [sh("roster", "draft", *drafted, *more, "--json") for more in (member, (*real, "--drill"))]
    assert [(ran.code, ran.refusal["reason"]) for ran in mixed] == [(1, "ROSTER_WRONG_FEDERATION")] * 2
    assert sh("roster", "draft", *drafted, *member, "--drill").code == 0
    for number in range(2):
        assert sh("roster", "sign", str(tmp_path / "r"), "--trustee-key", str(tmp_path / f"t{number}.key")).code == 0
    assert sh("roster", "install", str(tmp_path / "r"), "--json", node=tmp_path / "real").refusal["reason"] == (
        "ROSTER_WRONG_FEDERATION"
    )
    assert sh("roster", "install", str(tmp_path / "r")).code == 0
    following = ("--after", str(tmp_path / "r"), "--name", "訓練", *cards, "--threshold", "1", "--out")
    assert sh("roster", "draft", *following, str(tmp_path / "r2"), *member).code == 0
    assert sh.json("roster", "show")["drill"]


def test_every_command_of_a_drill_says_so_before_it_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sh = Shell(tmp_path, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type,return-value]
    assert sh.init("--drill").code == 0
    for words in (("status",), ("places",), ("find", "山田", "--purpose", "drill"), ("doctor",)):
        assert "訓練" in sh(*words).err
        run([*words, "--node", str(sh.node), "--operator", "tanaka", "--lang", "en"])
        assert "DRILL 訓練" in sh.read()[1]
        assert sh(*words, "--json").err == ""
    assert sh.json("status")["drill"]

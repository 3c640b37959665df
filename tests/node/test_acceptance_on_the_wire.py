"""The table of who may have what, read off the disks: all that two other nodes hold, and nothing that was withheld."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from node.desk.views import Whereto
from node.installation import Installation
from node.people.facets import Consent, Note, Resident
from node.records import kinds
from node.records.subjects import mint_person
from node.registrar import Registrar
from tests.builders.attacker import plain_bytes
from tests.builders.nodes import Federation, federation
from tests.builders.trust import DAY_MS, ISHIKAWA, KANAZAWA, NOW_MS, WAJIMA

PAIRS = ((WAJIMA, KANAZAWA), (KANAZAWA, ISHIKAWA), (WAJIMA, ISHIKAWA))
SHOWN = ("identity", "stay")
EVERYWHERE = {"all_local_governments": True}
NAME, PHONE, ADDRESS, NOTE = "name", "phone", "address", "note"

Deed = Callable[[Installation, bytes], object]


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody at Wajima, what their clerk does, and which of their words each other town has in the end."""

    born: str = "1948-05-03"
    before: tuple[Deed, ...] = ()
    """Done before the towns meet."""
    after: tuple[Deed, ...] = ()
    """Done once all have met."""
    kanazawa: frozenset[str] = frozenset()
    ishikawa: frozenset[str] = frozenset()


def here(node: Installation, person: bytes) -> None:
    node.desk("w").check_in([person], outside=1)


def consents(*, facets: tuple[str, ...] = SHOWN, **to: object) -> Deed:
    return lambda node, person: node.desk("w").give_consent(person, facets=facets, **(to or EVERYWHERE))  # type: ignore[arg-type]


def consents_alone(node: Installation, person: bytes) -> None:
    """What no desk would write down for a child."""
    given = Consent(all_local_governments=True, facets=(kinds.IDENTITY, kinds.STAY), given_by=1, from_ms=NOW_MS)
    with node.pen.sheet(operator="op", act="consent") as sheet:
        sheet.put(person, kinds.CONSENT, given, slot=b"child")


def withdraws(node: Installation, person: bytes) -> None:
    for one in node.desk("w").consents(person):
        node.desk("w").withdraw_consent(person, one.slot)


def goes_to_kanazawa(node: Installation, person: bytes) -> None:
    node.desk("w").leave([person], Whereto(municipality=KANAZAWA))


def is_protected(node: Installation, person: bytes) -> None:
    node.desk("w").protect(person)


def is_erased(node: Installation, person: bytes) -> None:
    node.desk("w").erase(person)


ONLY_NAME, LEDGER = frozenset({NAME}), frozenset({NAME, PHONE, ADDRESS})

CASES = {
    "in the register alone": Case(),
    "in a shelter, having said nothing": Case(before=(here,)),
    "consent to all, name and stay": Case(before=(here, consents()), kanazawa=ONLY_NAME, ishikawa=ONLY_NAME),
    "consent to one town": Case(before=(here, consents(organisations=[KANAZAWA])), kanazawa=ONLY_NAME),
    "consent to the telephone alone": Case(
        before=(here, consents(facets=("contact",), organisations=[ISHIKAWA])), ishikawa=frozenset({PHONE})
    ),
    "a child's own consent": Case(born="2015-05-03", before=(here, consents_alone)),
    "a guardian's consent": Case(
        born="2015-05-03",
        before=(here, consents(guardian_relation="母", **EVERYWHERE)),
        kanazawa=ONLY_NAME,
        ishikawa=ONLY_NAME,
    ),
    "a consent that ended": Case(before=(here, consents(until_ms=NOW_MS + DAY_MS, **EVERYWHERE))),
    "a consent withdrawn before anybody met": Case(before=(here, consents(), withdraws)),
    "a consent withdrawn after": Case(before=(here, consents()), after=(withdraws,)),
    "a journey to Kanazawa": Case(before=(here, goes_to_kanazawa), kanazawa=LEDGER),
    "protected before a journey": Case(before=(here, is_protected, goes_to_kanazawa)),
    "protected in spite of consent": Case(before=(here, consents(), is_protected)),
    "protected after all had it": Case(before=(here, consents()), after=(is_protected,)),
    "erased before anybody met": Case(before=(here, consents(), is_erased)),
    "erased after all had it": Case(before=(here, consents()), after=(is_erased,)),
    "erased after a journey": Case(before=(here, goes_to_kanazawa), after=(is_erased,)),
}


def words_of(number: int) -> dict[str, str]:
    """What nobody else in the test is called: by these a person is found on a disk, however it is stored."""
    return {
        NAME: f"鹿磯{'甲乙丙丁戊己庚辛壬癸'[number // 10]}{'甲乙丙丁戊己庚辛壬癸'[number % 10]}",
        PHONE: f"0768-00-{7000 + number}",
        ADDRESS: f"門前町黒島{number + 500}番地",
        NOTE: f"内緒{number + 900}号",
    }


def settled(tmp_path: Path, towns: Federation) -> None:
    """Everybody is registered, everything is done, all have met twice after it."""
    wajima = towns[WAJIMA]
    people = {}
    for number, (name, case) in enumerate(CASES.items()):
        words, person = words_of(number), mint_person(WAJIMA, towns.entropy)
        row = Resident(
            municipal_key=str(number),
            family_name=words[NAME],
            birth={"date": case.born},  # type: ignore[arg-type]
            phone=words[PHONE],
            address=words[ADDRESS],
        )
        with wajima.pen.sheet(operator="op", act="import") as sheet:
            sheet.put(person, kinds.RESIDENT, row)
            if case.before:
                sheet.put(person, kinds.NOTE, Note(text=words[NOTE]), slot=b"n")
        people[name] = person
    for name, case in CASES.items():
        for deed in case.before:
            deed(wajima, people[name])
    rounds(towns)
    towns.time.later(days=2)
    for name, case in CASES.items():
        for deed in case.after:
            deed(wajima, people[name])
    rounds(towns)


def rounds(towns: Federation) -> None:
    for _ in range(2):
        for pair in PAIRS:
            towns.meet(*pair)
        for node in towns.nodes.values():
            node.book().look_again()


@pytest.fixture(scope="module")
def disks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All that is on each town's disk in the end, decrypted."""
    folder = tmp_path_factory.mktemp("towns")
    with federation(folder) as towns:
        settled(folder, towns)
        assert not towns[KANAZAWA].ledger.quarantined()
        assert not towns[ISHIKAWA].ledger.quarantined()
        return {code: plain_bytes(towns[code], folder) for code in (WAJIMA, KANAZAWA, ISHIKAWA)}


@pytest.mark.parametrize("name", CASES)
def test_a_town_has_what_the_table_opens_and_no_other_word(disks: dict[str, bytes], name: str) -> None:
    words = words_of(list(CASES).index(name))
    case = CASES[name]
    for code, opened in ((KANAZAWA, case.kanazawa), (ISHIKAWA, case.ishikawa)):
        assert {what for what, word in words.items() if word.encode() in disks[code]} == opened


def test_an_erased_person_is_on_no_disk_at_all(disks: dict[str, bytes]) -> None:
    for number, name in enumerate(CASES):
        gone = name.startswith("erased")
        found = {what for what, word in words_of(number).items() if word.encode() in disks[WAJIMA]}
        assert bool(found) is not gone, name


def test_a_revoked_laptop_is_given_nothing_more(tmp_path: Path) -> None:
    with federation(tmp_path) as towns:
        laptop = towns.add_field("laptop", WAJIMA)
        towns.meet(WAJIMA, "laptop")
        Registrar(towns[WAJIMA], lambda: towns.key(WAJIMA)).revoke(laptop.key.node, reason="stolen", operator="op")
        assert towns[WAJIMA].book().caller(laptop.ledger.secret("tls-certificate") or b"") is None

"""Founds the federation once a process, the same to the byte each time; every run then begins with a copy of it.

TLS certificates are made-up bytes: a real one draws its chance from the system, and nothing here opens one.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Final

from moyai.v1 import trust_pb2
from node.config import NodeConfig, NodeDirectory
from node.installation import Installation, open_node
from node.peerbook import install_roster
from node.pen import PLACE as A_PLACE
from node.people.facets import Place, Resident
from node.records import kinds
from node.records.subjects import mint_person
from node.registrar import FIELD, Registrar, wish_of
from node.setup import Locks, make_node
from node.trust import keyfile
from node.trust.keys import OrganisationKey
from node.trust.members import read_member_card
from node.vault import CERTIFICATE, TLS_CERTIFICATE, TLS_KEY
from sync.enrolment import Application
from tests.builders.trust import DAY_MS, FEDERATION, NOW_MS, OFFICES, TRUSTEES, signed_by
from tests.simulator.cast import CAST, CODES, HOME_OF, NAMES, TOWNS, Role, prefecture
from tests.simulator.clocks import WorldTime
from tests.simulator.disk import Image
from tests.simulator.machine import Made

RESIDENTS: Final = 5
"""In the register of each town."""
FAMILIES: Final = ("山岸", "門前", "田中", "佐藤", "能登")
BIRTHS: Final = ("1948-05-03", "1972-11-20", "1990-01-31", "2015-07-07", "1961-03-01")
"""One of them a child, whose consent a guardian gives."""
ROSTER_DAYS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Founded:
    """A federation on its disks, every node closed."""

    made: dict[str, Made]
    roster: trust_pb2.Roster

    images: dict[str, Image]
    """Of every node the ledger, to begin with."""


def found(folder: Path) -> Founded:
    """Set up every node of the cast, enrol it, and give each town a register and two places."""
    building = _Building(folder, Random(20240101), WorldTime())
    for role in CAST:
        building.set_up(role)
    roster = building.install_roster()
    for role in CAST:
        if not role.is_home:
            building.enrol_field(role)
    for code in TOWNS:
        building.register(code)
    for node in building.nodes.values():
        node.close()
    images = {role.name: Image.of(NodeDirectory(folder / role.name).ledger) for role in CAST}
    return Founded(building.made, roster, images)


def sign(roster: trust_pb2.Roster) -> bytes:
    """A roster with the signatures of two trustees."""
    return signed_by(roster, *TRUSTEES[:2])


class _Building:
    """The federation while it is founded."""

    def __init__(self, folder: Path, chance: Random, time: WorldTime) -> None:
        self._folder = folder
        self._chance = chance
        self._time = time
        self.nodes: dict[str, Installation] = {}
        self.made: dict[str, Made] = {}

    def set_up(self, role: Role) -> None:
        directory = NodeDirectory(self._folder / role.name)
        key_file = self._folder / f"{role.name}.key"
        config = NodeConfig.model_validate(
            {
                "organisation": role.code,
                "organisation_name": NAMES[role.code],
                "kind": "municipality" if prefecture(role.code) else "prefecture",
                "role": "home" if role.is_home else "field",
                "label": role.name,
                "key_file": str(key_file),
            }
        )
        endpoints = (f"{role.name}.example:7443",) if role.is_home else ()
        make_node(
            directory,
            config,
            Locks(key_file),
            endpoints=endpoints,
            entropy=self._chance.randbytes,
            now_ms=self._time.ms,
        )
        node = open_node(directory.path, passphrase=str, now_ms=lambda: self._time.ms, entropy=self._chance.randbytes)
        with node.ledger.write() as writing:
            writing.set_secret(TLS_CERTIFICATE, _tls(role.name))
            writing.set_secret(TLS_KEY, b"")
        self.nodes[role.name] = node
        organisation_key = node.organisation_key(None) if role.is_home else None
        store_key = keyfile.read_key_file(key_file, kind=keyfile.STORE)
        self.made[role.name] = Made(config, node.key.node, store_key, organisation_key)
        if role.is_home:
            Registrar(node, lambda: self._organisation_key(role.code)).enrol_self(operator="setup")

    def install_roster(self) -> trust_pb2.Roster:
        roster = trust_pb2.Roster(
            federation=FEDERATION,
            name="simulation",
            version=1,
            issued_at_ms=NOW_MS,
            expires_at_ms=NOW_MS + ROSTER_DAYS * DAY_MS,
            threshold=2,
            trustees=[
                trust_pb2.Trustee(public_key=key.public_key, office=office)
                for key, office in zip(TRUSTEES, OFFICES, strict=True)
            ],
            organisations=[self._member(code) for code in sorted(CODES)],
        )
        signed = sign(roster)
        for code in CODES:
            install_roster(self.nodes[HOME_OF[code]].ledger, signed, now_ms=self._time.ms)
        return roster

    def enrol_field(self, role: Role) -> None:
        registrar = Registrar(self.nodes[HOME_OF[role.code]], lambda: self._organisation_key(role.code))
        typed, _ = registrar.open_code(minutes=60, places=())
        node = self.nodes[role.name]
        wish, claim = wish_of(node, label=role.name, kind=FIELD)
        enrolled = registrar.redeem(Application(typed, wish, claim))
        install_roster(node.ledger, enrolled.roster, now_ms=self._time.ms)
        with node.ledger.write() as writing:
            writing.set_secret(CERTIFICATE, enrolled.certificate)

    def register(self, code: str) -> None:
        node = self.nodes[HOME_OF[code]]
        with node.pen.sheet(operator="op", act="import") as sheet:
            for number in range(RESIDENTS):
                row = Resident.model_validate(
                    {
                        "municipal_key": f"{code}-{number}",
                        "household_key": f"{code}-h{number // 2}",
                        "family_name": FAMILIES[number],
                        "given_name": NAMES[code],
                        "birth": {"date": BIRTHS[number]},
                        "address": f"{NAMES[code]}{number}番地",
                        "phone": f"0768-22-000{number}",
                        "care_codes": ("dialysis",) if number == 1 else (),
                    }
                )
                sheet.put(mint_person(code, self._chance.randbytes), kinds.RESIDENT, row)
            for number in range(2):
                place = Place(name=f"{NAMES[code]}第{number}体育館", municipality=code)
                sheet.put(self._chance.randbytes(16), kinds.PLACE, place, kind=A_PLACE)

    def _organisation_key(self, code: str) -> OrganisationKey:
        key = self.made[HOME_OF[code]].organisation_key
        assert key is not None
        return key

    def _member(self, code: str) -> trust_pb2.Organisation:
        member = read_member_card(NodeDirectory(self._folder / HOME_OF[code]).member_card.read_bytes())
        del member.tls_certificates[:]
        member.tls_certificates.append(_tls(HOME_OF[code]))
        return member


def _tls(name: str) -> bytes:
    return sha256(b"made-up certificate of " + name.encode()).digest() * 8

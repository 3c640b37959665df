"""What clerks, mayors and governors do, drawn by chance. A refusal with its reason is an answer like any other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from moyai.v1 import facets_pb2
from node.desk.desk import Desk
from node.desk.views import NewPerson, Whereto
from node.errors import ActRefused, InputRefused, LedgerFull, TrustRefused
from node.granting import Granting, read_agreements
from node.pen import ORGANISATION
from node.people.facets import Care, Contact, Emergency, Note, Residence, Status, from_content
from node.records import kinds
from node.records.subjects import organisation_subject
from node.registrar import Registrar
from node.trust.emergencies import activate
from sync.errors import MoyaiError
from tests.builders.trust import DAY_MS
from tests.simulator.cast import CODES, PREFECTURE_OF, TOWNS
from tests.simulator.machine import Machine
from tests.simulator import peek

OPERATORS: Final = ("tanaka", "yamada")
FACET_SETS: Final = (("identity", "stay"), ("identity", "residence", "contact", "stay", "care"), ("contact",))
REFUSALS: Final = (ActRefused, InputRefused, TrustRefused, LedgerFull)


@dataclass(slots=True)
class Clerk:
    """Somebody at a machine, and the chance that decides what they do."""

    machine: Machine
    chance: Random

    @property
    def desk(self) -> Desk:
        """A desk of one of the operators."""
        return self.machine.node.desk(self.chance.choice(OPERATORS))

    def somebody(self) -> bytes:
        """A person this node knows; empty where it knows nobody."""
        known = [subject for subject in peek.subjects(self.machine) if self.machine.ledger.person(subject) is not None]
        return self.chance.choice(known) if known else b""

    def town(self) -> str:
        """Some town."""
        return self.chance.choice(TOWNS)


Act = Callable[[Clerk], object]


def check_in(clerk: Clerk) -> None:
    person = clerk.somebody()
    places = [place.subject for place in clerk.desk.places()]
    if places and clerk.chance.random() < 0.5:
        clerk.desk.check_in([person], place=clerk.chance.choice(places))
    else:
        clerk.desk.check_in([person], outside=clerk.chance.choice((1, 5)))


def register(clerk: Clerk) -> None:
    chance = clerk.chance
    person = NewPerson(
        family_name=chance.choice(("珠洲", "輪島", "能登")),
        given_name=chance.choice(("一", "二", "三")),
        birth=chance.choice(("1950-01-01", "2016-02-02", "")),
        address=chance.choice(("", "門前町1")),
        municipality=chance.choice(("", *TOWNS)),
        phone=chance.choice(("", "090-0000-0000")),
        care_codes=chance.choice(((), ("dialysis",))),
        share=chance.choice((None, True, False)),
        guardian_relation=chance.choice(("", "母")),
        protect=chance.random() < 0.1,
    )
    clerk.desk.register(person)


def leave(clerk: Clerk) -> None:
    where = clerk.chance.choice(
        (Whereto(outside=3), Whereto(municipality=clerk.town()), Whereto(outside=4, text="親戚"))
    )
    clerk.desk.leave([clerk.somebody()], where)


def move(clerk: Clerk) -> None:
    clerk.desk.leave([clerk.somebody()], Whereto(municipality=clerk.town()))


def roll_call(clerk: Clerk) -> None:
    desk, person = clerk.desk, [clerk.somebody()]
    clerk.chance.choice((desk.out, desk.back, desk.seen))(person)


def edit(clerk: Clerk) -> None:
    """Write a facet anew, knowing of every head so far: what was in conflict is settled by it."""
    person, chance = clerk.somebody(), clerk.chance
    if not person:
        return
    facet, says, slot = chance.choice(
        (
            (kinds.CONTACT, Contact(phone=f"090-0000-{chance.randrange(10_000):04}"), b""),
            (kinds.CARE, Care(codes=chance.choice((("dialysis",), ("wheelchair",), ()))), b""),
            (kinds.RESIDENCE, Residence(municipality=clerk.town(), address="新町"), b""),
            (kinds.NOTE, Note(text="夜は静か"), chance.randbytes(16)),
        )
    )
    with clerk.machine.node.pen.sheet(operator=chance.choice(OPERATORS), act="edit") as sheet:
        sheet.put(person, facet, says, slot=slot)


def settle(clerk: Clerk) -> None:
    """Say of a conflict which statement holds."""
    conflicts = [one for one in clerk.machine.ledger.conflicts() if one[1] not in kinds.CONTROL]
    if not conflicts:
        return
    person, facet, slot = clerk.chance.choice(conflicts)
    with clerk.machine.node.pen.sheet(operator="tanaka", act="settle") as sheet:
        heads = sheet.heads(person, facet, slot)
        chosen = clerk.chance.choice(heads)
        sheet.put_anew(person, facet, chosen.content, slot=slot, kind=chosen.subject_kind)


def consent(clerk: Clerk) -> None:
    chance = clerk.chance
    until = clerk.machine.clock() + chance.randrange(1, 20) * DAY_MS // 4 if chance.random() < 0.2 else None
    to_all = chance.random() < 0.4
    clerk.desk.give_consent(
        clerk.somebody(),
        facets=chance.choice(FACET_SETS),
        organisations=() if to_all else (chance.choice(CODES),),
        all_local_governments=to_all,
        until_ms=until,
        guardian_relation=chance.choice(("", "", "父")),
    )


def withdraw(clerk: Clerk) -> None:
    desk = clerk.desk
    given = [(held.record.subject, held.record.slot) for held in clerk.machine.ledger.heads_of_facet(kinds.CONSENT)]
    if given:
        desk.withdraw_consent(*clerk.chance.choice(given))


def protect(clerk: Clerk) -> None:
    named = clerk.chance.choice(((), (), (clerk.chance.choice(CODES),)))
    clerk.desk.protect(clerk.somebody(), ground="abuse", recipients=named)


def lift(clerk: Clerk) -> None:
    hidden = [
        held.record.subject
        for held in clerk.machine.ledger.heads_of_facet(kinds.PROTECTION)
        if held.record.organisation == clerk.machine.code
    ]
    if hidden:
        clerk.desk.lift_protection(clerk.chance.choice(hidden))


def erase(clerk: Clerk) -> None:
    clerk.desk.erase(clerk.somebody())


def close(clerk: Clerk) -> None:
    clerk.desk.close_case(clerk.somebody(), clerk.chance.choice(("returned", "moved", "died", "no_need", "reopened")))


def undo(clerk: Clerk) -> None:
    desk = clerk.desk
    acts = desk.last_acts()
    if acts:
        desk.undo(clerk.chance.choice(acts[:3]).token)


def report(clerk: Clerk) -> None:
    places = clerk.desk.places()
    if places:
        status = Status(observed_at_ms=clerk.machine.clock(), headcount=clerk.chance.randrange(300))
        clerk.desk.report_status(clerk.chance.choice(places).subject, status)


def open_place(clerk: Clerk) -> None:
    clerk.desk.create_place(f"自主避難所{clerk.chance.randrange(100)}")


def look(clerk: Clerk) -> None:
    clerk.desk.find(clerk.chance.choice(("山岸", "珠洲", "輪島")))


def apply_for(clerk: Clerk) -> None:
    others = [code for code in CODES if code != clerk.machine.code]
    _granting(clerk.machine).apply(
        clerk.chance.choice(others), facets=clerk.chance.choice(FACET_SETS), purpose="aid", area=[]
    )


def decide(clerk: Clerk) -> None:
    addressed = [
        opened.application for _, opened in read_agreements(clerk.machine.node) if opened.holder == clerk.machine.code
    ]
    if not addressed:
        return
    granting, application = _granting(clerk.machine), clerk.chance.choice(addressed)
    what = clerk.chance.random()
    if what < 0.6:
        granting.grant(application, days=clerk.chance.choice((1, 3, 30)))
    elif what < 0.9:
        granting.end(application)
    else:
        granting.refuse(application)


def declare(clerk: Clerk) -> None:
    """A mayor for the own town, a governor for towns of the prefecture; 72 hours at most."""
    machine, chance = clerk.machine, clerk.chance
    governed = [town for town in TOWNS if PREFECTURE_OF[town] == machine.code]
    area = [machine.code] if machine.code in TOWNS else chance.sample(governed, chance.randrange(1, len(governed) + 1))
    now = machine.clock()
    activation = facets_pb2.Activation(
        activation=machine.entropy(16),
        organisation=machine.code,
        area=sorted(area),
        from_ms=now,
        until_ms=now + chance.choice((6, 48, 200)) * 3_600_000,
        reason="地震",
    )
    assert machine.made.organisation_key is not None
    said = from_content(kinds.EMERGENCY, activate(activation, machine.made.organisation_key))
    assert isinstance(said, Emergency)
    with machine.node.pen.sheet(operator="mayor", act="activate") as sheet:
        subject = organisation_subject(machine.code)
        sheet.put(subject, kinds.EMERGENCY, said, slot=activation.activation, kind=ORGANISATION)


def revoke(machine: Machine, laptop: bytes) -> None:
    """The home node takes back a laptop's certificate."""
    key = machine.made.organisation_key
    assert key is not None
    Registrar(machine.node, lambda: key).revoke(laptop, reason="lost", operator="mayor")


def _granting(machine: Machine) -> Granting:
    key = machine.made.organisation_key
    assert key is not None
    return Granting(machine.node, lambda: key, operator="mayor")


AT_ANY_DESK: Final[Sequence[tuple[int, Act]]] = (
    (14, check_in),
    (8, register),
    (4, leave),
    (8, move),
    (4, roll_call),
    (10, edit),
    (4, settle),
    (9, consent),
    (5, withdraw),
    (3, protect),
    (2, lift),
    (2, erase),
    (3, close),
    (5, undo),
    (2, report),
    (1, open_place),
    (2, look),
)
AT_HOME_ONLY: Final[Sequence[tuple[int, Act]]] = ((4, apply_for), (5, decide), (2, declare))


def draw(machine: Machine, chance: Random) -> Act:
    """An act for somebody at this machine."""
    possible = [*AT_ANY_DESK, *(AT_HOME_ONLY if machine.is_home else ())]
    return chance.choices([act for _, act in possible], [weight for weight, _ in possible])[0]


def do(act: Act, machine: Machine, chance: Random) -> str:
    """Do it; what came of it in a word: DONE, or why not."""
    try:
        act(Clerk(machine, chance))
    except REFUSALS as refusal:
        return refusal.reason
    except MoyaiError:
        raise
    return "DONE"

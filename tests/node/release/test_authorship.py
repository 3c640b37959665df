"""The table of who may write what, as Wajima sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product

import pytest

from moyai.v1 import facets_pb2
from node.records import kinds
from node.records.record import Record
from node.release.authorship import MESSAGE_OF, SUBJECT_KIND_OF, claims_too_much, may_go_on, may_write, recount
from node.release.known import Fact
from tests.builders.release import (
    DISASTER,
    GYM,
    ISHIKAWA,
    KANAZAWA,
    MEDICS,
    NANAO,
    NOW,
    PLACE,
    SUZU,
    TOYAMA,
    TOYAMA_CITY,
    WAJIMA,
    about_organisation,
    closure,
    consent,
    fact,
    federation,
    identity,
    known,
    left,
    node_of,
    protection,
    residence,
    stay,
    withdrawal,
    written,
)

NAME = fact(written(WAJIMA, kinds.IDENTITY, identity()))
HOME = fact(written(WAJIMA, kinds.RESIDENCE, residence()))
TO_KANAZAWA = fact(written(WAJIMA, kinds.STAY, left(to=KANAZAWA), slot=b"1"))
CONSENT = fact(written(WAJIMA, kinds.CONSENT, consent(SUZU), slot=b"c"))
PROTECTED = fact(written(WAJIMA, kinds.PROTECTION, protection()))
OURS = (NAME, HOME)
AWAY = (NAME, HOME, TO_KANAZAWA)
THEIRS = (
    fact(written(KANAZAWA, kinds.IDENTITY, identity())),
    fact(written(KANAZAWA, kinds.RESIDENCE, residence())),
    fact(written(KANAZAWA, kinds.STAY, stay(KANAZAWA), slot=b"k")),
)
"""Someone of ours whom Kanazawa registered."""

ANOTHERS_GYM = fact(written(KANAZAWA, kinds.PLACE, facets_pb2.Place(name="体育館", municipality=KANAZAWA), kind=PLACE))
QUAKE = fact(written(ISHIKAWA, kinds.DISASTER, facets_pb2.Disaster(area=[WAJIMA, SUZU]), kind=DISASTER))
ERASURE = facets_pb2.Erasure(ground=facets_pb2.Erasure.GROUND_REQUEST)


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    sentence: str
    record: Record
    expect: str
    among: Sequence[Fact] = OURS
    holders: Sequence[str] = ()
    minted_by: str | None = WAJIMA
    came_from: str = ""
    home_node: bool = True
    presented_card: bool = False


def died(by: str, operator: str, *, reported_by: str = "", confirmed_by: str = "") -> Record:
    content = closure("DIED", reported_by=reported_by, confirmed_by=confirmed_by)
    return written(by, kinds.CLOSURE, content, operator=operator)


def some(*facets: int) -> facets_pb2.Erasure:
    return facets_pb2.Erasure(ground=facets_pb2.Erasure.GROUND_MISTAKE, facets=facets)  # type: ignore[arg-type]


def agreed(
    by: str, *, applicant: str = SUZU, of: str = WAJIMA, granted: Sequence[int] | None = None, digest: bytes = b""
) -> Record:
    """An application to Wajima, decided where `granted` says what."""
    application = facets_pb2.Application(
        application=b"slot", applicant=applicant, holder=WAJIMA, facets=[kinds.CARE]
    ).SerializeToString()  # fmt: skip
    agreement = facets_pb2.Agreement(application=application)
    if granted is not None:
        agreement.decision = facets_pb2.Decision(
            application_digest=digest or sha256(application).digest()[:16],
            outcome=facets_pb2.Decision.OUTCOME_GRANTED,
            facets=granted,  # type: ignore[arg-type]
        ).SerializeToString()
    return about_organisation(by, kinds.AGREEMENT, agreement, of=of)


def declared(by: str, *area: str, of: str | None = None, activation: bytes = b"slot") -> Record:
    content = facets_pb2.Activation(activation=activation, organisation=of or by, area=area).SerializeToString()
    return about_organisation(by, kinds.EMERGENCY, facets_pb2.Emergency(activation=content), of=of)


def place(by: str, municipality: str) -> Record:
    return written(by, kinds.PLACE, facets_pb2.Place(name="寺", municipality=municipality), kind=PLACE)


def disaster(by: str, *area: str, closed: bool = False) -> Record:
    content = facets_pb2.Disaster(name="地震", area=area, closed_at_ms=NOW if closed else None)
    return written(by, kinds.DISASTER, content, kind=DISASTER)


TABLE = [
    # --- most facets
    Line("the first record of someone unknown is taken", written(SUZU, kinds.IDENTITY, identity()), "TAKE", []),
    Line("our own staff's record is taken", written(WAJIMA, kinds.CARE), "TAKE"),
    Line("who is no member is turned away", written("999999", kinds.CARE), "REFUSE NOT_A_MEMBER"),
    Line("who registered the person may write", written(KANAZAWA, kinds.CARE), "TAKE", minted_by=KANAZAWA),
    Line("who was told by us may write", written(SUZU, kinds.CARE), "TAKE", holders=[SUZU]),
    Line("who told us may write", written(KANAZAWA, kinds.CARE), "TAKE", THEIRS, minted_by=None),
    Line(
        "the home we know of may write",
        written(SUZU, kinds.CARE),
        "TAKE",
        [fact(written(WAJIMA, kinds.RESIDENCE, residence(SUZU)))],
    ),
    Line("the host we sent them to may write", written(KANAZAWA, kinds.CARE), "TAKE", AWAY),
    Line("who was never told is set aside", written(NANAO, kinds.CARE), "QUARANTINE NOT_A_HOLDER"),
    Line("a note by who was never told is set aside", written(NANAO, kinds.NOTE, slot=b"n"), "QUARANTINE NOT_A_HOLDER"),
    Line("who saw the card may write", written(NANAO, kinds.CARE), "TAKE", presented_card=True),
    Line("what a holder passes on is taken", written(NANAO, kinds.CARE), "TAKE", AWAY, came_from=KANAZAWA),
    Line("an unknown facet by a holder is taken", written(SUZU, 99), "TAKE", holders=[SUZU]),
    Line("an unknown facet by a stranger is set aside", written(NANAO, 99), "QUARANTINE NOT_A_HOLDER"),
    Line(
        "what can't be read is set aside",
        written(SUZU, kinds.CARE, b"\xff"),
        "QUARANTINE CONTENT_UNREADABLE",
        holders=[SUZU],
    ),
    Line(
        "a facet about the wrong kind of subject is turned away",
        written(SUZU, kinds.CARE, kind=PLACE),
        "REFUSE FACET_OF_ANOTHER_KIND",
    ),
    Line(
        "another's resident register is turned away",
        written(KANAZAWA, kinds.RESIDENT),
        "REFUSE RESIDENT_OF_ANOTHER",
        AWAY,
    ),
    # --- where the person lives and stays
    Line(
        "who registered a guest says where the guest goes",
        written(SUZU, kinds.STAY, left(SUZU, to=WAJIMA), slot=b"2"),
        "TAKE",
        [fact(written(SUZU, kinds.RESIDENCE, residence(NANAO)))],
        minted_by=SUZU,
    ),
    Line("the host's stay counts", written(KANAZAWA, kinds.STAY, stay(KANAZAWA), slot=b"2"), "TAKE", AWAY),
    Line(
        "a holder's stay is shown, and opens nothing",
        written(SUZU, kinds.STAY, stay(SUZU), slot=b"2"),
        "TAKE_NOT_COUNTED NOT_HOME_OR_HOST",
        holders=[SUZU],
    ),
    Line(
        "a holder's residence is shown, and opens nothing",
        written(SUZU, kinds.RESIDENCE, residence(SUZU)),
        "TAKE_NOT_COUNTED NOT_HOME_OR_HOST",
        holders=[SUZU],
    ),
    Line(
        "a stranger's stay is set aside", written(NANAO, kinds.STAY, stay(NANAO), slot=b"2"), "QUARANTINE NOT_A_HOLDER"
    ),
    Line(
        "a stay with the card shown counts",
        written(NANAO, kinds.STAY, stay(NANAO), slot=b"2"),
        "TAKE",
        presented_card=True,
    ),
    Line(
        "a host of long ago writes without weight",
        written(KANAZAWA, kinds.STAY, stay(KANAZAWA), slot=b"2"),
        "TAKE_NOT_COUNTED NOT_HOME_OR_HOST",
        [*OURS, fact(written(WAJIMA, kinds.STAY, left(to=KANAZAWA, until_ms=NOW - 40 * 86_400_000), slot=b"1"))],
        holders=[KANAZAWA],
    ),
    # --- consent
    Line("a consent taken at home counts", written(WAJIMA, kinds.CONSENT, consent(SUZU), slot=b"d"), "TAKE"),
    Line(
        "a consent taken by the host counts", written(KANAZAWA, kinds.CONSENT, consent(SUZU), slot=b"d"), "TAKE", AWAY
    ),
    Line(
        "a consent taken by another holder is shown",
        written(SUZU, kinds.CONSENT, consent(SUZU), slot=b"d"),
        "TAKE_NOT_COUNTED CONSENT_TAKEN_ELSEWHERE",
        holders=[SUZU],
    ),
    Line(
        "a consent taken by a stranger is shown",
        written(NANAO, kinds.CONSENT, consent(NANAO), slot=b"d"),
        "TAKE_NOT_COUNTED CONSENT_TAKEN_ELSEWHERE",
    ),
    Line(
        "a stranger's withdrawal is shown, and closes nothing",
        written(NANAO, kinds.CONSENT, withdrawal(), slot=b"c", after=[CONSENT.record]),
        "TAKE_NOT_COUNTED CONSENT_TAKEN_ELSEWHERE",
        [*OURS, CONSENT],
    ),
    Line(
        "the host withdraws what home took",
        written(KANAZAWA, kinds.CONSENT, withdrawal(), slot=b"c"),
        "TAKE",
        [*AWAY, CONSENT],
    ),
    Line(
        "who took a consent withdraws it, host no longer",
        written(SUZU, kinds.CONSENT, withdrawal(), slot=b"s"),
        "TAKE",
        [*OURS, fact(written(SUZU, kinds.CONSENT, consent(NANAO), slot=b"s"))],
    ),
    # --- protection
    Line("any holder protects", written(SUZU, kinds.PROTECTION, protection()), "TAKE", holders=[SUZU]),
    Line(
        "a stranger's protection is shown",
        written(NANAO, kinds.PROTECTION, protection()),
        "TAKE_NOT_COUNTED NOT_A_HOLDER",
    ),
    Line(
        "who protected lifts", written(WAJIMA, kinds.PROTECTION, protection(active=False)), "TAKE", [*OURS, PROTECTED]
    ),
    Line(
        "another holder lifts nothing",
        written(SUZU, kinds.PROTECTION, protection(active=False), after=[PROTECTED.record]),
        "TAKE_NOT_COUNTED PROTECTION_OF_ANOTHER",
        [*OURS, PROTECTED],
        holders=[SUZU],
    ),
    Line(
        "nobody writes over another's protection",
        written(SUZU, kinds.PROTECTION, protection(SUZU), after=[PROTECTED.record]),
        "QUARANTINE REPLACES_PROTECTION_OF_ANOTHER",
        [*OURS, PROTECTED],
        holders=[SUZU],
    ),
    Line(
        "a second protection beside the first is taken",
        written(SUZU, kinds.PROTECTION, protection()),
        "TAKE",
        [*OURS, PROTECTED],
        holders=[SUZU],
    ),
    Line(
        "a protection in a slot of its own organisation is taken",
        written(SUZU, kinds.PROTECTION, protection(), slot=SUZU.encode()),
        "TAKE",
        holders=[SUZU],
    ),
    Line(
        "a protection in another's slot is set aside",
        written(SUZU, kinds.PROTECTION, protection(), slot=WAJIMA.encode()),
        "QUARANTINE SLOT_OF_ANOTHER",
        holders=[SUZU],
    ),
    # --- closure
    Line("the host closes", written(KANAZAWA, kinds.CLOSURE, closure()), "TAKE", AWAY),
    Line(
        "another holder's closure is shown",
        written(SUZU, kinds.CLOSURE, closure()),
        "TAKE_NOT_COUNTED NOT_HOME_OR_HOST",
        holders=[SUZU],
    ),
    Line("a stranger's closure is set aside", written(NANAO, kinds.CLOSURE, closure()), "QUARANTINE NOT_A_HOLDER"),
    Line("a death waits for a second", died(KANAZAWA, "op-1"), "WAIT_SECOND DEATH_NEEDS_A_SECOND", AWAY),
    Line("a death at home waits as well", died(WAJIMA, "op-1"), "WAIT_SECOND DEATH_NEEDS_A_SECOND"),
    Line("a second operator confirms a death", died(WAJIMA, "op-2", reported_by="op-1", confirmed_by="op-2"), "TAKE"),
    Line(
        "nobody is their own second",
        died(WAJIMA, "op-1", reported_by="op-1", confirmed_by="op-1"),
        "WAIT_SECOND DEATH_NEEDS_A_SECOND",
    ),
    Line(
        "nobody types in another's confirmation",
        died(WAJIMA, "op-1", reported_by="op-1", confirmed_by="op-2"),
        "WAIT_SECOND DEATH_NEEDS_A_SECOND",
    ),
    Line(
        "a death told by another holder is shown",
        died(SUZU, "op-2", reported_by="op-1", confirmed_by="op-2"),
        "TAKE_NOT_COUNTED NOT_HOME_OR_HOST",
        holders=[SUZU],
    ),
    # --- erasure
    Line(
        "home erases whom another registered",
        written(WAJIMA, kinds.ERASURE, ERASURE),
        "TAKE",
        THEIRS,
        minted_by=KANAZAWA,
    ),
    Line(
        "who registered the person erases",
        written(KANAZAWA, kinds.ERASURE, ERASURE),
        "TAKE",
        THEIRS,
        minted_by=KANAZAWA,
    ),
    Line("the host erases nobody", written(KANAZAWA, kinds.ERASURE, ERASURE), "REFUSE ERASURE_BY_ANOTHER", AWAY),
    Line(
        "another holder erases nobody",
        written(SUZU, kinds.ERASURE, ERASURE),
        "REFUSE ERASURE_BY_ANOTHER",
        holders=[SUZU],
    ),
    Line(
        "an author takes back its own",
        written(SUZU, kinds.ERASURE, some(kinds.NOTE)),
        "TAKE",
        [*OURS, fact(written(SUZU, kinds.NOTE, slot=b"n"))],
    ),
    Line(
        "an author takes back nothing it did not write",
        written(SUZU, kinds.ERASURE, some(kinds.CARE)),
        "REFUSE ERASURE_BY_ANOTHER",
        holders=[SUZU],
    ),
    Line(
        "an erasure of someone unknown waits", written(SUZU, kinds.ERASURE, ERASURE), "QUARANTINE SUBJECT_UNKNOWN", []
    ),
    Line(
        "a home the host made up erases nobody",
        written(NANAO, kinds.ERASURE, ERASURE),
        "REFUSE ERASURE_BY_ANOTHER",
        [*AWAY, fact(written(KANAZAWA, kinds.RESIDENCE, residence(NANAO)))],
    ),
    Line(
        "a holder sends its receipt",
        written(SUZU, kinds.RECEIPT, facets_pb2.Receipt(organisation=SUZU), slot=b"r"),
        "TAKE",
        holders=[SUZU],
    ),
    Line(
        "nobody sends another's receipt",
        written(SUZU, kinds.RECEIPT, facets_pb2.Receipt(organisation=NANAO), slot=b"r"),
        "REFUSE RECEIPT_FOR_ANOTHER",
        holders=[SUZU],
    ),
    # --- agreements, emergencies, nodes
    Line("the applicant applies", agreed(SUZU), "TAKE", []),
    Line("nobody applies for another", agreed(NANAO), "REFUSE APPLICATION_FOR_ANOTHER", []),
    Line("the holder grants", agreed(WAJIMA, granted=[kinds.CARE]), "TAKE", []),
    Line("the applicant grants itself nothing", agreed(SUZU, granted=[kinds.CARE]), "REFUSE DECISION_FOR_ANOTHER", []),
    Line(
        "no more is granted than was asked",
        agreed(WAJIMA, granted=[kinds.MEDICAL]),
        "REFUSE GRANT_WIDER_THAN_ASKED",
        [],
    ),
    Line(
        "a decision is on this application",
        agreed(WAJIMA, granted=[kinds.CARE], digest=bytes(16)),
        "REFUSE DECISION_ON_ANOTHER_APPLICATION",
        [],
    ),
    Line("an application stands at its holder", agreed(SUZU, of=NANAO), "REFUSE ORGANISATION_OF_ANOTHER", []),
    Line("a field node grants nothing", agreed(WAJIMA, granted=[kinds.CARE]), "REFUSE FIELD_NODE", [], home_node=False),
    Line("a mayor declares for the municipality", declared(SUZU, SUZU), "TAKE", []),
    Line("a mayor declares for nobody else", declared(SUZU, SUZU, WAJIMA), "REFUSE AREA_OF_ANOTHER", []),
    Line("a governor declares for the prefecture's municipalities", declared(ISHIKAWA, WAJIMA, SUZU), "TAKE", []),
    Line(
        "a governor declares for no other prefecture's",
        declared(TOYAMA, TOYAMA_CITY, SUZU),
        "REFUSE AREA_OF_ANOTHER",
        [],
    ),
    Line("a support organisation declares nothing", declared(MEDICS, WAJIMA), "REFUSE AREA_OF_ANOTHER", []),
    Line("an emergency without an area is none", declared(ISHIKAWA), "REFUSE AREA_OF_ANOTHER", []),
    Line("nobody declares in another's name", declared(SUZU, SUZU, of=ISHIKAWA), "REFUSE ORGANISATION_OF_ANOTHER", []),
    Line(
        "an emergency stands in its own slot", declared(SUZU, SUZU, activation=b"other"), "REFUSE SLOT_OF_ANOTHER", []
    ),
    Line("an organisation enrols its nodes", about_organisation(SUZU, kinds.ENROLMENT), "TAKE", []),
    Line(
        "nobody enrols another's nodes",
        about_organisation(SUZU, kinds.ENROLMENT, of=WAJIMA),
        "REFUSE ORGANISATION_OF_ANOTHER",
        [],
    ),
    Line(
        "nobody revokes another's nodes",
        about_organisation(SUZU, kinds.REVOCATION, of=WAJIMA),
        "REFUSE ORGANISATION_OF_ANOTHER",
        [],
    ),
    # --- places and disasters
    Line("a municipality tells of its places", place(KANAZAWA, KANAZAWA), "TAKE", []),
    Line("a prefecture tells of places in it", place(ISHIKAWA, KANAZAWA), "TAKE", []),
    Line("another's word on a place is shown", place(SUZU, KANAZAWA), "TAKE_NOT_COUNTED PLACE_OF_ANOTHER", []),
    Line(
        "nobody moves another's place to itself", place(SUZU, SUZU), "TAKE_NOT_COUNTED PLACE_OF_ANOTHER", [ANOTHERS_GYM]
    ),
    Line(
        "the municipality tells how its place is", written(KANAZAWA, kinds.STATUS, kind=PLACE), "TAKE", [ANOTHERS_GYM]
    ),
    Line(
        "another's word on how a place is is shown",
        written(MEDICS, kinds.STATUS, kind=PLACE),
        "TAKE_NOT_COUNTED PLACE_OF_ANOTHER",
        [ANOTHERS_GYM],
    ),
    Line(
        "how an unknown place is waits for the place",
        written(KANAZAWA, kinds.STATUS, kind=PLACE),
        "TAKE_NOT_COUNTED PLACE_UNKNOWN",
        [],
    ),
    Line("we may tell of any place ourselves", place(WAJIMA, KANAZAWA), "TAKE", []),
    Line("a governor declares a disaster in the prefecture", disaster(ISHIKAWA, WAJIMA, SUZU), "TAKE", []),
    Line("a municipality declares one for itself", disaster(SUZU, SUZU), "TAKE", []),
    Line("nobody declares one elsewhere", disaster(SUZU, WAJIMA), "REFUSE AREA_OF_ANOTHER", []),
    Line("nobody closes another's disaster", disaster(SUZU, SUZU, closed=True), "REFUSE AREA_OF_ANOTHER", [QUAKE]),
    Line("the governor closes it", disaster(ISHIKAWA, WAJIMA, SUZU, closed=True), "TAKE", [QUAKE]),
    Line("a town tells its own counts", about_organisation(SUZU, kinds.TALLY), "TAKE", []),
    Line(
        "nobody tells another's counts",
        about_organisation(SUZU, kinds.TALLY, of=WAJIMA),
        "REFUSE ORGANISATION_OF_ANOTHER",
        [],
    ),
    Line(
        "an unknown facet of an organisation is shown",
        about_organisation(SUZU, 99),
        "TAKE_NOT_COUNTED FACET_UNKNOWN",
        [],
    ),
]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.sentence)
def test_the_table(line: Line) -> None:
    verdict = may_write(
        line.record,
        known(line.among, holders=frozenset(line.holders), minted_by=line.minted_by if line.among else None),
        federation(),
        now_ms=NOW,
        came_from=line.came_from or line.record.organisation,
        home_node=line.home_node,
        presented_card=line.presented_card,
    )
    assert f"{verdict.outcome.name} {verdict.reason}".strip() == line.expect


def test_the_table_has_no_line_twice() -> None:
    assert len({line.sentence for line in TABLE}) == len(TABLE)


def test_every_facet_has_its_message_and_its_kind_of_subject() -> None:
    assert set(MESSAGE_OF) == set(SUBJECT_KIND_OF) == set(kinds.NAMES)
    assert all(message.DESCRIPTOR.name.lower() == kinds.NAMES[facet] for facet, message in MESSAGE_OF.items())


def test_a_stay_counts_once_our_staff_says_that_the_person_went_there() -> None:
    early = fact(written(SUZU, kinds.STAY, stay(SUZU), slot=b"s"), counts=False)
    before = known([*OURS, early], holders=frozenset({SUZU}))
    assert recount(before, federation(), now_ms=NOW) == frozenset()
    sent = fact(written(WAJIMA, kinds.STAY, left(to=SUZU, place=GYM), slot=b"1"))
    after = known([*OURS, early, sent], holders=frozenset({SUZU}))
    assert recount(after, federation(), now_ms=NOW) == {early.record.id}


def test_a_vector_that_claims_more_of_us_than_we_issued_is_found() -> None:
    ours = written(WAJIMA, kinds.CARE)
    theirs = written(SUZU, kinds.CARE, after=[ours])
    assert claims_too_much(theirs, {node_of(WAJIMA): ours.counter - 1})
    assert not claims_too_much(theirs, {node_of(WAJIMA): ours.counter})
    assert not claims_too_much(theirs, {})


def test_what_our_own_node_wrote_before_it_was_restored_is_no_claim() -> None:
    ours = written(WAJIMA, kinds.CARE)
    assert not claims_too_much(ours, {node_of(WAJIMA): ours.counter - 1})


@pytest.mark.parametrize("facet", [*sorted(kinds.NAMES), 77])
@pytest.mark.parametrize("here", [WAJIMA, KANAZAWA])
def test_who_goes_on_is_judged_as_if_everything_known_were_looked_at(facet: int, here: str) -> None:
    """Whoever they are, whatever else is known, and whoever hands it over."""
    others: tuple[tuple[Fact, ...], ...] = ((), OURS, AWAY, THEIRS, (*OURS, PROTECTED), (*AWAY, CONSENT))
    for author in (WAJIMA, KANAZAWA, TOYAMA_CITY, "999999"):
        for content in (b"", b"\xff\xff"):
            record = written(author, facet, content, slot=b"s")
            for facts, came_from, minter in product(others, (author, SUZU), (WAJIMA, KANAZAWA, None)):
                said = fact(written(author, kinds.CONTACT, facets_pb2.Contact(phone="0768")), came_from=came_from)
                for spoken in ((), (said,)):
                    judged = may_write(
                        record,
                        known((*facts, *spoken), here, minted_by=minter),
                        federation(here),
                        now_ms=NOW,
                        came_from=came_from,
                    )
                    goes_on = may_go_on(
                        record, here, federation(here), registered=minter == author, has_spoken=bool(spoken)
                    )
                    assert goes_on in (None, judged)


def test_who_registered_somebody_and_who_we_are_is_judged_without_looking() -> None:
    for facet in (kinds.IDENTITY, kinds.RESIDENCE, kinds.STAY, kinds.CARE, 77):
        record = written(KANAZAWA, facet, b"", slot=b"s")
        for here, registered in ((WAJIMA, True), (KANAZAWA, False)):
            judged = may_go_on(record, here, federation(here), registered=registered, has_spoken=False)
            assert judged is not None
            assert judged.kept
        assert may_go_on(record, WAJIMA, federation(WAJIMA), registered=False, has_spoken=False) is None

"""The table of what may go to whom: each line a fact of the law, or of a reading in decision 0002."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from moyai.v1 import exchange_pb2, facets_pb2
from node.records import kinds
from node.release.federation import PREFECTURE, SUPPORT, Activation, Grant, Recipient
from node.release.known import Fact
from node.release.rule import Purpose, may_release
from tests.builders.release import (
    DAY,
    DISASTER,
    GYM,
    HANAKO,
    HOUR,
    ISHIKAWA,
    KANAZAWA,
    MEDICS,
    NANAO,
    NOW,
    ORGANISATION,
    PLACE,
    SCHOOL,
    SUZU,
    TAKAOKA,
    TARO,
    TOYAMA,
    TOYAMA_CITY,
    VOLUNTEERS,
    WAJIMA,
    about_organisation,
    activation,
    closure,
    consent,
    fact,
    federation,
    grant,
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


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    sentence: str
    ask: Fact
    to: str
    expect: str | None
    among: Sequence[Fact] = ()
    here: str = WAJIMA
    minted_by: str | None = WAJIMA
    holders: Sequence[str] = ()
    linked: Sequence[Fact] = ()
    grants: Sequence[Grant] = ()
    activations: Sequence[Activation] = ()
    places: Sequence[bytes] = ()
    node: bytes = b"another node"
    purpose: Purpose = Purpose.AID
    rests_on: bytes = field(default=b"")


def own(facet: int, content: object = b"", by: str = WAJIMA, **more: object) -> Fact:
    return fact(written(by, facet, content, **more))  # type: ignore[arg-type]


NAME = own(kinds.IDENTITY, identity())
CHILD = own(kinds.IDENTITY, identity("2010-01-01"))
AGELESS = own(kinds.IDENTITY, facets_pb2.Identity(description="白髪の女性"))
HOME = own(kinds.RESIDENCE, residence())
CARE = own(kinds.CARE)
MEDICAL = own(kinds.MEDICAL)
CONDITION = own(kinds.CONDITION)
NOTE = own(kinds.NOTE, slot=b"n")
DAMAGE = own(kinds.DAMAGE)
REGISTER = own(kinds.RESIDENT, facets_pb2.Resident(municipal_key="1", birth=facets_pb2.BirthDate(date="1948-05-03")))
UNKNOWN = own(99)
LINK = own(kinds.LINK, facets_pb2.Link(other=TARO, relation=facets_pb2.Link.RELATION_SAME), slot=b"l")

HERE_NOW = own(kinds.STAY, stay(), slot=b"1")
TO_KANAZAWA = own(kinds.STAY, left(to=KANAZAWA), slot=b"1")
TO_TAKAOKA = own(kinds.STAY, left(to=TAKAOKA, transferred=True), slot=b"1")
AWAY = (NAME, HOME, TO_KANAZAWA)
FAR_AWAY = (NAME, HOME, TO_TAKAOKA)

TO_SUZU = own(kinds.CONSENT, consent(SUZU), slot=b"c")
TO_ALL = own(kinds.CONSENT, consent(everyone=True), slot=b"c")
TO_PREFECTURES = own(kinds.CONSENT, consent(kinds_named=[PREFECTURE]), slot=b"c")
TO_SUPPORT = own(kinds.CONSENT, consent(kinds_named=[SUPPORT], facets=[kinds.CARE, kinds.MEDICAL]), slot=b"c")
TO_EVERYTHING = own(kinds.CONSENT, consent(SUZU, facets=[*range(1, 21), 99]), slot=b"c")
PROTECTED = own(kinds.PROTECTION, protection(SUZU))


def consented(**more: object) -> Fact:
    return own(kinds.CONSENT, consent(SUZU, **more), slot=b"c")  # type: ignore[arg-type]


def came(facet: int, basis: str, by: str = KANAZAWA, came_from: str | None = None, rests_on: bytes = b"") -> Fact:
    slot = b"1" if facet in kinds.SLOTTED else b""
    return fact(written(by, facet, slot=slot), basis=basis, came_from=came_from, basis_record=rests_on)


TABLE = [
    # --- within the organisation
    Line("care goes to another node of ours", CARE, WAJIMA, "INTERNAL"),
    Line("the resident register goes to another node of ours", REGISTER, WAJIMA, "INTERNAL"),
    Line("an unknown facet goes to another node of ours", UNKNOWN, WAJIMA, "INTERNAL"),
    Line("a protected person's care goes to another node of ours", CARE, WAJIMA, "INTERNAL", [PROTECTED]),
    Line("our nodes get records for statistics too", CARE, WAJIMA, "INTERNAL", purpose=Purpose.STATISTICS),
    Line("a shelter's node gets everybody's names", NAME, WAJIMA, "INTERNAL", places=[GYM]),
    Line("a shelter's node gets the resident register", REGISTER, WAJIMA, "INTERNAL", places=[GYM]),
    Line("a shelter's node gets stays elsewhere", HERE_NOW, WAJIMA, "INTERNAL", places=[SCHOOL]),
    Line("a shelter's node gets no care of people elsewhere", CARE, WAJIMA, None, [HERE_NOW], places=[SCHOOL]),
    Line("a shelter's node gets no medical data of people elsewhere", MEDICAL, WAJIMA, None, places=[SCHOOL]),
    Line("a shelter's node gets no notes on people elsewhere", NOTE, WAJIMA, None, places=[SCHOOL]),
    Line("a shelter's node gets no unknown facets of people elsewhere", UNKNOWN, WAJIMA, None, places=[SCHOOL]),
    Line("a shelter's node gets the care of its people", CARE, WAJIMA, "INTERNAL", [HERE_NOW], places=[GYM]),
    Line(
        "a shelter's node keeps getting the care of who just left",
        CARE,
        WAJIMA,
        "INTERNAL",
        [TO_KANAZAWA],
        places=[GYM],
    ),
    Line(
        "a shelter's node no longer gets the care of who left a month ago",
        CARE,
        WAJIMA,
        None,
        [own(kinds.STAY, left(until_ms=NOW - 30 * DAY), slot=b"1")],
        places=[GYM],
    ),
    Line("a shelter's node gets back what it wrote", CARE, WAJIMA, "INTERNAL", places=[SCHOOL], node=node_of(WAJIMA)),
    Line(
        "a shelter's node is not told where a protected person stays",
        HERE_NOW,
        WAJIMA,
        None,
        [PROTECTED],
        places=[SCHOOL],
    ),
    Line("a shelter's node is told who is protected", PROTECTED, WAJIMA, "INTERNAL", [HERE_NOW], places=[SCHOOL]),
    Line(
        "a shelter's node gets its own protected people",
        CARE,
        WAJIMA,
        "INTERNAL",
        [PROTECTED, HERE_NOW],
        places=[GYM],
    ),
    # --- consent
    Line("nothing goes without a basis", CARE, SUZU, None, [NAME, HOME]),
    Line("consent opens to whom it names", CARE, SUZU, "CONSENT", [NAME, TO_SUZU], rests_on=TO_SUZU.record.id),
    Line("consent opens to nobody else", CARE, KANAZAWA, None, [NAME, TO_SUZU]),
    Line("consent opens only the facets it names", CONDITION, SUZU, None, [NAME, TO_SUZU]),
    Line("consent to all local governments reaches a municipality", CARE, SUZU, "CONSENT", [NAME, TO_ALL]),
    Line("consent to all local governments reaches a prefecture", CARE, ISHIKAWA, "CONSENT", [NAME, TO_ALL]),
    Line("consent to all local governments reaches no support organisation", CARE, MEDICS, None, [NAME, TO_ALL]),
    Line("consent to prefectures reaches a prefecture", CARE, TOYAMA, "CONSENT", [NAME, TO_PREFECTURES]),
    Line("consent to prefectures reaches no municipality", CARE, SUZU, None, [NAME, TO_PREFECTURES]),
    Line("consent opens medical data to a support organisation", MEDICAL, MEDICS, "CONSENT", [NAME, TO_SUPPORT]),
    Line(
        "consent reaches no stranger to the federation",
        CARE,
        "999999",
        None,
        [NAME, own(kinds.CONSENT, consent("999999"))],
    ),
    Line("no consent opens the resident register", REGISTER, SUZU, None, [NAME, TO_EVERYTHING]),
    Line("no consent opens a link, which tells another's id", LINK, SUZU, None, [NAME, TO_EVERYTHING]),
    Line("no consent opens what this version does not know", UNKNOWN, SUZU, None, [NAME, TO_EVERYTHING]),
    Line("consent that names control facets changes nothing", PROTECTED, KANAZAWA, None, [NAME]),
    Line("a consent before its start opens nothing", CARE, SUZU, None, [NAME, consented(from_ms=NOW + 1)]),
    Line("a consent opens at its start", CARE, SUZU, "CONSENT", [NAME, consented(from_ms=NOW)]),
    Line("a consent opens until just before its end", CARE, SUZU, "CONSENT", [NAME, consented(until_ms=NOW + 1)]),
    Line("a consent ends at its end", CARE, SUZU, None, [NAME, consented(until_ms=NOW)]),
    Line(
        "a withdrawal stops the flow",
        CARE,
        SUZU,
        None,
        [NAME, TO_SUZU, own(kinds.CONSENT, withdrawal(), slot=b"c", after=[TO_SUZU.record])],
    ),
    Line(
        "a withdrawal beside a newer consent in the same slot wins",
        CARE,
        SUZU,
        None,
        [NAME, TO_SUZU, own(kinds.CONSENT, withdrawal(), slot=b"c", at_ms=NOW - DAY)],
    ),
    Line(
        "a withdrawal in another slot leaves this consent",
        CARE,
        SUZU,
        "CONSENT",
        [NAME, TO_SUZU, own(kinds.CONSENT, withdrawal(), slot=b"d")],
    ),
    Line(
        "of two consents in conflict both must cover the facet",
        CARE,
        SUZU,
        None,
        [NAME, TO_SUZU, consented(facets=[kinds.DAMAGE])],
    ),
    Line(
        "a consent nobody is known to have given opens nothing",
        CARE,
        SUZU,
        None,
        [NAME, own(kinds.CONSENT, facets_pb2.Consent(organisations=[SUZU], facets=[8], from_ms=1), slot=b"c")],
    ),
    Line(
        "a consent that can't be read opens nothing", CARE, SUZU, None, [NAME, own(kinds.CONSENT, b"\xff", slot=b"c")]
    ),
    Line(
        "a consent that does not count opens nothing",
        CARE,
        SUZU,
        None,
        [NAME, fact(TO_SUZU.record, counts=False)],
    ),
    Line(
        "a withdrawal that does not count closes nothing",
        CARE,
        SUZU,
        "CONSENT",
        [
            NAME,
            TO_SUZU,
            fact(written(NANAO, kinds.CONSENT, withdrawal(), slot=b"c", after=[TO_SUZU.record]), counts=False),
        ],
    ),
    Line("a record that does not count is not passed on", fact(CARE.record, counts=False), SUZU, None, [NAME, TO_SUZU]),
    Line(
        "what was replaced is not passed on",
        CARE,
        SUZU,
        None,
        [NAME, TO_SUZU, own(kinds.CARE, after=[CARE.record])],
    ),
    # --- age
    Line("a child's own consent opens nothing", CARE, SUZU, None, [CHILD, TO_SUZU]),
    Line("a guardian's consent opens a child's record", CARE, SUZU, "CONSENT", [CHILD, consented(guardian="母")]),
    Line("a guardian without a relation is nobody", CARE, SUZU, None, [CHILD, consented(guardian=" ")]),
    Line("a person of unknown age may be a child", CARE, SUZU, None, [AGELESS, TO_SUZU]),
    Line("the register's birth date serves as well", CARE, SUZU, "CONSENT", [AGELESS, REGISTER, TO_SUZU]),
    Line(
        "of two birth dates in conflict the later one counts",
        CARE,
        SUZU,
        None,
        [NAME, own(kinds.IDENTITY, identity("2012")), TO_SUZU],
    ),
    Line(
        "sixteen on the day is enough",
        CARE,
        SUZU,
        "CONSENT",
        [own(kinds.IDENTITY, identity("2008-01-05")), consented()],
    ),
    Line(
        "sixteen tomorrow is not enough", CARE, SUZU, None, [own(kinds.IDENTITY, identity("2008-01-06")), consented()]
    ),
    Line(
        "a birth month stands for its last day", CARE, SUZU, None, [own(kinds.IDENTITY, identity("2008-01")), TO_SUZU]
    ),
    Line("a birth year stands for its last day", CARE, SUZU, None, [own(kinds.IDENTITY, identity("2008")), TO_SUZU]),
    Line("the birth year before is enough", CARE, SUZU, "CONSENT", [own(kinds.IDENTITY, identity("2007")), TO_SUZU]),
    Line(
        "a consent given by a child does not ripen at sixteen",
        CARE,
        SUZU,
        None,
        [own(kinds.IDENTITY, identity("2008-01-03")), consented(from_ms=NOW - 10 * DAY)],
    ),
    Line(
        "a consent for later that a child gives does not ripen either",
        CARE,
        SUZU,
        None,
        [
            own(kinds.IDENTITY, identity("2008-01-03")),
            own(kinds.CONSENT, consent(SUZU, from_ms=NOW - HOUR), slot=b"c", at_ms=NOW - 10 * DAY),
        ],
    ),
    # --- who took the consent
    Line(
        "a consent taken by a host we know of opens our records",
        CARE,
        SUZU,
        "CONSENT",
        [*AWAY, fact(written(KANAZAWA, kinds.CONSENT, consent(SUZU), slot=b"c"))],
    ),
    Line(
        "a consent taken where we do not know the person to be opens nothing",
        CARE,
        SUZU,
        None,
        [NAME, HOME, fact(written(NANAO, kinds.CONSENT, consent(SUZU), slot=b"c"))],
    ),
    Line(
        "a consent and the stay that excuses it, both of one stranger, open nothing",
        CARE,
        NANAO,
        None,
        [
            NAME,
            HOME,
            fact(written(NANAO, kinds.STAY, stay(NANAO), slot=b"x")),
            fact(written(NANAO, kinds.CONSENT, consent(NANAO), slot=b"c")),
        ],
    ),
    # --- wide-area temporary stay
    Line("home tells host who comes", NAME, KANAZAWA, "TEMPORARY_STAY", AWAY),
    Line("home tells host the care needed", CARE, KANAZAWA, "TEMPORARY_STAY", AWAY),
    Line("home tells host the damage", DAMAGE, KANAZAWA, "TEMPORARY_STAY", AWAY),
    Line("medical data is no ledger item", MEDICAL, KANAZAWA, None, AWAY),
    Line("a note is no ledger item", NOTE, KANAZAWA, None, AWAY),
    Line("a third municipality is told nothing of a temporary stay", NAME, SUZU, None, AWAY),
    Line("within one prefecture the governor is told nothing", NAME, ISHIKAWA, None, AWAY),
    Line("across prefectures the home prefecture is told", NAME, ISHIKAWA, "TEMPORARY_STAY", FAR_AWAY),
    Line("across prefectures the host prefecture is told", NAME, TOYAMA, "TEMPORARY_STAY", FAR_AWAY),
    Line("across prefectures the host is told", NAME, TAKAOKA, "TEMPORARY_STAY", FAR_AWAY),
    Line("another municipality of the host prefecture is told nothing", NAME, TOYAMA_CITY, None, FAR_AWAY),
    Line("who stays at home goes nowhere", NAME, KANAZAWA, None, [HOME, HERE_NOW]),
    Line("an unknown home joins nobody", NAME, KANAZAWA, None, [TO_KANAZAWA]),
    Line("the register alone makes us home", NAME, KANAZAWA, "TEMPORARY_STAY", [REGISTER, TO_KANAZAWA]),
    Line(
        "host tells home of someone it registered itself",
        own(kinds.CONDITION, by=KANAZAWA),
        WAJIMA,
        "TEMPORARY_STAY",
        [own(kinds.RESIDENCE, residence(), by=KANAZAWA), own(kinds.STAY, stay(KANAZAWA), by=KANAZAWA, slot=b"1")],
        here=KANAZAWA,
        minted_by=KANAZAWA,
    ),
    Line(
        "host does not pass on to a third what home told it",
        came(kinds.CARE, "TEMPORARY_STAY", by=WAJIMA),
        NANAO,
        None,
        [HOME, TO_KANAZAWA, own(kinds.STAY, stay(KANAZAWA), by=KANAZAWA, slot=b"2")],
        here=KANAZAWA,
    ),
    Line(
        "the home prefecture passes on to the host prefecture",
        came(kinds.CARE, "TEMPORARY_STAY", by=WAJIMA),
        TOYAMA,
        "TEMPORARY_STAY",
        [HOME, TO_TAKAOKA],
        here=ISHIKAWA,
    ),
    Line(
        "a stay that ended 29 days ago still joins home and host",
        CARE,
        KANAZAWA,
        "TEMPORARY_STAY",
        [HOME, own(kinds.STAY, left(to=KANAZAWA, until_ms=NOW - 29 * DAY), slot=b"1")],
    ),
    Line(
        "a stay that ended 30 days ago joins nobody",
        CARE,
        KANAZAWA,
        None,
        [HOME, own(kinds.STAY, left(to=KANAZAWA, until_ms=NOW - 30 * DAY), slot=b"1")],
    ),
    Line(
        "an end in the future does not keep a stay recent: its writing does",
        CARE,
        KANAZAWA,
        None,
        [HOME, own(kinds.STAY, left(to=KANAZAWA, until_ms=NOW + 900 * DAY), slot=b"1", at_ms=NOW - 31 * DAY)],
    ),
    Line(
        "the host's own word keeps the stay open once we have named it",
        CARE,
        KANAZAWA,
        "TEMPORARY_STAY",
        [
            HOME,
            own(kinds.STAY, left(to=KANAZAWA, until_ms=NOW - 90 * DAY), slot=b"1"),
            fact(written(KANAZAWA, kinds.STAY, stay(KANAZAWA), slot=b"2")),
        ],
    ),
    Line(
        "the host may go on writing in the very stay we ended",
        CARE,
        KANAZAWA,
        "TEMPORARY_STAY",
        [HOME, TO_KANAZAWA, fact(written(KANAZAWA, kinds.STAY, stay(KANAZAWA), slot=b"1", after=[TO_KANAZAWA.record]))],
    ),
    Line(
        "a destination we took back makes nobody a host",
        CARE,
        KANAZAWA,
        None,
        [HOME, TO_KANAZAWA, own(kinds.STAY, left(), slot=b"1", after=[TO_KANAZAWA.record])],
    ),
    Line(
        "a stay a member invents at itself opens nothing",
        CARE,
        NANAO,
        None,
        [NAME, HOME, fact(written(NANAO, kinds.STAY, stay(NANAO), slot=b"x"))],
    ),
    Line(
        "a residence a member invents at itself opens nothing",
        CARE,
        NANAO,
        None,
        [NAME, HERE_NOW, fact(written(NANAO, kinds.RESIDENCE, residence(NANAO)))],
    ),
    Line(
        "two members that name each other open nothing",
        CARE,
        NANAO,
        None,
        [
            NAME,
            HOME,
            fact(written(NANAO, kinds.STAY, left(NANAO, to=SUZU), slot=b"x")),
            fact(written(SUZU, kinds.STAY, left(SUZU, to=NANAO), slot=b"y")),
        ],
    ),
    Line(
        "a stay that does not count opens nothing",
        CARE,
        KANAZAWA,
        None,
        [HOME, fact(TO_KANAZAWA.record, counts=False)],
    ),
    Line(
        "a closed case lets a forgotten stay fade",
        CARE,
        KANAZAWA,
        None,
        [
            HOME,
            own(kinds.STAY, stay(KANAZAWA, since_ms=NOW - 90 * DAY), slot=b"2"),
            own(kinds.CLOSURE, closure(at_ms=NOW - 31 * DAY)),
        ],
    ),
    Line(
        "a case opened again keeps the stay open",
        CARE,
        KANAZAWA,
        "TEMPORARY_STAY",
        [
            HOME,
            own(kinds.STAY, stay(KANAZAWA, since_ms=NOW - 90 * DAY), slot=b"2"),
            own(kinds.CLOSURE, closure("REOPENED", at_ms=NOW - 31 * DAY)),
        ],
    ),
    Line("consent comes before temporary stay", CARE, KANAZAWA, "CONSENT", [*AWAY, TO_ALL]),
    # --- agreement
    Line(
        "a grant opens the facets granted", CARE, SUZU, "AGREEMENT", [NAME], grants=[grant()], rests_on=grant().record
    ),
    Line("a grant opens medical data to a local government", MEDICAL, SUZU, "AGREEMENT", [NAME], grants=[grant()]),
    Line("a grant opens no other facet", CONDITION, SUZU, None, [NAME], grants=[grant()]),
    Line("a grant opens to the applicant only", CARE, KANAZAWA, None, [NAME], grants=[grant()]),
    Line("a grant by another holder opens nothing of ours", CARE, SUZU, None, [NAME], grants=[grant(holder=NANAO)]),
    Line("a grant ends at its end", CARE, SUZU, None, [NAME], grants=[grant(until_ms=NOW)]),
    Line("a grant before its start opens nothing", CARE, SUZU, None, [NAME], grants=[grant(from_ms=NOW + 1)]),
    Line(
        "a grant for one person opens that person", CARE, SUZU, "AGREEMENT", [NAME], grants=[grant(subjects=[HANAKO])]
    ),
    Line("a grant for one person opens nobody else", CARE, SUZU, None, [NAME], grants=[grant(subjects=[TARO])]),
    Line(
        "a grant for an area opens who lives there",
        CARE,
        SUZU,
        "AGREEMENT",
        [own(kinds.RESIDENCE, residence(NANAO))],
        grants=[grant(area=[NANAO])],
    ),
    Line("a grant for an area opens nobody elsewhere", CARE, SUZU, None, [HOME], grants=[grant(area=[NANAO])]),
    Line("a grant opens no resident register", REGISTER, SUZU, None, grants=[grant(facets=[kinds.RESIDENT])]),
    Line("a grant opens no link", LINK, SUZU, None, grants=[grant(facets=[kinds.LINK])]),
    Line("a grant opens no unknown facet", UNKNOWN, SUZU, None, grants=[grant(facets=[99])]),
    Line("a local government's grant does not fit a support organisation", CARE, MEDICS, None, grants=[grant(MEDICS)]),
    Line(
        "a grant does not open what another wrote",
        came(kinds.CARE, "TEMPORARY_STAY"),
        SUZU,
        None,
        AWAY,
        grants=[grant()],
    ),
    Line("consent comes before a grant", CARE, SUZU, "CONSENT", [NAME, TO_SUZU], grants=[grant()]),
    # --- support organisation
    Line(
        "a support organisation gets what is granted",
        CARE,
        MEDICS,
        "SUPPORT_ORGANISATION",
        grants=[grant(MEDICS, support=True)],
    ),
    Line("a support organisation never gets medical data", MEDICAL, MEDICS, None, grants=[grant(MEDICS, support=True)]),
    Line("its grant does not fit another", CARE, VOLUNTEERS, None, grants=[grant(MEDICS, support=True)]),
    Line("its grant does not fit a municipality", CARE, SUZU, None, grants=[grant(SUZU, support=True)]),
    # --- emergency
    Line(
        "an emergency opens medical data in the area",
        MEDICAL,
        SUZU,
        "EMERGENCY",
        [HOME],
        activations=[activation()],
        rests_on=activation().record,
    ),
    Line(
        "an emergency opens to the area's prefecture", CARE, ISHIKAWA, "EMERGENCY", [HOME], activations=[activation()]
    ),
    Line("an emergency opens no address", HOME, SUZU, None, activations=[activation()]),
    Line("an emergency opens to nobody outside the area", CARE, NANAO, None, [HOME], activations=[activation()]),
    Line("an emergency opens to no support organisation", CARE, MEDICS, None, [HOME], activations=[activation()]),
    Line("an emergency ends at its end", CARE, SUZU, None, [HOME], activations=[activation(until_ms=NOW)]),
    Line(
        "an emergency ends after 72 hours, whatever it says",
        CARE,
        SUZU,
        None,
        [HOME],
        activations=[activation(from_ms=NOW - 72 * HOUR, until_ms=NOW + 900 * DAY)],
    ),
    Line(
        "an emergency stands just before 72 hours",
        CARE,
        SUZU,
        "EMERGENCY",
        [HOME],
        activations=[activation(from_ms=NOW - 72 * HOUR + 1, until_ms=NOW + 900 * DAY)],
    ),
    Line("a neighbour can't open our records", CARE, SUZU, None, [HOME], activations=[activation(SUZU, WAJIMA, SUZU)]),
    Line(
        "another governor can't open our records",
        CARE,
        SUZU,
        None,
        [HOME],
        activations=[activation(TOYAMA, WAJIMA, SUZU)],
    ),
    Line(
        "a mayor's emergency opens to the governor",
        CARE,
        ISHIKAWA,
        "EMERGENCY",
        [HOME],
        activations=[activation(WAJIMA, WAJIMA)],
    ),
    Line(
        "a mayor's emergency opens to no neighbour",
        CARE,
        SUZU,
        None,
        [HOME],
        activations=[activation(WAJIMA, WAJIMA, SUZU)],
    ),
    Line(
        "a grant comes before an emergency",
        CARE,
        SUZU,
        "AGREEMENT",
        [HOME],
        grants=[grant()],
        activations=[activation()],
    ),
    # --- onward passing
    Line(
        "what came under an agreement is not passed on, even with consent",
        came(kinds.CARE, "AGREEMENT"),
        SUZU,
        None,
        [NAME, TO_SUZU],
    ),
    Line("what came under an emergency is not passed on", came(kinds.CARE, "EMERGENCY"), SUZU, None, [NAME, TO_SUZU]),
    Line(
        "what came to a support organisation is not passed on",
        came(kinds.CARE, "SUPPORT_ORGANISATION"),
        SUZU,
        None,
        [NAME, TO_SUZU],
    ),
    Line(
        "what came under consent goes where a consent says",
        came(kinds.CARE, "CONSENT"),
        SUZU,
        "CONSENT",
        [NAME, TO_SUZU],
    ),
    Line("what came under consent goes nowhere else", came(kinds.CARE, "CONSENT"), TAKAOKA, None, FAR_AWAY),
    Line(
        "what came with a stay goes where a consent says",
        came(kinds.CARE, "TEMPORARY_STAY"),
        SUZU,
        "CONSENT",
        [*AWAY, TO_SUZU],
    ),
    Line(
        "what a field node brought from elsewhere is not passed on",
        came(kinds.CARE, "INTERNAL", came_from=WAJIMA),
        SUZU,
        None,
        [NAME, TO_SUZU],
    ),
    Line("a record goes back to its author", came(kinds.CARE, "AGREEMENT"), KANAZAWA, "RETURN"),
    Line("a record goes back to whom it came from", came(kinds.CARE, "AGREEMENT", came_from=NANAO), NANAO, "RETURN"),
    Line(
        "even one that does not count goes back",
        fact(written(NANAO, kinds.CONSENT, consent(NANAO), slot=b"c"), counts=False),
        NANAO,
        "RETURN",
    ),
    # --- whoever holds data must learn that they may no longer
    Line("a holder is told of a consent", TO_SUZU, KANAZAWA, "HOLDER", [NAME], holders=[KANAZAWA]),
    Line(
        "a holder is told of a withdrawal", own(kinds.CONSENT, withdrawal(), slot=b"c"), SUZU, "HOLDER", holders=[SUZU]
    ),
    Line(
        "a holder is told of an erasure",
        own(kinds.ERASURE, facets_pb2.Erasure(ground=1)),
        SUZU,
        "HOLDER",
        holders=[SUZU],
    ),
    Line("a holder is told of a closure", own(kinds.CLOSURE, closure()), SUZU, "HOLDER", holders=[SUZU]),
    Line(
        "a holder gets a receipt",
        own(kinds.RECEIPT, facets_pb2.Receipt(organisation=WAJIMA), slot=b"r"),
        SUZU,
        "HOLDER",
        holders=[SUZU],
    ),
    Line("who sent us something is a holder", TO_SUZU, NANAO, "HOLDER", [came(kinds.CARE, "AGREEMENT", by=NANAO)]),
    Line("who is about to get something is told of the consent", TO_SUZU, SUZU, "HOLDER", [NAME, CARE]),
    Line("who would get something if there were anything is told nothing", TO_SUZU, SUZU, None, [NAME]),
    Line("who holds nothing is told nothing", TO_SUZU, KANAZAWA, None, [NAME, CARE]),
    Line(
        "who sent only what does not count is told nothing",
        TO_SUZU,
        NANAO,
        None,
        [NAME, fact(written(NANAO, kinds.STAY, stay(NANAO), slot=b"x"), counts=False)],
    ),
    Line("a holder is told nothing more for holding", CARE, KANAZAWA, None, [NAME], holders=[KANAZAWA]),
    # --- protected persons
    Line("protection stops consent", CARE, KANAZAWA, None, [NAME, TO_ALL, PROTECTED]),
    Line("protection stops a temporary stay", CARE, KANAZAWA, None, [*AWAY, PROTECTED]),
    Line("protection stops a grant", CARE, NANAO, None, [NAME, PROTECTED], grants=[grant(NANAO)]),
    Line("protection stops an emergency", CARE, ISHIKAWA, None, [HOME, PROTECTED], activations=[activation()]),
    Line("who is named gets it if a basis holds as well", CARE, SUZU, "CONSENT", [NAME, TO_SUZU, PROTECTED]),
    Line("who is named gets nothing without a basis", CARE, SUZU, None, [NAME, PROTECTED]),
    Line("who is named is told of the protection with what it gets", PROTECTED, SUZU, "HOLDER", [NAME, TO_SUZU, CARE]),
    Line("who is named and gets nothing is not told either", PROTECTED, SUZU, None, [NAME]),
    Line("an existing holder is told of the protection", PROTECTED, KANAZAWA, "HOLDER", [NAME], holders=[KANAZAWA]),
    Line(
        "an existing holder is told no consent of a protected person",
        TO_SUZU,
        KANAZAWA,
        None,
        [NAME, PROTECTED],
        holders=[KANAZAWA],
    ),
    Line("who holds nothing is not told of a protection", PROTECTED, NANAO, None, [NAME]),
    Line(
        "a protected person's record does not even go back",
        came(kinds.CARE, "TEMPORARY_STAY"),
        KANAZAWA,
        None,
        [PROTECTED],
    ),
    Line(
        "a protection that was lifted stops nothing",
        CARE,
        SUZU,
        "CONSENT",
        [NAME, TO_SUZU, own(kinds.PROTECTION, protection(active=False))],
    ),
    Line(
        "a protection that can't be read protects, and names nobody",
        CARE,
        SUZU,
        None,
        [NAME, TO_SUZU, own(kinds.PROTECTION, b"\xff")],
    ),
    Line(
        "a protection by another holder stops the flow as well",
        CARE,
        SUZU,
        None,
        [NAME, TO_SUZU, fact(written(KANAZAWA, kinds.PROTECTION, protection(SUZU)))],
    ),
    Line(
        "a protection that does not count stops nothing",
        CARE,
        SUZU,
        "CONSENT",
        [NAME, TO_SUZU, fact(written(KANAZAWA, kinds.PROTECTION, protection()), counts=False)],
    ),
    Line(
        "what another organisation lifts still stands for ours",
        CARE,
        KANAZAWA,
        None,
        [
            NAME,
            TO_ALL,
            PROTECTED,
            fact(written(NANAO, kinds.PROTECTION, protection(active=False), after=[PROTECTED.record])),
        ],
    ),
    Line(
        "both who protect must name the recipient",
        CARE,
        SUZU,
        None,
        [NAME, TO_SUZU, PROTECTED, fact(written(KANAZAWA, kinds.PROTECTION, protection()))],
    ),
    Line(
        "a protected person opens on no stay that another entered",
        CARE,
        KANAZAWA,
        None,
        [
            own(kinds.PROTECTION, protection(KANAZAWA)),
            own(kinds.RESIDENCE, residence(), by=KANAZAWA),
            own(kinds.STAY, stay(KANAZAWA), by=KANAZAWA, slot=b"1"),
        ],
        minted_by=KANAZAWA,
    ),
    Line(
        "a protected person opens on a transfer our staff entered, to who is named",
        CARE,
        KANAZAWA,
        "TEMPORARY_STAY",
        [own(kinds.PROTECTION, protection(KANAZAWA)), *AWAY],
    ),
    Line(
        "a protected person opens on no consent that another took",
        CARE,
        SUZU,
        None,
        [PROTECTED, *AWAY, fact(written(KANAZAWA, kinds.CONSENT, consent(SUZU), slot=b"c"))],
    ),
    Line("a duplicate of a protected person is protected", CARE, KANAZAWA, None, [NAME, TO_ALL], linked=[PROTECTED]),
    Line(
        "our receipt goes to who protects",
        own(kinds.RECEIPT, facets_pb2.Receipt(organisation=WAJIMA), slot=b"r"),
        KANAZAWA,
        "HOLDER",
        [fact(written(KANAZAWA, kinds.PROTECTION, protection()))],
    ),
    Line(
        "who protects gets back its own records",
        came(kinds.CARE, "TEMPORARY_STAY"),
        KANAZAWA,
        "RETURN",
        [fact(written(KANAZAWA, kinds.PROTECTION, protection()))],
    ),
    # --- erased
    Line(
        "what is erased does not go",
        CARE,
        SUZU,
        None,
        [NAME, TO_SUZU, own(kinds.ERASURE, facets_pb2.Erasure(ground=1))],
    ),
    Line(
        "the erasure of one facet leaves the others",
        CARE,
        SUZU,
        "CONSENT",
        [NAME, TO_SUZU, own(kinds.ERASURE, facets_pb2.Erasure(ground=1, facets=[kinds.NOTE]))],
    ),
    # --- not about people
    Line("a place is for all members", own(kinds.PLACE, kind=PLACE), MEDICS, "NOT_PERSONAL"),
    Line("a place's state is for all members", own(kinds.STATUS, kind=PLACE), SUZU, "NOT_PERSONAL"),
    Line("counts are for all members", own(kinds.TALLY, kind=ORGANISATION), SUZU, "NOT_PERSONAL"),
    Line(
        "another's word on a place that does not count is not passed on",
        fact(written(SUZU, kinds.PLACE, kind=PLACE), counts=False),
        NANAO,
        None,
    ),
    Line("a place is not for strangers", own(kinds.PLACE, kind=PLACE), "999999", None),
    Line("a disaster is for all members", own(kinds.DISASTER, kind=DISASTER), SUZU, "NOT_PERSONAL"),
    Line("an enrolment is for all members", fact(about_organisation(WAJIMA, kinds.ENROLMENT)), SUZU, "NOT_PERSONAL"),
    Line("a note that calls itself a place's does not go", own(kinds.NOTE, kind=PLACE, slot=b"n"), SUZU, None),
    Line("a place that calls itself a person does not go", own(kinds.PLACE), SUZU, None),
    Line("an unknown facet of an organisation does not go", own(99, kind=ORGANISATION), SUZU, None),
    Line(
        "an application, which lists people, goes to its holder",
        fact(
            about_organisation(
                SUZU,
                kinds.AGREEMENT,
                facets_pb2.Agreement(
                    application=facets_pb2.Application(applicant=SUZU, holder=NANAO).SerializeToString()
                ),
            )
        ),
        NANAO,
        "NOT_PERSONAL",
        minted_by=None,
    ),
    Line(
        "an application goes to nobody else",
        fact(
            about_organisation(
                WAJIMA,
                kinds.AGREEMENT,
                facets_pb2.Agreement(
                    application=facets_pb2.Application(applicant=WAJIMA, holder=NANAO).SerializeToString()
                ),
            )
        ),
        SUZU,
        None,
    ),
    # --- purpose
    Line("no record goes out for statistics", CARE, SUZU, None, [NAME, TO_SUZU], purpose=Purpose.STATISTICS),
    Line("no record goes out for an inquiry", CARE, SUZU, None, [NAME, TO_SUZU], purpose=Purpose.INQUIRY),
]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.sentence)
def test_the_table(line: Line) -> None:
    facts = list({id(fact): fact for fact in (*line.among, line.ask)}.values())
    subject = known(facts, line.here, minted_by=line.minted_by, holders=frozenset(line.holders), linked=line.linked)
    release = may_release(
        line.ask,
        subject,
        Recipient(line.to, line.node, frozenset(line.places)),
        federation(line.here, grants=line.grants, activations=line.activations),
        now_ms=NOW,
        purpose=line.purpose,
    )
    basis = release and exchange_pb2.Basis.Name(exchange_pb2.Basis.ValueType(release.basis)).removeprefix("BASIS_")
    assert basis == line.expect
    if line.rests_on:
        assert release is not None
        assert release.basis_record == line.rests_on


def test_the_table_has_no_line_twice() -> None:
    assert len({line.sentence for line in TABLE}) == len(TABLE)

"""Two nodes of one town hall that have written different things about one person, and have met since."""

from collections.abc import Sequence

from node.desk.desk import Desk
from node.people.facets import Contact, FacetModel, Identity, Residence
from node.records.kinds import CONTACT, IDENTITY, RESIDENCE
from tests.builders.nodes import Federation
from tests.builders.shelter import FIELD, shelter
from tests.builders.trust import WAJIMA

AT_FIELD: Sequence[tuple[int, FacetModel]] = (
    (IDENTITY, Identity(family_name="森", given_name="花子", family_kana="モリ", given_kana="ハナコ", sex=2)),
    (RESIDENCE, Residence(municipality=WAJIMA, address="輪島市河井町1番地")),
    (CONTACT, Contact(phone="0768-22-1111")),
)
AT_HOME: Sequence[tuple[int, FacetModel]] = (
    (IDENTITY, Identity(family_name="森", given_name="華子", family_kana="モリ", given_kana="ハナコ", alias="はな")),
)


def contradiction(made: Federation) -> tuple[Desk, bytes]:
    """The desk of the shelter, and somebody whose name the town hall has written otherwise a minute later."""
    desk = shelter(made)
    subject = _write(made, FIELD, "tanaka", made[FIELD].post("tanaka", b"").mint(), AT_FIELD)
    assert made.meet(FIELD, WAJIMA)
    _write(made, FIELD, "tanaka", subject, [(IDENTITY, Identity(family_name="森", given_name="花子", sex=2))])
    made.time.later(minutes=1)
    _write(made, WAJIMA, "suzuki", subject, AT_HOME)
    assert made.meet(FIELD, WAJIMA)
    made.time.later(minutes=1)
    return desk, subject


def _write(made: Federation, node: str, operator: str, subject: bytes, says: Sequence[tuple[int, FacetModel]]) -> bytes:
    with made[node].pen.sheet(operator=operator, act="register") as sheet:
        for facet, said in says:
            sheet.put(subject, facet, said)
    return subject

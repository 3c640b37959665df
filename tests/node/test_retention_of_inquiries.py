"""Kept safety inquiries go when their time is over: not while a disaster is open, and without a name in the log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moyai.v1 import record_pb2
from node.desk.desk import Desk
from node.desk.inquiries import Inquirer
from node.desk.inquiring import Sought
from node.desk.views import NewPerson
from node.people.facets import Disaster, to_content
from node.records.kinds import DISASTER
from node.retention import ACT
from tests.builders.nodes import Federation, federation
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA

DAY_MINUTES = 24 * 60
KIND = int(record_pb2.SUBJECT_KIND_DISASTER)
BROTHER = Inquirer(
    name="能登谷 次郎",
    address="金沢市広坂1-1",
    relation="kin",
    reason="無事を知りたい",
    document="licence",
    agrees=True,
)
WHOM = Sought("能登谷 花", "", "", "S230503", 2)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA, ISHIKAWA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation) -> Desk:
    """A town hall that has answered one inquiry."""
    desk = made[WAJIMA].desk("sato")
    subject = desk.register(NewPerson(family_name="能登谷", given_name="花", birth="19480503", sex=2)).subjects[0]
    assert desk.inquiries.answer(BROTHER, WHOM, meant=subject).outcome == "told"
    return desk


def declare(made: Federation, *area: str, closed: bool = False, subject: bytes = b"d" * 16) -> None:
    """The prefecture's word on a disaster, as Wajima has it."""
    at = made.time()
    said = Disaster(name="地震", area=area, from_ms=1, closed_at_ms=at if closed else None)
    with made[ISHIKAWA].pen.sheet(operator="gov", act="declare") as sheet:
        sheet.put_anew(subject, DISASTER, to_content(said), kind=KIND)
    assert made.meet(ISHIKAWA, WAJIMA)


def later(made: Federation, days: int) -> int:
    """How many are erased so many days later."""
    made.time.later(minutes=days * DAY_MINUTES)
    return made[WAJIMA].inquiry_retention.sweep()


def test_an_inquiry_is_kept_for_its_days_and_goes_then_whole(made: Federation, desk: Desk) -> None:
    days = made[WAJIMA].config.inquiry_days
    assert (later(made, days - 1), len(desk.inquiries.listed())) == (0, 1)
    assert (later(made, 1), desk.inquiries.listed()) == (1, [])
    assert later(made, 1) == 0


def test_nothing_runs_while_a_disaster_is_open_here(made: Federation, desk: Desk) -> None:
    declare(made, WAJIMA)
    assert later(made, 3 * made[WAJIMA].config.inquiry_days) == 0
    declare(made, WAJIMA, closed=True)
    assert later(made, made[WAJIMA].config.inquiry_days - 1) == 0
    assert later(made, 1) == 1


def test_a_disaster_elsewhere_keeps_nothing(made: Federation, desk: Desk) -> None:
    declare(made, KANAZAWA)
    assert later(made, made[WAJIMA].config.inquiry_days) == 1


def test_the_log_says_how_many_and_names_nobody(made: Federation, desk: Desk) -> None:
    assert later(made, made[WAJIMA].config.inquiry_days) == 1
    entry = made[WAJIMA].ledger.audit_newest(1)[0].entry
    assert (entry.act, entry.count, entry.subject, entry.operator) == (ACT, 1, None, "moyai")
    assert "能登谷" not in repr(entry)
    assert desk.reading_log.chain().holds

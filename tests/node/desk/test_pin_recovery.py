"""The only chief who forgot the PIN: given anew by who opens the node, seen by everybody until somebody knows of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.operators import Operators
from node.desk.pin_recovery import ACKNOWLEDGE, RECOVER, PinRecovery
from node.errors import OperatorUnknown, PinTooPlain, PinWrong
from node.errors.staff import AnotherChief, NotAChief, NothingToAcknowledge, NotTheirs
from node.trust.keyfile import Effort
from tests.builders.nodes import Federation, federation
from tests.builders.trust import WAJIMA

QUICK = Effort(1, 8192)
NEW = "5162"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        Operators(federated[WAJIMA].post("root", b""), QUICK).add("sato", "chief", "4082")
        yield federated


def staff(made: Federation, operator: str) -> Operators:
    return Operators(made[WAJIMA].post(operator, b""), QUICK)


def recovery(made: Federation, operator: str = "root") -> PinRecovery:
    return PinRecovery(made[WAJIMA].post(operator, b""), staff(made, operator))


def test_the_only_chief_is_lent_a_pin_and_chooses_their_own(made: Federation) -> None:
    assert recovery(made).recover("sato", NEW).pin_is_lent
    with pytest.raises(PinWrong):
        staff(made, "sato").sign_in("sato", "4082")
    assert staff(made, "sato").sign_in("sato", NEW).pin_is_lent
    assert not staff(made, "sato").change_pin("sato", NEW, "8240").pin_is_lent


def test_it_is_logged_with_who_did_it_and_stands_on_every_screen(made: Federation) -> None:
    recovery(made).recover("sato", NEW)
    entry = made[WAJIMA].ledger.audit_newest(1)[0].entry
    assert (entry.act, entry.operator, entry.purpose) == (RECOVER, "root", "staff:sato")
    for operator in ("sato", "tanaka"):
        assert made[WAJIMA].desk(operator).standing().pin_recovered == "sato"


def test_another_than_the_chief_acknowledges_where_there_is_another(made: Federation) -> None:
    staff(made, "sato").add("tanaka", "clerk", "7395")
    made.time.later(minutes=1)
    recovery(made).recover("sato", NEW)
    with pytest.raises(NotTheirs):
        recovery(made, "sato").acknowledge()
    assert recovery(made, "tanaka").acknowledge().code == "sato"
    assert made[WAJIMA].desk("tanaka").standing().pin_recovered == ""
    assert made[WAJIMA].ledger.audit_newest(1)[0].entry.act == ACKNOWLEDGE
    with pytest.raises(NothingToAcknowledge):
        recovery(made, "tanaka").acknowledge()


def test_who_was_made_staff_since_is_no_witness_nor_is_there_none_once_the_others_are_sent_away(
    made: Federation,
) -> None:
    staff(made, "sato").add("tanaka", "clerk", "7395")
    made.time.later(minutes=1)
    recovery(made).recover("sato", NEW)
    made.time.later(minutes=1)
    staff(made, "sato").add("ghost", "clerk", "5938")
    staff(made, "sato").retire("tanaka")
    for operator in ("ghost", "sato"):
        with pytest.raises(NotTheirs):
            recovery(made, operator).acknowledge()
    made.time.later(days=31)
    assert recovery(made, "sato").acknowledge().code == "sato"


def test_who_works_alone_acknowledges_their_own(made: Federation) -> None:
    recovery(made).recover("sato", NEW)
    assert recovery(made, "sato").acknowledge().by == "root"


def test_where_another_chief_works_it_is_theirs_to_do(made: Federation) -> None:
    staff(made, "sato").add("mori", "chief", "620815")
    with pytest.raises(AnotherChief):
        recovery(made).recover("sato", NEW)
    assert made[WAJIMA].desk("sato").standing().pin_recovered == ""


def test_nobody_becomes_a_chief_by_it_and_no_plain_pin_is_lent(made: Federation) -> None:
    staff(made, "sato").add("tanaka", "clerk", "7395")
    for code, error in (("tanaka", NotAChief), ("ito", OperatorUnknown)):
        with pytest.raises(error):
            recovery(made).recover(code, NEW)
    with pytest.raises(PinTooPlain):
        recovery(made).recover("sato", "3333")
    assert staff(made, "sato").sign_in("sato", "4082").code == "sato"


def test_it_waits_for_those_alone_who_may_acknowledge_it(made: Federation) -> None:
    staff(made, "sato").add("tanaka", "clerk", "7395")
    assert recovery(made, "tanaka").mine_to_acknowledge() is None
    made.time.later(minutes=1)
    recovery(made).recover("sato", NEW)
    assert recovery(made, "sato").mine_to_acknowledge() is None
    waiting = recovery(made, "tanaka").mine_to_acknowledge()
    assert waiting is not None
    assert (waiting.code, waiting.by) == ("sato", "root")
    assert recovery(made, "tanaka").acknowledge() == waiting
    assert recovery(made, "tanaka").mine_to_acknowledge() is None

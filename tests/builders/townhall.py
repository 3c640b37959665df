"""One town hall's node with a desk, and residents and places made as a test asks for them, none of them shared."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from pathlib import Path

from node.desk.desk import Desk
from node.desk.intake import Intake
from node.errors import MoyaiError
from node.exchange.report import Report
from node.installation import Installation
from node.records.record import Record
from tests.builders.nodes import Federation, federation
from tests.builders.trust import WAJIMA

COLUMNS = "住民番号,世帯番号,姓,名,セイ,メイ,生年月日,性別,住所,続柄,電話番号,要配慮"


@dataclass(slots=True)
class TownHall:
    """A home node. Every resident has a household of their own unless the test says which."""

    made: Federation
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def node(self) -> Installation:
        """The home node."""
        return self.made[WAJIMA]

    def desk(self, operator: str = "tanaka", *, at: str = "") -> Desk:
        """A desk, at a place of this name made for it where one is named."""
        desk = self.node.desk(operator)
        if at:
            desk.use_place(desk.create_place(at))
        return desk

    def resident(self, family: str = "山岸", given: str = "正一", **others: str) -> bytes:
        """Somebody of the register whom nobody has seen yet; returns their subject."""
        number = next(self.numbers)
        row = {
            "key": f"r{number:05}",
            "household": f"h{number:05}",
            "kana_family": "ヤマギシ",
            "kana_given": "ショウイチ",
            "birth": "1948-05-03",
            "sex": "男",
            "address": "石川県輪島市河井町15部13番地",
            "relation": "世帯主",
            "phone": "",
            "care": "",
        } | others
        cells = (row["key"], row["household"], family, given, row["kana_family"], row["kana_given"], row["birth"])
        line = ",".join((*cells, row["sex"], row["address"], row["relation"], row["phone"], row["care"]))
        self.residents(f"{COLUMNS}\n{line}\n")
        subject = self.node.ledger.resident_by_key(row["key"])
        assert subject is not None
        return subject

    def residents(self, text: str, encoding: str = "utf-8") -> Report:
        """Take a register in."""
        return self._intake.residents(BytesIO(text.encode(encoding)), "residents.csv", progress=_silent, journal=None)

    def places(self, text: str) -> Report:
        """Take a list of places in."""
        return self._intake.places(BytesIO(text.encode()), "places.csv", progress=_silent, journal=None)

    def statuses(self, text: str, name: str = "open_shelter_2024-01-01-1800.csv") -> Report:
        """Take a list of headcounts in."""
        return self._intake.statuses(BytesIO(text.encode()), name, progress=_silent, journal=None)

    def seq(self) -> int:
        """A number that grows with every record written."""
        return self.node.ledger.newest_seq()

    def heads(self, subject: bytes, facet: int) -> list[Record]:
        """What stands, of one facet."""
        return [held.record for held in self.node.ledger.heads(subject, facet)]

    def log(self, length: int = 1) -> list[str]:
        """The newest entries of the log, whole, as text."""
        newest, _ = self.node.ledger.audit_head()
        return [repr(one.entry) for one in self.node.ledger.audit(newest - length, limit=length)]

    @property
    def _intake(self) -> Intake:
        return Intake(self.node.post("setup", b""))


@contextmanager
def town_hall(folder: Path) -> Iterator[TownHall]:
    """The town hall of Wajima, alone in its federation."""
    with federation(folder, WAJIMA) as made:
        yield TownHall(made)


def reason(error: MoyaiError) -> str:
    """What a refusal is called, having made sure that it tells nothing of a person."""
    assert not any("山岸" in str(value) for value in error.details.values())
    return error.reason


def _silent(_done: int, _whole: int) -> None:
    """Nobody watches."""

"""Coordinating offices on real nodes: Nanao with a register and the headcounts it published, and its prefecture."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from node.coordination import Coordination
from node.desk.intake import Intake
from node.desk.views import NewPerson
from tests.builders.importing import NANAO
from tests.builders.nodes import Federation, federation
from tests.builders.townhall import COLUMNS
from tests.builders.trust import ISHIKAWA, KANAZAWA

NANAO_CODE = "172022"
REGISTER = """r1,h1,山岸,正一,ヤマギシ,ショウイチ,1940-05-03,男,石川県七尾市府中町1番地,世帯主,0767-53-0001,要介護3
r2,h1,山岸,和子,ヤマギシ,カズコ,1943-11-20,女,石川県七尾市府中町1番地,妻,,
r3,h2,大谷内,由美子,オオヤチ,ユミコ,1970-12-24,女,石川県七尾市一本杉町2番地,世帯主,,
r4,h2,大谷内,実,オオヤチ,ミノル,2020-02-03,男,石川県七尾市一本杉町2番地,子,,
r5,h3,久保田,ハル,クボタ,ハル,,女,石川県七尾市中島町浜田3番地,世帯主,,人工透析
"""


@dataclass(frozen=True, slots=True)
class Offices:
    """Nanao and Ishikawa, after Nanao's reports of three months."""

    made: Federation

    @property
    def town(self) -> Coordination:
        """The town's office."""
        return self.made[NANAO_CODE].coordination("saito")

    @property
    def prefecture(self) -> Coordination:
        """The prefecture's."""
        return self.made[ISHIKAWA].coordination("chosei")

    def meet(self) -> None:
        """Both speak."""
        self.made.meet(NANAO_CODE, ISHIKAWA)


@contextmanager
def offices(folder: Path, *others: str) -> Iterator[Offices]:
    """With somebody checked in who consented, and an application of the prefecture that waits for a decision."""
    with federation(folder, NANAO_CODE, KANAZAWA, ISHIKAWA, *others) as made:
        made.time.later(days=87)
        node = made[NANAO_CODE]
        intake = Intake(node.post("setup", b""))
        for path in sorted(NANAO.glob("open_*.csv")):
            with path.open("rb") as stream:
                intake.statuses(stream, path.name, progress=_silent, journal=None)
        intake.residents(BytesIO(f"{COLUMNS}\n{REGISTER}".encode()), "residents.csv", progress=_silent, journal=None)
        desk = node.desk("tanaka")
        place = desk.places("矢田郷")[0].subject
        desk.register(NewPerson(family_name="森", given_name="実", birth="S230503", share=True), place=place)
        made.granting(ISHIKAWA).apply(NANAO_CODE, facets=["identity", "stay", "care"], purpose="避難者の支援")
        both = Offices(made)
        both.meet()
        yield both


def _silent(_done: int, _whole: int) -> None:
    """Nobody watches."""

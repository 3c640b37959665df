"""A shelter's desk on a real field node: made-up residents loaded beforehand, a gymnasium, and a home node out of
reach."""

from io import BytesIO

from node.desk.desk import Desk
from node.desk.intake import Intake
from node.installation import Installation
from tests.builders.nodes import Federation
from tests.builders.trust import WAJIMA

FIELD = "kawai"
RESIDENTS = """住民番号,世帯番号,姓,名,セイ,メイ,生年月日,性別,住所,続柄
1,h1,山岸,正一,ヤマギシ,ショウイチ,1948-05-03,男,石川県輪島市河井町15部13番地,世帯主
2,h1,山岸,和子,ヤマギシ,カズコ,1951-11-20,女,石川県輪島市河井町15部13番地,妻
3,h1,山岸,健太,ヤマギシ,ケンタ,1979-02-14,男,石川県輪島市河井町15部13番地,子
4,h1,山岸,美咲,ヤマギシ,ミサキ,2012-08-01,女,石川県輪島市河井町15部13番地,孫
5,h2,大谷内,由美子,オオヤチ,ユミコ,1970-12-24,女,石川県輪島市マリンタウン6-1,世帯主
"""


def shelter(made: Federation) -> Desk:
    """The desk of a gymnasium in Wajima, its node enrolled, its home node not reached since."""
    node = made.add_field(FIELD, WAJIMA)
    desk = node.desk("tanaka")
    Intake(node.post("setup", b"")).residents(
        BytesIO(RESIDENTS.encode()), "residents.csv", progress=lambda _done, _whole: None, journal=None
    )
    desk.use_place(desk.create_place("輪島市立河井小学校体育館", address="石川県輪島市河井町20部1番地"))
    return desk


def present(node: Installation, desk: Desk) -> list[str]:
    """The names of those who are here according to the ledger, read back from the disk."""
    return sorted(person.given_name for person in node.desk("reader", place=desk.place).roster(which="here"))

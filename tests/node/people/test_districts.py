"""The part of a town an address lies in."""

import pytest

from node.people.districts import district


@pytest.mark.parametrize(
    ("address", "municipality", "expected"),
    [
        ("輪島市河井町1部2", "輪島市", "河井町"),
        ("石川県輪島市門前町走出6の69", "輪島市", "門前町"),
        ("石川県七尾市一本杉町１２４", "七尾市", "一本杉町"),
        ("金沢市広坂1-1-1", "金沢市", "広坂"),
        ("東京都文京区本郷三丁目2-1", "文京区", "本郷"),
        ("横浜市中区日本大通1", "横浜市", "日本大通"),
        ("石川県鳳珠郡穴水町字川島ラの174番地", "穴水町", "川島"),
        ("町野町粟蔵ニ部", "輪島市", "町野町"),
        ("四日市市市場町1", "四日市市", "市場町"),
        ("河井町", "", "河井町"),
        ("", "輪島市", ""),
        ("12-3", "輪島市", ""),
    ],
)
def test_a_district_is_told_from_the_address(address: str, municipality: str, expected: str) -> None:
    assert district(address, municipality) == expected

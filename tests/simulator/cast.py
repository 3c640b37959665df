"""Who takes part: three towns with a laptop each under one prefecture, and a town under another."""

from dataclasses import dataclass
from typing import Final

from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA

NANAO: Final = "172022"
TOYAMA: Final = "160008"
TOYAMA_CITY: Final = "162019"

TOWNS: Final = (WAJIMA, KANAZAWA, NANAO, TOYAMA_CITY)
PREFECTURE_OF: Final = {WAJIMA: ISHIKAWA, KANAZAWA: ISHIKAWA, NANAO: ISHIKAWA, TOYAMA_CITY: TOYAMA}
CODES: Final = (WAJIMA, KANAZAWA, NANAO, ISHIKAWA, TOYAMA, TOYAMA_CITY)


@dataclass(frozen=True, slots=True)
class Role:
    """One node of the cast."""

    name: str
    code: str
    is_home: bool


CAST: Final = (
    Role("wajima", WAJIMA, True),
    Role("kanazawa", KANAZAWA, True),
    Role("nanao", NANAO, True),
    Role("ishikawa", ISHIKAWA, True),
    Role("toyama", TOYAMA, True),
    Role("toyama-city", TOYAMA_CITY, True),
    Role("wajima-laptop", WAJIMA, False),
    Role("kanazawa-laptop", KANAZAWA, False),
    Role("nanao-laptop", NANAO, False),
)
NAMES: Final = {
    WAJIMA: "輪島市",
    KANAZAWA: "金沢市",
    NANAO: "七尾市",
    ISHIKAWA: "石川県",
    TOYAMA: "富山県",
    TOYAMA_CITY: "富山市",
}
HOME_OF: Final = {role.code: role.name for role in CAST if role.is_home}


def prefecture(code: str) -> str:
    """The prefecture a municipality lies in; empty for a prefecture."""
    return PREFECTURE_OF.get(code, "")

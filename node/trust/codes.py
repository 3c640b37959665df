"""Codes of organisations: six digits with a check digit (全国地方公共団体コード), or "S" and five digits."""

WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(five: str) -> str:
    """The sixth digit: 11 minus the weighted sum modulo 11, of which the last digit counts."""
    weighted = sum(int(digit) * weight for digit, weight in zip(five, WEIGHTS, strict=True))
    return str((11 - weighted % 11) % 10)


def is_local_government(code: str) -> bool:
    """Whether this is the code of a prefecture or municipality, its check digit included."""
    return len(code) == 6 and code.isascii() and code.isdigit() and code[5] == check_digit(code[:5])


def is_prefecture(code: str) -> bool:
    """Whether this is a prefecture's code: 01 to 47, then 000."""
    return is_local_government(code) and code[2:5] == "000" and "01" <= code[:2] <= "47"


def is_municipality(code: str) -> bool:
    """Whether this is a municipality's code."""
    return is_local_government(code) and code[2:5] != "000" and "01" <= code[:2] <= "47"


def is_support(code: str) -> bool:
    """Whether this is a support organisation's code: "S" and five digits."""
    return len(code) == 6 and code[0] == "S" and code[1:].isascii() and code[1:].isdigit()


def prefecture_of(code: str) -> str:
    """The code of the prefecture a municipality lies in; empty where the code is no municipality's."""
    if not is_municipality(code):
        return ""
    five = f"{code[:2]}000"
    return five + check_digit(five)

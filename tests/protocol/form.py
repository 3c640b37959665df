"""The form of one vector, as its file holds it."""

Vector = dict[str, object]
Named = tuple[str, Vector]


def vector(kind: str, description: str, expected: dict[str, object], **inputs: object) -> Vector:
    """One vector as its file holds it: bytes in hex."""
    return {"kind": kind, "description": description, "inputs": _hex(inputs), "expected": expected}


def _hex(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: _hex(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_hex(each) for each in value]
    return value


def accepted(**also: object) -> dict[str, object]:
    return {"accept": True, **also}


def refused(reason: str, **details: object) -> dict[str, object]:
    return {"refuse": reason, **({"details": details} if details else {})}

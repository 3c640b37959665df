"""PINs of operators: checked against an Argon2id verifier, from which no PIN can be read back."""

import json
import unicodedata
from typing import Final

from nacl.bindings import sodium_memcmp
from nacl.pwhash import argon2id

from node.errors import PinTooPlain
from node.trust.keyfile import MOST, Effort
from node.trust.keys import Entropy

PIN_MIN: Final = 4
PIN_MAX: Final = 12
HASH_BYTES: Final = 32

DESK: Final = Effort(3, 64 * 1024**2)
"""64 MiB, about 0.2 s: an operator signs in many times a day, tries are throttled, and the ledger around it is
encrypted."""

_RUN: Final = "01234567890"


def verifier(pin: str, *, entropy: Entropy, effort: Effort = DESK) -> str:
    """What a PIN is checked against later.

    Raises:
        PinTooPlain: it is not 4 to 12 digits, or it is one digit over and over, or digits in a row.
    """
    digits = _digits(pin)
    if not (PIN_MIN <= len(digits) <= PIN_MAX and digits.isascii() and digits.isdigit()):
        raise PinTooPlain(rule="digits", least=PIN_MIN, most=PIN_MAX)
    if len(set(digits)) == 1 or digits in _RUN or digits[::-1] in _RUN:
        raise PinTooPlain(rule="row", least=PIN_MIN, most=PIN_MAX)
    salt = entropy(argon2id.SALTBYTES)
    hashed = _hashed(digits, salt, effort)
    return json.dumps({"ops": effort.ops, "mem": effort.mem, "salt": salt.hex(), "hash": hashed.hex()})


def holds(pin: str, written: str) -> bool:
    """Whether this is the PIN; takes as long for a wrong one. Full-width digits are digits."""
    fields = json.loads(written)
    effort = Effort(min(int(fields["ops"]), MOST.ops), min(int(fields["mem"]), MOST.mem))
    return sodium_memcmp(_hashed(_digits(pin), bytes.fromhex(fields["salt"]), effort), bytes.fromhex(fields["hash"]))


def _digits(pin: str) -> str:
    return unicodedata.normalize("NFKC", pin).strip()


def _hashed(digits: str, salt: bytes, effort: Effort) -> bytes:
    return argon2id.kdf(HASH_BYTES, digits.encode(), salt, opslimit=effort.ops, memlimit=effort.mem)

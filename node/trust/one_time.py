"""One-time codes that let a new node enrol: read aloud in a town hall, typed in a shelter, kept only as a hash."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from hmac import compare_digest

from node.errors import CodeExpired, CodeSpent, CodeWrong, TrustRefused
from node.trust.keys import Entropy
from sync import limits

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""

TYPED_ALIKE = str.maketrans("ILO", "110")
CODE_CHARACTERS = 12
"""Four that name the code, seven of secret (35 bits, five tries), one that checks the others."""

NAME_CHARACTERS = 4
"""Says which code is meant: a wrong one costs only that code a try, and who does not know its name cannot spend it."""

SALT_BYTES = 16
KEPT_AFTER_MS = 86_400_000
"""An expired code is remembered for a day, so that whoever types it is told why."""


@dataclass(frozen=True, slots=True)
class CodeSlip:
    """What the home node keeps of a code: not the code."""

    name: str
    """The code's first four characters: to list the open codes by."""
    salt: bytes = field(repr=False)
    hash: bytes = field(repr=False)
    expires_at_ms: int
    places: tuple[bytes, ...] = ()
    """The scope the certificate will get: subject ids of places; empty: no limit."""
    tries_left: int = limits.ENROLMENT_TRIES_MAX

    def to_json(self) -> dict[str, str | int | list[str]]:
        """For the ledger."""
        return {
            "name": self.name,
            "salt": self.salt.hex(),
            "hash": self.hash.hex(),
            "expires_at_ms": self.expires_at_ms,
            "places": [place.hex() for place in self.places],
            "tries_left": self.tries_left,
        }

    @classmethod
    def from_json(cls, kept: dict[str, str | int | list[str]]) -> "CodeSlip":
        """Back from the ledger. Our own writing: what is out of shape is our mistake."""
        places = kept["places"]
        assert isinstance(places, list)  # noqa: S101
        return cls(
            name=str(kept["name"]),
            salt=bytes.fromhex(str(kept["salt"])),
            hash=bytes.fromhex(str(kept["hash"])),
            expires_at_ms=int(str(kept["expires_at_ms"])),
            places=tuple(bytes.fromhex(place) for place in places),
            tries_left=int(str(kept["tries_left"])),
        )


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try came to: a slip or a refusal, and the slips to keep from now on, durably, before anything else."""

    slips: tuple[CodeSlip, ...]
    accepted: CodeSlip | None = None
    refusal: TrustRefused | None = None


def new_code(entropy: Entropy) -> str:
    """A code to read aloud, such as "7QK4-M2XN-0RTW"; its last character finds one mistyped."""
    number = int.from_bytes(entropy(7), "big") >> 1
    characters = [ALPHABET[(number >> (5 * place)) & 31] for place in range(CODE_CHARACTERS - 1)]
    code = "".join(characters)
    code += _check_character(code)
    return "-".join(code[start : start + 4] for start in range(0, CODE_CHARACTERS, 4))


def slip_for(code: str, *, salt: bytes, expires_at_ms: int, places: Sequence[bytes] = ()) -> CodeSlip:
    """What to keep of a code that was just made; the salt is 16 bytes of chance."""
    plain = normalised(code)
    return CodeSlip(plain[:NAME_CHARACTERS], salt, code_hash(plain, salt), expires_at_ms, tuple(places))


def code_hash(code: str, salt: bytes) -> bytes:
    """Keyed BLAKE2b, 32 bytes. No password hash: a code is chance, lives an hour, and lies in an encrypted store."""
    return blake2b(code.encode(), key=salt, digest_size=32, person=b"moyai.v1 code").digest()


def normalised(typed: str) -> str:
    """As typed in any case, width, grouping, with I, L and O for 1, 1 and 0, as the 12 characters meant."""
    narrow = "".join(chr(ord(each) - 0xFEE0) if "！" <= each <= "～" else each for each in typed)
    kept = [each for each in narrow.upper().translate(TYPED_ALIKE) if each in ALPHABET]
    return "".join(kept)


def is_well_typed(typed: str) -> bool:
    """Whether the check character fits: asked before anything is sent, so that a slip of the finger costs no try."""
    code = normalised(typed)
    return len(code) == CODE_CHARACTERS and code[-1] == _check_character(code[:-1])


def try_code(slips: Sequence[CodeSlip], typed: str, now_ms: int) -> Tried:
    """Try a typed code. A right one is used up; a wrong one costs the code of that name one of its tries.

    The refusal is CodeWrong, CodeExpired or CodeSpent, and the same for a name never given as for a wrong secret.
    """
    code = normalised(typed)
    kept = tuple(slip for slip in slips if now_ms < slip.expires_at_ms + KEPT_AFTER_MS)
    for slip in kept:
        if slip.name == code[:NAME_CHARACTERS]:
            others = tuple(other for other in kept if other is not slip)
            return _judged(slip, others, code, now_ms)
    return Tried(kept, refusal=CodeWrong())


def _judged(slip: CodeSlip, others: tuple[CodeSlip, ...], code: str, now_ms: int) -> Tried:
    if slip.tries_left <= 0:
        return Tried((*others, slip), refusal=CodeSpent())
    if not compare_digest(code_hash(code, slip.salt), slip.hash):
        return Tried((*others, replace(slip, tries_left=slip.tries_left - 1)), refusal=CodeWrong())
    if now_ms >= slip.expires_at_ms:
        return Tried((*others, slip), refusal=CodeExpired())
    return Tried(others, accepted=slip)


def _check_character(code: str) -> str:
    """Odd weights modulo 32 find every single mistyped character, and most swapped neighbours."""
    return ALPHABET[sum(ALPHABET.index(each) * (2 * place + 1) for place, each in enumerate(code)) % 32]

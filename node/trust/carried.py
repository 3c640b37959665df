"""Enrolment without a line: the request and its answer as files, each sealed to who may open it.

Two things can vouch for a request, which lies in nobody's sight on its way: a one-time code in it, as over a line; or
its fingerprint, read aloud at the new node and compared by the operator who answers. The answer vouches for itself: it
holds the organisation's signature over this node's key.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from node.errors import EnrolmentFileMalformed, EnrolmentForAnother, SignatureWrong
from node.trust.boxing import boxed
from node.trust.keys import BoxKey, Entropy
from node.trust.one_time import ALPHABET, normalised

REQUEST: Final = "moyai enrolment request"
ANSWER: Final = "moyai enrolment answer"
VERSION: Final = 1
FILE_BYTES_MAX: Final = 8_388_608
"""An answer holds the roster: at most 3 MB, in base64 twice."""
FINGERPRINT_LABEL: Final = b"moyai.v1 enrolment request\n"
FINGERPRINT_CHARACTERS: Final = 16
"""80 bits: nobody makes another request with the same one."""


@dataclass(frozen=True, slots=True)
class CarriedRequest:
    """What a new node asks with."""

    code: str = field(repr=False)
    """The one-time code; empty where the fingerprint is to vouch for it."""
    wish: bytes
    claim: bytes


@dataclass(frozen=True, slots=True)
class CarriedAnswer:
    """What it gets."""

    certificate: bytes
    roster: bytes
    home: bytes
    """The certificate of the home node that answers."""


def request_file(request: CarriedRequest, *, organisation: str, box_key: bytes, entropy: Entropy) -> bytes:
    """A request, sealed to the organisation's box key."""
    inside = {"code": request.code, "wish": _text(request.wish), "claim": _text(request.claim)}
    return _written(REQUEST, organisation, inside, box_key, entropy)


def read_request(written: bytes, *, organisation: str, key: BoxKey) -> CarriedRequest:
    """The request in a file.

    Raises:
        EnrolmentFileMalformed: it is none, or was changed.
        EnrolmentForAnother: it is for another organisation, or sealed to a key that is not its own any more.
    """
    inside = _opened(REQUEST, written, organisation, key)
    return CarriedRequest(inside["code"], _bytes(inside["wish"]), _bytes(inside["claim"]))


def answer_file(answer: CarriedAnswer, *, node: bytes, box_key: bytes, entropy: Entropy) -> bytes:
    """An answer, sealed to the new node's box key."""
    inside = {"certificate": _text(answer.certificate), "roster": _text(answer.roster), "home": _text(answer.home)}
    return _written(ANSWER, node.hex(), inside, box_key, entropy)


def read_answer(written: bytes, *, node: bytes, key: BoxKey) -> CarriedAnswer:
    """The answer in a file. Raises as `read_request`."""
    inside = _opened(ANSWER, written, node.hex(), key)
    return CarriedAnswer(_bytes(inside["certificate"]), _bytes(inside["roster"]), _bytes(inside["home"]))


def fingerprint(wish: bytes) -> str:
    """Of a whole request, box key and TLS certificate included, to read aloud: such as "7QK4-M2XN-0RTW-8DGH"."""
    number = int.from_bytes(sha256(FINGERPRINT_LABEL + wish).digest()[:10], "big")
    plain = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(FINGERPRINT_CHARACTERS)))
    return "-".join(plain[start : start + 4] for start in range(0, FINGERPRINT_CHARACTERS, 4))


def is_fingerprint(typed: str, wish: bytes) -> bool:
    """Whether what was typed, in any case, width or grouping, is the fingerprint of this request."""
    return normalised(typed) == normalised(fingerprint(wish))


_INSIDE: Final = {REQUEST: {"code", "wish", "claim"}, ANSWER: {"certificate", "roster", "home"}}


def _written(form: str, whom: str, inside: dict[str, str], box_key: bytes, entropy: Entropy) -> bytes:
    box = boxed(json.dumps(inside).encode(), box_key, entropy)
    fields = {"format": form, "version": VERSION, "for": whom, "box": _text(box), "check": _check(box)}
    return (json.dumps(fields, indent=2) + "\n").encode()


def _opened(form: str, written: bytes, whom: str, key: BoxKey) -> dict[str, str]:
    if len(written) > FILE_BYTES_MAX:
        raise EnrolmentFileMalformed(rule="size")
    fields = _read(written)
    if fields.get("format") != form:
        raise EnrolmentFileMalformed(rule="format")
    if fields.get("version") != VERSION:
        raise EnrolmentFileMalformed(rule="version")
    box = _bytes(fields.get("box"))
    if fields.get("check") != _check(box):
        raise EnrolmentFileMalformed(rule="changed")
    if fields.get("for") != whom:
        raise EnrolmentForAnother(what="for")
    try:
        inside = _read(key.unbox(box))
    except SignatureWrong as error:
        raise EnrolmentForAnother(what="key") from error
    said = {name: value for name, value in inside.items() if isinstance(value, str)}
    if not _INSIDE[form] <= set(said):
        raise EnrolmentFileMalformed(rule="fields")
    return said


def _read(written: bytes) -> dict[str, object]:
    try:
        fields = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise EnrolmentFileMalformed(rule="encoding") from error
    if not isinstance(fields, dict):
        raise EnrolmentFileMalformed(rule="format")
    return fields


def _text(value: bytes) -> str:
    return b64encode(value).decode()


def _bytes(value: object) -> bytes:
    try:
        return b64decode(str(value), validate=True)
    except ValueError as error:
        raise EnrolmentFileMalformed(rule="encoding") from error


def _check(box: bytes) -> str:
    return sha256(box).digest()[:8].hex()

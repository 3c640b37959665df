"""The cards that members and trustees hand over in person: JSON with nothing secret in it."""

import json
from base64 import b64decode, b64encode

from moyai.v1 import facets_pb2 as facets, trust_pb2 as wire
from node.errors import CardMalformed
from node.trust.codes import prefecture_of
from node.trust.keys import key_is_sound
from node.trust.organisation import Organisation, broken_rule, unsound_key
from node.trust.roster import Trustee

MEMBER = "moyai member card"
TRUSTEE = "moyai trustee card"
VERSION = 1
CARD_BYTES_MAX = 65_536

KIND_WORDS = {
    "municipality": facets.ORGANISATION_KIND_MUNICIPALITY,
    "prefecture": facets.ORGANISATION_KIND_PREFECTURE,
    "support": facets.ORGANISATION_KIND_SUPPORT,
}

Json = dict[str, object]


def member_card(member: wire.Organisation, *, drill: bool = False) -> bytes:
    """A member's card: its entry for the roster, as it wishes it. A municipality's prefecture is filled in.

    `drill`: its node was made for drills.

    Raises:
        CardMalformed: it breaks a rule of the roster.
    """
    whole = wire.Organisation()
    whole.CopyFrom(member)
    if member.kind == facets.ORGANISATION_KIND_MUNICIPALITY and not member.prefecture:
        whole.prefecture = prefecture_of(member.code)
    _check(whole)
    word = next((word for word, kind in KIND_WORDS.items() if kind == whole.kind), None)
    if word is None:
        raise CardMalformed(rule="kind")
    return _written(
        {
            "format": MEMBER,
            "version": VERSION,
            "drill": drill,
            "code": whole.code,
            "name": whole.name,
            "kind": word,
            "prefecture": whole.prefecture,
            "signing_keys": [
                {
                    "public_key": key.public_key.hex(),
                    "valid_from_ms": key.valid_from_ms,
                    "valid_until_ms": key.valid_until_ms,
                }
                for key in whole.signing_keys
            ],
            "box_key": whole.box_key.hex(),
            "endpoints": list(whole.endpoints),
            "tls_certificates": [b64encode(der).decode() for der in whole.tls_certificates],
        }
    )


def read_member_card(written: bytes) -> wire.Organisation:
    """The roster entry on a card. Compare what it says with its bearer before it goes into a roster.

    Raises:
        CardMalformed: with the rule that does not hold.
    """
    fields = _read(written, MEMBER)
    try:
        member = wire.Organisation(
            code=fields["code"],  # type: ignore[arg-type]
            name=fields["name"],  # type: ignore[arg-type]
            kind=KIND_WORDS[fields["kind"]],  # type: ignore[index]
            prefecture=fields["prefecture"],  # type: ignore[arg-type]
            signing_keys=[
                wire.Key(
                    public_key=bytes.fromhex(key["public_key"]),
                    valid_from_ms=key["valid_from_ms"],
                    valid_until_ms=key["valid_until_ms"],
                )
                for key in fields["signing_keys"]  # type: ignore[attr-defined]
            ],
            box_key=bytes.fromhex(fields["box_key"]),  # type: ignore[arg-type]
            endpoints=fields["endpoints"],  # type: ignore[arg-type]
            tls_certificates=[b64decode(der, validate=True) for der in fields["tls_certificates"]],  # type: ignore[attr-defined]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CardMalformed(rule="fields") from error
    _check(member)
    return member


def is_of_drill(written: bytes) -> bool | None:
    """Whether a member's card is of a node for drills; None: it was made before that was written down.

    Raises:
        CardMalformed: it is no such card.
    """
    drill = _read(written, MEMBER).get("drill")
    return drill if isinstance(drill, bool) else None


def trustee_card(trustee: Trustee) -> bytes:
    """A trustee's card: the office and the public key."""
    return _written(
        {"format": TRUSTEE, "version": VERSION, "office": trustee.office, "public_key": trustee.public_key.hex()}
    )


def read_trustee_card(written: bytes) -> Trustee:
    """The trustee on a card.

    Raises:
        CardMalformed: with the rule that does not hold.
    """
    fields = _read(written, TRUSTEE)
    office = fields.get("office")
    try:
        public_key = bytes.fromhex(str(fields.get("public_key", "")))
    except ValueError as error:
        raise CardMalformed(rule="key") from error
    if not isinstance(office, str) or not 0 < len(office) <= 100:
        raise CardMalformed(rule="office")
    if not key_is_sound(public_key):
        raise CardMalformed(rule="key")
    return Trustee(public_key, office)


def _check(member: wire.Organisation) -> None:
    opened = Organisation.of(member)
    rule = broken_rule(opened) or ("key" if unsound_key(opened) else None)
    if rule:
        raise CardMalformed(rule=rule)


def _read(written: bytes, form: str) -> Json:
    if len(written) > CARD_BYTES_MAX:
        raise CardMalformed(rule="size")
    try:
        fields = json.loads(written)
    except ValueError as error:
        raise CardMalformed(rule="encoding") from error
    if not isinstance(fields, dict) or fields.get("format") != form or fields.get("version") != VERSION:
        raise CardMalformed(rule="format")
    return fields


def _written(fields: Json) -> bytes:
    return (json.dumps(fields, ensure_ascii=False, indent=2) + "\n").encode()

"""Writes protocol/vectors again, byte for byte: `python -m tests.protocol.make_vectors`."""

import json
from collections.abc import Callable, Iterator
from hashlib import sha512
from pathlib import Path

from nacl.bindings import crypto_core_ed25519_add, crypto_scalarmult_ed25519_base_noclamp

from moyai.v1 import facets_pb2 as facets, record_pb2, trust_pb2
from node.records import kinds
from node.records.record import Record
from node.records.subjects import node_id, organisation_subject
from node.trust import labels
from node.trust.agreements import apply, decide
from node.trust.keys import OrganisationKey, TrusteeKey
from node.trust.revocation import revoke
from node.trust.roster import sign_roster
from sync.envelope import SealedRecord
from tests.builders.trust import (
    DAY_MS,
    ISHIKAWA,
    KANAZAWA,
    NOW_MS,
    ORGANISATION_KEYS,
    SUPPORT,
    TRUSTEES,
    VALID_FROM_MS,
    VALID_UNTIL_MS,
    WAJIMA,
    TestNode,
    node,
    seed,
    signed_by,
    signed_roster,
    unsigned,
)
from tests.protocol.bundle_vectors import bundle_vectors
from tests.protocol.card_vectors import card_vectors
from tests.protocol.content_vectors import content_vectors
from tests.protocol.form import Named, Vector, accepted, refused, vector
from tests.protocol.session_vectors import session_vectors
from tests.protocol.sketch_vectors import sketch_vectors

FOLDER = Path(__file__).resolve().parents[2] / "protocol" / "vectors"

ORDER = 2**252 + 27742317777372353535851937790883648493
IDENTITY = b"\x01" + bytes(31)
ORDER_8 = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
NOT_CANONICAL_KEY = (2**255 - 19 + 3).to_bytes(32, "little")

HOME = node(WAJIMA, "home")
FIELD = node(WAJIMA, "field", kind=trust_pb2.NODE_KIND_FIELD)
OTHER = node(KANAZAWA, "home")
NEWCOMERS = tuple(TrusteeKey(seed(f"newcomer {number}")) for number in range(3))


def flipped(original: bytes, place: int) -> bytes:
    return original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :]


def sealed(record: SealedRecord) -> dict[str, bytes]:
    return {"body": record.body, "signature": record.signature}


# --- signatures: does this seal hold under this key


def seal_vectors() -> Iterator[Named]:
    good = HOME.record().sealed
    key = HOME.key.public_key

    def seal(description: str, body: bytes, signature: bytes, public_key: bytes = key) -> Vector:
        fine = description.startswith("A good")
        expected = accepted(id=SealedRecord(body, signature).id.hex()) if fine else refused("SIGNATURE_WRONG")
        return vector("seal", description, expected, body=body, signature=signature, public_key=public_key)

    yield (
        "accept/seal",
        seal("A good seal; the id is SHA-256 over the id label and the body.", good.body, good.signature),
    )
    yield "refuse/seal-changed-body", seal("One bit of the body changed.", flipped(good.body, 20), good.signature)
    yield "refuse/seal-changed-r", seal("One bit of R changed.", good.body, flipped(good.signature, 5))
    yield "refuse/seal-changed-s", seal("One bit of S changed.", good.body, flipped(good.signature, 40))
    yield "refuse/seal-truncated-body", seal("The last byte of the body is missing.", good.body[:-1], good.signature)
    yield "refuse/seal-truncated-signature", seal("63 bytes of signature.", good.body, good.signature[:-1])
    yield "refuse/seal-other-key", seal("Sealed by another node.", good.body, good.signature, OTHER.key.public_key)
    wrong_label = HOME.key.sign(labels.CERTIFICATE, good.body)
    yield "refuse/seal-wrong-label", seal("Signed under the label of certificates.", good.body, wrong_label)
    no_label = HOME.key.sign(b"", good.body)
    yield "refuse/seal-no-label", seal("Signed without a label.", good.body, no_label)
    larger = (int.from_bytes(good.signature[32:], "little") + ORDER).to_bytes(32, "little")
    yield (
        "refuse/seal-s-not-reduced",
        seal("S plus the group order: the equation holds.", good.body, good.signature[:32] + larger),
    )
    yield (
        "refuse/seal-identity-key",
        seal(
            "The key of order 1 with R of order 1 and S = 0: the equation holds.",
            good.body,
            IDENTITY + bytes(32),
            IDENTITY,
        ),
    )
    body = _body_with_hash_divisible_by_8(good.body, IDENTITY, ORDER_8)
    yield (
        "refuse/seal-order-8-key",
        seal(
            "A key of order 8 with S = 0 and a body chosen so that the equation holds.",
            body,
            IDENTITY + bytes(32),
            ORDER_8,
        ),
    )
    yield (
        "refuse/seal-small-order-r",
        seal(
            "R of order 1, S made with the private key: the equation holds.",
            good.body,
            _signature_with_identity_r(good.body),
        ),
    )
    yield (
        "refuse/seal-cofactored-only",
        seal(
            "R with a part of order 8: only the equation times 8 holds.", good.body, _signature_with_mixed_r(good.body)
        ),
    )


def _hash(r: bytes, public_key: bytes, body: bytes) -> int:
    return int.from_bytes(sha512(r + public_key + labels.RECORD + body).digest(), "little") % ORDER


def _private_scalar() -> int:
    stretched = bytearray(sha512(HOME.key.seed).digest()[:32])
    stretched[0] &= 248
    stretched[31] = stretched[31] & 127 | 64
    return int.from_bytes(stretched, "little")


def _body_with_hash_divisible_by_8(body: bytes, r: bytes, public_key: bytes) -> bytes:
    return next(
        longer
        for longer in (body + b"\xfa\x07\x01" + bytes([number]) for number in range(256))
        if _hash(r, public_key, longer) % 8 == 0
    )


def _signature_with_identity_r(body: bytes) -> bytes:
    s = _hash(IDENTITY, HOME.key.public_key, body) * _private_scalar() % ORDER
    return IDENTITY + s.to_bytes(32, "little")


def _signature_with_mixed_r(body: bytes) -> bytes:
    chance = 12345
    r = crypto_core_ed25519_add(crypto_scalarmult_ed25519_base_noclamp(chance.to_bytes(32, "little")), ORDER_8)
    s = (chance + _hash(r, HOME.key.public_key, body) * _private_scalar()) % ORDER
    return r + s.to_bytes(32, "little")


# --- bodies: does this have the shape of a record


def body_vectors() -> Iterator[Named]:
    good = HOME.record().sealed

    def body(description: str, changed: bytes, expected: dict[str, object]) -> Vector:
        return vector("body", description, expected, body=changed, signature=good.signature)

    def fields(**changes: object) -> bytes:
        said = record_pb2.Body.FromString(good.body)
        for name, value in changes.items():
            said.ClearField(name)  # type: ignore[arg-type]
            said.MergeFrom(record_pb2.Body(**{name: value}))  # type: ignore[arg-type]
        return said.SerializeToString(deterministic=True)

    def fine(name: str, description: str, changed: bytes) -> Named:
        return f"accept/{name}", body(description, changed, accepted(id=SealedRecord(changed, b"").id.hex()))

    def out_of_shape(rule: str, description: str, changed: bytes) -> Named:
        return f"refuse/body-{rule}", body(description, changed, refused("RECORD_MALFORMED", rule=rule))

    yield fine("body", "A good body.", good.body)
    yield fine("body-unknown-facet", "Facet 77: kept and forwarded.", fields(facet=77))
    yield fine(
        "body-unknown-field", "Field 127 is not known: kept, and part of the id.", good.body + b"\xfa\x07\x03abc"
    )
    yield fine("body-unknown-subject-kind", "Subject kind 9 is not known: kept.", fields(subject_kind=9))
    yield out_of_shape("subject", "A subject of 15 bytes.", fields(subject=b"s" * 15))
    yield out_of_shape("subject-kind", "No subject kind.", fields(subject_kind=0))
    yield out_of_shape("facet", "No facet.", fields(facet=0))
    yield out_of_shape("slot", "A slot of 17 bytes.", fields(slot=b"s" * 17))
    yield out_of_shape("version-size", "No version vector.", fields(version=[]))
    entry = record_pb2.VersionEntry(author=HOME.node, counter=1)
    yield out_of_shape("version-order", "The author twice in the version vector.", fields(version=[entry, entry]))
    stranger = record_pb2.VersionEntry(author=b"n" * 16, counter=1)
    yield out_of_shape("version-author", "The version vector lacks the author.", fields(version=[stranger]))
    zero = record_pb2.VersionEntry(author=HOME.node)
    yield out_of_shape("version-entry", "A counter of 0.", fields(version=[zero]))
    yield out_of_shape("clock", "A clock of 0.", fields(clock=0))
    yield out_of_shape("organisation", "An organisation of 5 characters.", fields(organisation="17204"))
    yield out_of_shape("operator", "No operator.", fields(operator=""))
    yield out_of_shape("body-encoding", "Bytes that are no message.", b"\xff\xff\xff")
    yield out_of_shape("body-size", "65,537 bytes.", fields(content=bytes(65_537 - len(good.body) - 4)))


# --- rosters


def roster_vectors() -> Iterator[Named]:
    held = signed_roster(2)

    def roster(
        description: str, signed: bytes, expected: dict[str, object], trusted: bytes | None = held, now_ms: int = NOW_MS
    ) -> Vector:
        return vector(
            "roster", description, expected, signed_roster=signed, trusted_signed_roster=trusted, now_ms=now_ms
        )

    def changed(change: Callable[[trust_pb2.Roster], object], version: int = 3) -> bytes:
        """Signed by all trustees without looking at the rules."""
        listed = unsigned(version)
        change(listed)
        return _signed_blindly(listed.SerializeToString(deterministic=True))

    def out_of_shape(name: str, description: str, rule: str, change: Callable[[trust_pb2.Roster], object]) -> Named:
        return f"refuse/roster-{name}", roster(description, changed(change), refused("ROSTER_MALFORMED", rule=rule))

    yield (
        "accept/roster-first",
        roster("A first roster, two of three trustees.", held, accepted(version=2), trusted=None),
    )
    yield "accept/roster-successor", roster("The next version.", signed_roster(3), accepted(version=3))
    yield "accept/roster-skips-versions", roster("Version 9 after version 2.", signed_roster(9), accepted(version=9))
    yield (
        "accept/roster-again",
        roster(
            "The held roster, by other trustees: nothing changes.",
            signed_by(unsigned(2), *TRUSTEES[1:]),
            accepted(version=2),
        ),
    )
    unknown = unsigned(3).SerializeToString(deterministic=True) + b"\xfa\x07\x03abc"
    yield (
        "accept/roster-unknown-field",
        roster("Field 127: signed and kept.", _signed_blindly(unknown), accepted(version=3)),
    )
    yield (
        "accept/roster-expired-successor",
        roster(
            "Over, but newer than the held one.", signed_roster(3), accepted(version=3), now_ms=NOW_MS + 61 * DAY_MS
        ),
    )
    both = signed_by(_with_trustees(NEWCOMERS), *TRUSTEES[:2], *NEWCOMERS[:2])
    yield "accept/roster-new-trustees", roster("New trustees, signed by old and new.", both, accepted(version=3))

    yield "refuse/roster-rollback", roster("Version 1 after 2.", signed_roster(1), refused("ROSTER_ROLLBACK"))
    fork = changed(lambda listed: setattr(listed, "name", "別の名簿"), 2)
    yield "refuse/roster-fork", roster("Another roster of version 2, well signed.", fork, refused("ROSTER_FORK"))
    too_few = refused("ROSTER_SIGNATURES_TOO_FEW", have=1, need=2)
    yield "refuse/roster-too-few-trustees", roster("One of two.", signed_by(unsigned(3), TRUSTEES[0]), too_few)
    twice = trust_pb2.SignedRoster.FromString(signed_by(unsigned(3), TRUSTEES[0]))
    twice.signatures.append(twice.signatures[0])
    yield "refuse/roster-same-trustee-twice", roster("One trustee, twice.", twice.SerializeToString(), too_few)
    yield (
        "refuse/roster-first-too-few",
        roster("A first roster by one of two.", signed_by(unsigned(2), TRUSTEES[0]), too_few, trusted=None),
    )
    old_only = signed_by(_with_trustees(NEWCOMERS), *TRUSTEES)
    yield (
        "refuse/roster-old-trustees-only",
        roster(
            "New trustees that have not signed.",
            old_only,
            refused("ROSTER_SIGNATURES_TOO_FEW", have=0, need=2, of="own"),
        ),
    )
    new_only = signed_by(_with_trustees(NEWCOMERS), *NEWCOMERS)
    yield (
        "refuse/roster-new-trustees-only",
        roster(
            "Trustees that appoint themselves.",
            new_only,
            refused("ROSTER_SIGNATURES_TOO_FEW", have=0, need=2, of="held"),
        ),
    )
    body = unsigned(3).SerializeToString(deterministic=True)
    mislabelled = trust_pb2.SignedRoster(roster=body)
    for key in TRUSTEES:
        mislabelled.signatures.add(public_key=key.public_key, signature=key.sign(labels.CERTIFICATE, body))
    yield (
        "refuse/roster-wrong-label",
        roster(
            "Signed under the label of certificates.",
            mislabelled.SerializeToString(),
            refused("ROSTER_SIGNATURES_TOO_FEW"),
        ),
    )
    yield (
        "refuse/roster-other-federation",
        roster(
            "Another federation.",
            changed(lambda listed: setattr(listed, "federation", b"f" * 16)),
            refused("ROSTER_WRONG_FEDERATION"),
        ),
    )
    yield (
        "refuse/roster-drill-turned-real",
        roster(
            "A drill's roster followed by a real one.",
            changed(lambda listed: setattr(listed, "drill", False)),
            refused("ROSTER_WRONG_FEDERATION"),
        ),
    )
    yield (
        "accept/roster-drill",
        roster(
            "A first roster of a drill, whose id says so.",
            changed(lambda listed: setattr(listed, "federation", b"drill" + bytes(11)), 1),
            accepted(version=1),
            trusted=None,
        ),
    )
    yield (
        "refuse/roster-drill-id",
        roster(
            "A first roster that is no drill, with the id of one.",
            changed(_pass_for_a_drill, 1),
            refused("ROSTER_MALFORMED", rule="drill"),
            trusted=None,
        ),
    )
    yield (
        "refuse/roster-first-expired",
        roster(
            "A first roster that is over.", held, refused("ROSTER_EXPIRED"), trusted=None, now_ms=NOW_MS + 61 * DAY_MS
        ),
    )
    yield "refuse/roster-truncated", roster("Cut off.", held[:-70], refused("ROSTER_MALFORMED", rule="encoding"))
    yield out_of_shape("bad-check-digit", "172048 for 172049.", "organisation-code", _bad_check_digit)
    yield out_of_shape("organisation-twice", "Wajima twice.", "organisation-order", _repeat_organisation)
    yield out_of_shape("organisations-not-ascending", "In another order.", "organisation-order", _reverse_organisations)
    yield out_of_shape(
        "trustee-twice", "A trustee twice.", "trustee-twice", lambda listed: listed.trustees.append(listed.trustees[0])
    )
    yield out_of_shape(
        "threshold-unreachable", "Four of three.", "threshold", lambda listed: setattr(listed, "threshold", 4)
    )
    yield out_of_shape(
        "no-signing-key",
        "Wajima without a key.",
        "signing-key-count",
        lambda listed: listed.organisations[2].ClearField("signing_keys"),
    )
    yield out_of_shape("key-of-two", "One key for two organisations.", "key-twice", _share_key)
    yield out_of_shape(
        "other-prefecture",
        "Wajima in Hokkaido.",
        "prefecture",
        lambda listed: setattr(listed.organisations[2], "prefecture", "010006"),
    )
    for name, weak in (("small-order", IDENTITY), ("not-canonical", NOT_CANONICAL_KEY)):
        yield (
            f"refuse/roster-{name}-key",
            roster(f"An organisation's key that is {name}.", changed(_set_key(weak)), refused("KEY_UNSOUND")),
        )


def _signed_blindly(body: bytes) -> bytes:
    signed = trust_pb2.SignedRoster(roster=body).SerializeToString()
    for key in TRUSTEES:
        signed = sign_roster(signed, key)
    return signed


def _with_trustees(keys: tuple[TrusteeKey, ...]) -> trust_pb2.Roster:
    listed = unsigned(3)
    del listed.trustees[:]
    listed.trustees.extend(trust_pb2.Trustee(public_key=key.public_key, office="後任") for key in keys)
    return listed


def _pass_for_a_drill(listed: trust_pb2.Roster) -> None:
    listed.federation, listed.drill = b"drill" + bytes(11), False


def _bad_check_digit(listed: trust_pb2.Roster) -> None:
    listed.organisations[2].code = "172048"


def _repeat_organisation(listed: trust_pb2.Roster) -> None:
    listed.organisations.insert(3, listed.organisations[2])


def _reverse_organisations(listed: trust_pb2.Roster) -> None:
    listed.organisations.reverse()


def _share_key(listed: trust_pb2.Roster) -> None:
    listed.organisations[2].signing_keys[0].public_key = listed.organisations[1].signing_keys[0].public_key


def _set_key(public_key: bytes) -> Callable[[trust_pb2.Roster], object]:
    return lambda listed: setattr(listed.organisations[2].signing_keys[0], "public_key", public_key)


# --- certificates, shown by a peer now


def certificate_vectors() -> Iterator[Named]:
    signed = FIELD.signed_certificate

    def certificate(description: str, shown: bytes, expected: dict[str, object], now_ms: int = NOW_MS) -> Vector:
        return vector(
            "certificate",
            description,
            expected,
            signed_certificate=shown,
            signed_roster=signed_roster(),
            now_ms=now_ms,
        )

    def changed(by: str = WAJIMA, label: bytes = labels.CERTIFICATE, **changes: object) -> bytes:
        """Signed without looking at the rules."""
        said = trust_pb2.NodeCertificate.FromString(trust_pb2.SignedNodeCertificate.FromString(signed).certificate)
        for name, value in changes.items():
            setattr(said, name, value)
        body = said.SerializeToString(deterministic=True)
        return trust_pb2.SignedNodeCertificate(
            certificate=body,
            signature=ORGANISATION_KEYS[by].sign(label, body),
            possession=FIELD.key.claim(said.organisation),
        ).SerializeToString(deterministic=True)

    def no(name: str, description: str, shown: bytes, reason: str, now_ms: int = NOW_MS, **details: object) -> Named:
        return f"refuse/certificate-{name}", certificate(description, shown, refused(reason, **details), now_ms)

    good = accepted(node=FIELD.node.hex(), valid_until_ms=VALID_UNTIL_MS)
    yield "accept/certificate", certificate("A good certificate.", signed, good)
    yield "accept/certificate-first-moment", certificate("As it begins.", signed, good, VALID_FROM_MS)
    yield "accept/certificate-last-moment", certificate("Before it ends.", signed, good, VALID_UNTIL_MS - 1)
    yield (
        "accept/certificate-clock-behind",
        certificate("The clock stands before the roster's issue: it is at least that time.", signed, good, 1000),
    )
    yield "accept/certificate-unknown-kind", certificate("Kind 7 is not known.", changed(kind=7), good)
    beyond = changed(valid_until_ms=VALID_UNTIL_MS + 5 * DAY_MS)
    yield (
        "accept/certificate-ends-with-key",
        certificate("It says it is valid for longer than the key that signed it: it ends with the key.", beyond, good),
    )
    yield no("expired", "It is over.", signed, "CERTIFICATE_EXPIRED", VALID_UNTIL_MS)
    yield no("key-expired", "The key that signed it is over.", beyond, "CERTIFICATE_EXPIRED", VALID_UNTIL_MS)
    later = changed(valid_from_ms=NOW_MS + 300_001)
    yield no("not-yet-valid", "It begins 300,001 ms later.", later, "CERTIFICATE_NOT_YET_VALID")
    yield no("changed", "One bit of the label changed.", flipped(signed, 70), "SIGNATURE_WRONG")
    yield no("other-organisation", "Signed by Kanazawa for Wajima.", changed(by=KANAZAWA), "SIGNATURE_WRONG")
    yield no("wrong-label", "Signed under the label of rosters.", changed(label=labels.ROSTER), "SIGNATURE_WRONG")
    yield no("unknown-organisation", "Chiyoda is not listed.", changed(organisation="131016"), "UNKNOWN_ORGANISATION")
    yield no("node-id-mismatch", "A node id that is not the key's.", changed(node=b"n" * 16), "NODE_ID_MISMATCH")
    stolen = trust_pb2.SignedNodeCertificate.FromString(changed(by=KANAZAWA, organisation=KANAZAWA))
    stolen.possession = FIELD.key.claim(WAJIMA)
    yield no(
        "stolen-node",
        "Kanazawa certifies Wajima's node as its own.",
        stolen.SerializeToString(deterministic=True),
        "POSSESSION_MISSING",
    )
    backwards = changed(valid_until_ms=1)
    yield no("dates", "It ends before it begins.", backwards, "CERTIFICATE_MALFORMED", rule="dates")
    mixed = crypto_core_ed25519_add(FIELD.key.public_key, ORDER_8)
    for name, weak in (("small-order", IDENTITY), ("mixed-order", mixed), ("not-canonical", NOT_CANONICAL_KEY)):
        yield no(f"{name}-key", f"A node key that is {name}.", _with_key(changed, weak), "KEY_UNSOUND")


def _with_key(changed: Callable[..., bytes], public_key: bytes) -> bytes:
    return changed(public_key=public_key, node=node_id(public_key))


# --- revocations


def revocation_vectors() -> Iterator[Named]:
    def said(key: OrganisationKey, organisation: str = WAJIMA) -> bytes:
        return revoke(key, node=FIELD.node, organisation=organisation, last_counter=5, at_ms=NOW_MS, reason="stolen")

    def revocation(description: str, signed: bytes, expected: dict[str, object]) -> Vector:
        return vector("revocation", description, expected, signed_revocation=signed, signed_roster=signed_roster())

    good = said(ORGANISATION_KEYS[WAJIMA])
    yield "accept/revocation", revocation("A good revocation.", good, accepted(node=FIELD.node.hex(), last_counter=5))
    yield (
        "refuse/revocation-other-organisation",
        revocation("Kanazawa's key for Wajima.", said(ORGANISATION_KEYS[KANAZAWA]), refused("SIGNATURE_WRONG")),
    )
    yield (
        "refuse/revocation-unknown-organisation",
        revocation(
            "Chiyoda is not listed.", said(ORGANISATION_KEYS[WAJIMA], "131016"), refused("UNKNOWN_ORGANISATION")
        ),
    )
    yield "refuse/revocation-changed", revocation("One bit changed.", flipped(good, 10), refused("SIGNATURE_WRONG"))
    empty = trust_pb2.SignedRevocation(signature=bytes(64)).SerializeToString()
    yield (
        "refuse/revocation-empty",
        revocation("An empty statement.", empty, refused("REVOCATION_MALFORMED", rule="node")),
    )


# --- judgements: a record against what is believed


def judgement_vectors() -> Iterator[Named]:
    def judgement(description: str, record: Record, expected: dict[str, object], *heads: Record) -> Vector:
        return vector(
            "judgement",
            description,
            expected,
            signed_roster=signed_roster(),
            heads=[sealed(head.sealed) for head in heads],
            record=sealed(record.sealed),
        )

    def yes(name: str, description: str, record: Record, *heads: Record) -> Named:
        return f"accept/record-{name}", judgement(description, record, accepted(id=record.id.hex()), *heads)

    def no(name: str, description: str, record: Record, reason: str, *heads: Record) -> Named:
        return f"refuse/record-{name}", judgement(description, record, refused(reason), *heads)

    home, field = HOME.enrolment(), FIELD.enrolment()
    revoked = HOME.revocation(FIELD, last_counter=5)
    yield yes("by-certified-node", "A record by a node whose enrolment is held.", HOME.record(), home)
    yield yes("first-enrolment", "A node's own enrolment carries its own certificate.", field)
    yield yes(
        "carried-enrolment", "An enrolment carried by a home node that is known.", HOME.enrolment(2, of=FIELD), home
    )
    yield yes("unknown-facet", "Facet 77.", HOME.record(facet=77), home)
    yield yes(
        "before-end", "The certificate is over now, but was not then.", HOME.record(at_ms=VALID_UNTIL_MS - 1), home
    )
    slow = HOME.record(at_ms=VALID_FROM_MS - DAY_MS)
    yield yes("slow-clock", "By its clock, a day before its certificate begins: no record is lost to it.", slow, home)
    yield yes("at-cut-off", "The last counter that stands.", FIELD.record(5), home, field, revoked)
    foreign = OTHER.revocation(HOME, last_counter=0)
    yield yes(
        "revoked-by-another", "Kanazawa cannot revoke Wajima's node.", HOME.record(), home, OTHER.enrolment(), foreign
    )

    yield no("unknown-author", "No enrolment of the author is held.", FIELD.record(), "AUTHOR_UNKNOWN", home)
    yield no(
        "enrolment-of-another",
        "An enrolment does not vouch for whoever carries it.",
        HOME.enrolment(of=FIELD),
        "AUTHOR_UNKNOWN",
    )
    yield no(
        "other-organisation",
        "A record in Kanazawa's name by Wajima's node.",
        HOME.record(organisation=KANAZAWA),
        "AUTHOR_OF_ANOTHER_ORGANISATION",
        home,
    )
    yield no(
        "after-end",
        "By its clock, after the certificate.",
        HOME.record(at_ms=VALID_UNTIL_MS),
        "CERTIFICATE_EXPIRED",
        home,
    )
    yield no("above-cut-off", "Above the last counter.", FIELD.record(6), "NODE_REVOKED", home, field, revoked)
    lower = HOME.revocation(FIELD, last_counter=3, counter=3)
    yield no("below-two-cut-offs", "The lowest of two.", FIELD.record(4), "NODE_REVOKED", home, field, revoked, lower)
    forged = FIELD.sealed(HOME.record().sealed.body)
    yield (
        "refuse/record-forged",
        vector(
            "judgement",
            "Another node's seal on a node's body.",
            refused("SIGNATURE_WRONG"),
            signed_roster=signed_roster(),
            heads=[sealed(home.sealed), sealed(field.sealed)],
            record=sealed(forged),
        ),
    )
    misplaced = FIELD.record(
        subject=organisation_subject(KANAZAWA),
        subject_kind=3,
        facet=kinds.ENROLMENT,
        slot=FIELD.node,
        content=facets.Enrolment(certificate=FIELD.signed_certificate).SerializeToString(),
    )
    yield no("enrolment-about-another", "An enrolment about another organisation.", misplaced, "CERTIFICATE_MALFORMED")
    granted = decide(_applied(), _granted(), ORGANISATION_KEYS[WAJIMA])

    def agreed(by: TestNode, slot: bytes) -> Record:
        return by.record(
            subject=organisation_subject(WAJIMA), subject_kind=3, facet=kinds.AGREEMENT, slot=slot, content=granted
        )

    yield yes("agreement", "A grant, by the holder, in the application's slot.", agreed(HOME, b"a" * 16), home)
    yield no(
        "agreement-again",
        "An old grant published again in another slot, to outlive its end.",
        agreed(HOME, b"b" * 16),
        "AGREEMENT_MALFORMED",
        home,
    )
    yield no(
        "agreement-by-applicant",
        "A grant published by the applicant.",
        agreed(OTHER, b"a" * 16),
        "AGREEMENT_MALFORMED",
        OTHER.enrolment(),
    )
    burying = OTHER.record(
        subject=organisation_subject(WAJIMA),
        subject_kind=3,
        facet=kinds.ENROLMENT,
        slot=HOME.node,
        version=tuple(sorted(((HOME.node, 1), (OTHER.node, 1)))),
        content=home.content,
    )
    yield no(
        "buries-enrolment",
        "Kanazawa writes over Wajima's enrolment.",
        burying,
        "AUTHOR_OF_ANOTHER_ORGANISATION",
        home,
        OTHER.enrolment(),
    )


# --- agreements and activations


def agreement_vectors() -> Iterator[Named]:
    asked, granted, applied = _asked(), _granted(), _applied()
    decided = decide(applied, granted, ORGANISATION_KEYS[WAJIMA])

    def agreement(description: str, content: bytes, expected: dict[str, object], now_ms: int = NOW_MS) -> Vector:
        return vector("agreement", description, expected, content=content, signed_roster=signed_roster(), now_ms=now_ms)

    yield "accept/agreement-application", agreement("Not decided.", applied, accepted(in_force=False))
    yield "accept/agreement-granted", agreement("Granted.", decided, accepted(in_force=True))
    over = NOW_MS + 30 * DAY_MS
    yield "accept/agreement-over", agreement("Granted, and over.", decided, accepted(in_force=False), over)
    by_applicant = decide(applied, granted, ORGANISATION_KEYS[KANAZAWA])
    yield (
        "refuse/agreement-decided-by-applicant",
        agreement("The applicant decides.", by_applicant, refused("SIGNATURE_WRONG", what="decision")),
    )
    in_anothers_name = apply(asked, ORGANISATION_KEYS[ISHIKAWA])
    yield (
        "refuse/agreement-application-forged",
        agreement("In another's name.", in_anothers_name, refused("SIGNATURE_WRONG", what="application")),
    )
    moved = facets.Agreement.FromString(decided)
    wider = facets.Application()
    wider.CopyFrom(asked)
    wider.purpose = "別の目的"
    other = facets.Agreement.FromString(apply(wider, ORGANISATION_KEYS[KANAZAWA]))
    other.decision, other.decision_signature = moved.decision, moved.decision_signature
    yield (
        "refuse/agreement-decision-moved",
        agreement(
            "A decision on another application.",
            other.SerializeToString(deterministic=True),
            refused("AGREEMENT_MALFORMED", rule="decision-digest"),
        ),
    )
    yield (
        "refuse/agreement-support-ground",
        agreement(
            "A town is granted as a support organisation.",
            decide(applied, _support_ground(granted), ORGANISATION_KEYS[WAJIMA]),
            refused("AGREEMENT_MALFORMED", rule="decision-ground"),
        ),
    )


def _asked() -> facets.Application:
    return facets.Application(
        application=b"a" * 16,
        applicant=KANAZAWA,
        holder=WAJIMA,
        facets=[facets_of("identity"), facets_of("stay")],
        purpose="避難者の安否確認",
        at_ms=NOW_MS,
    )


def _applied() -> bytes:
    return apply(_asked(), ORGANISATION_KEYS[KANAZAWA])


def _granted() -> facets.Decision:
    return facets.Decision(
        outcome=facets.Decision.OUTCOME_GRANTED,
        facets=[facets_of("identity")],
        from_ms=NOW_MS,
        until_ms=NOW_MS + 30 * DAY_MS,
        ground=facets.Decision.GROUND_LOCAL_GOVERNMENT,
        at_ms=NOW_MS,
    )


def _support_ground(granted: facets.Decision) -> facets.Decision:
    changed = facets.Decision()
    changed.CopyFrom(granted)
    changed.ground = facets.Decision.GROUND_SUPPORT_ORGANISATION
    return changed


def facets_of(word: str) -> record_pb2.Facet.ValueType:
    return record_pb2.Facet.ValueType(kinds.BY_NAME[word])


def emergency_vectors() -> Iterator[Named]:
    def signed(by: str = "", **changes: object) -> bytes:
        """Signed without looking at the rules."""
        said = facets.Activation(
            **{  # type: ignore[arg-type]
                "activation": b"e" * 16,
                "organisation": WAJIMA,
                "area": [WAJIMA],
                "from_ms": NOW_MS,
                "until_ms": NOW_MS + DAY_MS,
                "reason": "救助",
                **changes,
            }
        )
        body = said.SerializeToString(deterministic=True)
        key = ORGANISATION_KEYS[by or said.organisation]
        return facets.Emergency(
            activation=body, activation_signature=key.sign(labels.ACTIVATION, body)
        ).SerializeToString(deterministic=True)

    def emergency(description: str, content: bytes, expected: dict[str, object]) -> Vector:
        return vector("emergency", description, expected, content=content, signed_roster=signed_roster())

    def abroad(name: str, description: str, content: bytes) -> Named:
        return f"refuse/emergency-{name}", emergency(
            description, content, refused("AGREEMENT_MALFORMED", rule="activation-area")
        )

    one_day, most = accepted(until_ms=NOW_MS + DAY_MS), accepted(until_ms=NOW_MS + 3 * DAY_MS)
    yield "accept/emergency-mayor", emergency("A mayor, the own town, a day.", signed(), one_day)
    governor = signed(organisation=ISHIKAWA, area=[KANAZAWA, WAJIMA])
    yield "accept/emergency-governor", emergency("A governor, two towns of the prefecture.", governor, one_day)
    long = signed(until_ms=NOW_MS + 90 * DAY_MS)
    yield "accept/emergency-cut-to-72-hours", emergency("It says 90 days, and ends after 72 hours.", long, most)
    yield (
        "refuse/emergency-forged",
        emergency("Kanazawa's key for Wajima.", signed(by=KANAZAWA), refused("SIGNATURE_WRONG")),
    )
    yield abroad("other-town", "A mayor for another town.", signed(area=[KANAZAWA]))
    yield abroad("other-prefecture", "A governor for Tokyo.", signed(organisation=ISHIKAWA, area=["131016"]))
    yield abroad("support", "A support organisation.", signed(organisation=SUPPORT))
    yield abroad("no-area", "No area.", signed(area=[]))


def all_vectors() -> dict[str, Vector]:
    """Every vector by its path below protocol/vectors, without the ending."""
    parts = (
        seal_vectors,
        body_vectors,
        roster_vectors,
        certificate_vectors,
        revocation_vectors,
        judgement_vectors,
        agreement_vectors,
        emergency_vectors,
        content_vectors,
        sketch_vectors,
        bundle_vectors,
        card_vectors,
        session_vectors,
    )
    named = [each for part in parts for each in part()]
    found = dict(named)
    if len(found) != len(named):
        raise ValueError("two vectors have one name")
    return found


def written(each: Vector) -> str:
    """A vector's file."""
    return json.dumps(each, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write all files, and take away those that are no vectors any more."""
    wanted = {FOLDER / f"{name}.json": written(each) for name, each in all_vectors().items()}
    for path in [*FOLDER.glob("accept/*.json"), *FOLDER.glob("refuse/*.json")]:
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(wanted)} vectors")


if __name__ == "__main__":
    main()

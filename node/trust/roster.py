"""The roster (名簿): who belongs, signed by m of n trustees; of two valid ones the higher version wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from moyai.v1 import trust_pb2 as wire
from node.errors import (
    KeyUnsound,
    RosterExpired,
    RosterFork,
    RosterMalformed,
    RosterRollback,
    RosterSignaturesTooFew,
    RosterWrongFederation,
    UnknownOrganisation,
)
from node.trust import labels
from node.trust.keys import TrusteeKey, holds, key_is_sound
from node.trust.organisation import Organisation, broken_rule, unsound_key
from node.trust.shape import read, require
from sync import limits

TRUSTEES_MAX = 64
FEDERATION_BYTES = 16
DRILL_ID = b"drill"
"""How the id of a drill's federation begins; no other's does."""


@dataclass(frozen=True, slots=True)
class Trustee:
    """Someone trusted to sign rosters, together with others."""

    public_key: bytes
    office: str
    """An office, not a person's name."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster that was opened: its signatures held. Equal when the signed bytes are, whoever signed them."""

    signed: bytes = field(compare=False, repr=False)
    """The SignedRoster, byte for byte, to be kept and passed on."""
    body: bytes = field(repr=False)
    """The Roster bytes that are signed, unknown fields included."""
    federation: bytes = field(compare=False)
    name: str = field(compare=False)
    version: int = field(compare=False)
    issued_at_ms: int = field(compare=False)
    expires_at_ms: int = field(compare=False)
    threshold: int = field(compare=False)
    trustees: tuple[Trustee, ...] = field(compare=False)
    organisations: Mapping[str, Organisation] = field(compare=False, repr=False)
    """By code, ascending."""
    drill: bool = field(compare=False)

    def organisation(self, code: str) -> Organisation:
        """The member with this code.

        Raises:
            UnknownOrganisation: there is none.
        """
        found = self.organisations.get(code)
        if found is None:
            raise UnknownOrganisation(organisation=code, roster_version=self.version)
        return found

    def age_ms(self, now_ms: int) -> int:
        """How old it is; 0 where the clock stands before its issue."""
        return max(0, now_ms - self.issued_at_ms)

    def is_expired(self, now_ms: int) -> bool:
        """Whether its time is over: it goes on working among those who know one another."""
        return now_ms >= self.expires_at_ms

    def may_meet(self, *, peer_known: bool, now_ms: int) -> bool:
        """Whether to speak to a peer. An expired roster keeps known peers and lets no new one in."""
        return peer_known or not self.is_expired(now_ms)

    def at_least(self, now_ms: int) -> int:
        """The time it is at least: a clock that stands before the roster's issue is known to be wrong."""
        return max(now_ms, self.issued_at_ms)

    def by_tls(self, certificate: bytes) -> Organisation | None:
        """Whose home node shows exactly this certificate (DER)."""
        return next((found for found in self.organisations.values() if certificate in found.tls_certificates), None)


def open_roster(signed: bytes, *, trusted: Roster | None, now_ms: int) -> Roster:
    """Check a roster against the one held, or believe a first one that was handed over in person (SPECIFICATION 5.1).

    The held roster offered again gives back the held one. Wherever this raises, the held roster stays.

    Raises:
        RosterMalformed, KeyUnsound: it breaks a rule of its own.
        RosterWrongFederation: it is not the successor of this federation's roster.
        RosterRollback: its version is lower.
        RosterSignaturesTooFew: by the held roster's count, or by its own.
        RosterFork: the same version as the held one, signed as well, other bytes.
        RosterExpired: a first roster that is already over.
    """
    envelope, listed = _parse(signed)
    if trusted is not None and envelope.roster == trusted.body:
        return trusted
    roster = _opened(signed, envelope.roster, listed)
    if trusted is not None:
        _check_succession(roster, trusted)
        _check_signatures(envelope, trusted.trustees, trusted.threshold, of="held")
    _check_signatures(envelope, roster.trustees, roster.threshold, of="own")
    if trusted is not None and roster.version == trusted.version:
        raise RosterFork(version=roster.version)
    if trusted is None and roster.is_expired(now_ms):
        raise RosterExpired(roster_version=roster.version)
    return roster


def draft_roster(listed: wire.Roster) -> bytes:
    """A SignedRoster that nobody has signed yet; organisations are put in order.

    Raises:
        RosterMalformed, KeyUnsound: it breaks a rule, and signing it would be in vain.
    """
    ordered = wire.Roster()
    ordered.CopyFrom(listed)
    del ordered.organisations[:]
    ordered.organisations.extend(sorted(listed.organisations, key=lambda organisation: organisation.code))
    body = ordered.SerializeToString(deterministic=True)
    signed = wire.SignedRoster(roster=body).SerializeToString(deterministic=True)
    _opened(signed, body, ordered)
    return signed


def sign_roster(signed: bytes, key: TrusteeKey) -> bytes:
    """Add a trustee's signature, in place of an older one of theirs.

    Raises:
        RosterMalformed: it is no roster.
    """
    envelope, _ = _parse(signed)
    others = [signature for signature in envelope.signatures if signature.public_key != key.public_key]
    del envelope.signatures[:]
    envelope.signatures.extend(others)
    envelope.signatures.add(public_key=key.public_key, signature=key.sign(labels.ROSTER, envelope.roster))
    return envelope.SerializeToString(deterministic=True)


def signers(signed: bytes, trustees: Sequence[Trustee]) -> list[Trustee]:
    """Which of these trustees have signed, each once, in their order.

    Raises:
        RosterMalformed: it is no roster.
    """
    return _signers(_parse(signed)[0], trustees)


def read_roster(signed: bytes) -> Roster:
    """A roster whose signatures are NOT looked at: to show a draft, or one this node has installed itself before.

    Raises:
        RosterMalformed, KeyUnsound: it breaks a rule of its own.
    """
    envelope, listed = _parse(signed)
    return _opened(signed, envelope.roster, listed)


def _parse(signed: bytes) -> tuple[wire.SignedRoster, wire.Roster]:
    envelope, listed = wire.SignedRoster(), wire.Roster()
    read(envelope, signed, RosterMalformed, most=limits.ROSTER_BYTES_MAX)
    read(listed, envelope.roster, RosterMalformed)
    return envelope, listed


def _opened(signed: bytes, body: bytes, listed: wire.Roster) -> Roster:
    organisations = [Organisation.of(organisation) for organisation in listed.organisations]
    _check_shape(listed, organisations)
    if not all(key_is_sound(trustee.public_key) for trustee in listed.trustees):
        raise KeyUnsound(whose="trustee")
    for organisation in organisations:
        if unsound_key(organisation):
            raise KeyUnsound(whose=organisation.code)
    return Roster(
        signed=signed,
        body=body,
        federation=listed.federation,
        name=listed.name,
        version=listed.version,
        issued_at_ms=listed.issued_at_ms,
        expires_at_ms=listed.expires_at_ms,
        threshold=listed.threshold,
        trustees=tuple(Trustee(trustee.public_key, trustee.office) for trustee in listed.trustees),
        organisations=MappingProxyType({organisation.code: organisation for organisation in organisations}),
        drill=listed.drill,
    )


def _check_shape(listed: wire.Roster, organisations: Sequence[Organisation]) -> None:
    trustees = [trustee.public_key for trustee in listed.trustees]
    codes = [organisation.code for organisation in organisations]
    keys = [key.public_key for organisation in organisations for key in organisation.signing_keys]
    certificates = [certificate for organisation in organisations for certificate in organisation.tls_certificates]
    rules = {
        "federation": len(listed.federation) == FEDERATION_BYTES,
        "drill": listed.drill or not listed.federation.startswith(DRILL_ID),
        "name": 0 < len(listed.name) <= 100,
        "version": listed.version > 0,
        "dates": 0 < listed.issued_at_ms < listed.expires_at_ms,
        "trustee-count": 0 < len(trustees) <= TRUSTEES_MAX,
        "trustee-twice": len(set(trustees)) == len(trustees),
        "trustee-office": all(0 < len(trustee.office) <= 100 for trustee in listed.trustees),
        "threshold": 0 < listed.threshold <= len(trustees),
        "organisation-order": codes == sorted(set(codes)),
        "key-twice": len({*keys, *trustees}) == len(keys) + len(trustees),
        "tls-certificate-twice": len(set(certificates)) == len(certificates),
    }
    require(rules, RosterMalformed)
    for organisation in organisations:
        if rule := broken_rule(organisation):
            raise RosterMalformed(rule=rule, organisation=organisation.code[:6])


def _check_succession(roster: Roster, trusted: Roster) -> None:
    if (roster.federation, roster.drill) != (trusted.federation, trusted.drill):
        raise RosterWrongFederation(version=roster.version)
    if roster.version < trusted.version:
        raise RosterRollback(offered=roster.version, held=trusted.version)


def _check_signatures(envelope: wire.SignedRoster, trustees: Sequence[Trustee], need: int, *, of: str) -> None:
    have = len(_signers(envelope, trustees))
    if have < need:
        raise RosterSignaturesTooFew(have=have, need=need, of=of)


def _signers(envelope: wire.SignedRoster, trustees: Sequence[Trustee]) -> list[Trustee]:
    if len(envelope.signatures) > 2 * TRUSTEES_MAX:
        raise RosterMalformed(rule="signature-count")
    signed_by = {
        given.public_key
        for given in envelope.signatures
        if any(given.public_key == trustee.public_key for trustee in trustees)
        and holds(labels.ROSTER, envelope.roster, given.signature, given.public_key)
    }
    return [trustee for trustee in trustees if trustee.public_key in signed_by]

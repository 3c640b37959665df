"""One organisation as a roster lists it, opened: its keys, where it listens, who it is in TLS."""

from dataclasses import dataclass, field
from typing import Self

from moyai.v1 import facets_pb2 as facets, trust_pb2 as wire
from node.trust import codes
from node.trust.keys import KEY_BYTES, holds, key_is_sound

SIGNING_KEYS_MAX = 16
"""Keys an organisation can list: one a year, with room; old ones stay so that old certificates hold."""

TLS_CERTIFICATES_MAX = 4
TLS_CERTIFICATE_BYTES_MAX = 4096
ENDPOINTS_MAX = 8
NAME_CHARACTERS_MAX = 100


@dataclass(frozen=True, slots=True)
class SigningKeyEntry:
    """An organisation's public signing key with the time it is valid."""

    public_key: bytes
    valid_from_ms: int
    valid_until_ms: int
    """Exclusive."""

    def covers(self, at_ms: int) -> bool:
        """Whether what says it was signed at that moment may be signed with this key: a newer key speaks for before."""
        return at_ms < self.valid_until_ms


@dataclass(frozen=True, slots=True)
class Organisation:
    """A member of the federation."""

    code: str
    name: str
    kind: int
    """One of `moyai.v1.OrganisationKind`."""
    signing_keys: tuple[SigningKeyEntry, ...]
    box_key: bytes = field(repr=False)
    endpoints: tuple[str, ...]
    tls_certificates: tuple[bytes, ...] = field(repr=False)
    prefecture: str
    """Code of the prefecture a municipality lies in; empty for others."""

    @property
    def is_local_government(self) -> bool:
        """Whether it is a municipality or a prefecture."""
        return self.kind in (facets.ORGANISATION_KIND_MUNICIPALITY, facets.ORGANISATION_KIND_PREFECTURE)

    def signer(self, label: bytes, message: bytes, signature: bytes) -> SigningKeyEntry | None:
        """Which of its listed keys signed this, whether or not still valid; None: none of them."""
        return next((key for key in self.signing_keys if holds(label, message, signature, key.public_key)), None)

    def signed_at(self, label: bytes, message: bytes, signature: bytes, at_ms: int) -> bool:
        """Whether one of its keys that was not over at that moment signed this."""
        return any(key.covers(at_ms) and holds(label, message, signature, key.public_key) for key in self.signing_keys)

    @classmethod
    def of(cls, listed: wire.Organisation) -> Self:
        """From the wire. Checks nothing: see `broken_rule`."""
        return cls(
            code=listed.code,
            name=listed.name,
            kind=int(listed.kind),
            signing_keys=tuple(
                SigningKeyEntry(key.public_key, key.valid_from_ms, key.valid_until_ms) for key in listed.signing_keys
            ),
            box_key=listed.box_key,
            endpoints=tuple(listed.endpoints),
            tls_certificates=tuple(listed.tls_certificates),
            prefecture=listed.prefecture,
        )


def broken_rule(organisation: Organisation) -> str | None:
    """The first rule of SPECIFICATION 5.1 that this entry breaks, None where it breaks none."""
    rules = {
        "organisation-code": _code_fits(organisation.code, organisation.kind),
        "organisation-name": 0 < len(organisation.name) <= NAME_CHARACTERS_MAX,
        "signing-key-count": 0 < len(organisation.signing_keys) <= SIGNING_KEYS_MAX,
        "signing-key-validity": all(0 < key.valid_from_ms < key.valid_until_ms for key in organisation.signing_keys),
        "box-key": len(organisation.box_key) == KEY_BYTES and any(organisation.box_key),
        "endpoints": len(organisation.endpoints) <= ENDPOINTS_MAX and all(map(_is_endpoint, organisation.endpoints)),
        "tls-certificates": len(organisation.tls_certificates) <= TLS_CERTIFICATES_MAX
        and all(0 < len(der) <= TLS_CERTIFICATE_BYTES_MAX for der in organisation.tls_certificates),
        "prefecture": _prefecture_fits(organisation),
    }
    return next((name for name, held in rules.items() if not held), None)


def unsound_key(organisation: Organisation) -> bool:
    """Whether one of its signing keys is no sound Ed25519 key."""
    return not all(key_is_sound(key.public_key) for key in organisation.signing_keys)


def _code_fits(code: str, kind: int) -> bool:
    """A kind this version does not know may have any code of six letters and digits."""
    if kind == facets.ORGANISATION_KIND_MUNICIPALITY:
        return codes.is_municipality(code)
    if kind == facets.ORGANISATION_KIND_PREFECTURE:
        return codes.is_prefecture(code)
    if kind == facets.ORGANISATION_KIND_SUPPORT:
        return codes.is_support(code)
    return kind > 0 and len(code) == 6 and code.isascii() and code.isalnum()


def _prefecture_fits(organisation: Organisation) -> bool:
    if organisation.kind == facets.ORGANISATION_KIND_MUNICIPALITY:
        return organisation.prefecture == codes.prefecture_of(organisation.code)
    return organisation.prefecture == ""


def _is_endpoint(endpoint: str) -> bool:
    host, _, port = endpoint.rpartition(":")
    return 0 < len(host) <= 253 and 0 < len(port) <= 5 and port.isascii() and port.isdigit() and 0 < int(port) < 65_536

"""The certificate a node shows in TLS: P-256, self-signed, believed because it is pinned and for no other reason."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from node.errors import CertificateMalformed

SERVER_NAME = "moyai"
"""The DNS name in every certificate: a dialler checks it and the pin; the name says nothing of who it is."""

NOT_BEFORE = datetime(2000, 1, 1, tzinfo=UTC)
NOT_AFTER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""RFC 5280 4.1.2.5: no end. The pin ends with the roster or the enrolment that carries it; a laptop whose clock fell
back to 2010 must still be able to call home."""


@dataclass(frozen=True, slots=True)
class TlsIdentity:
    """A certificate with its private key."""

    certificate: bytes
    """DER."""
    key_pem: bytes = field(repr=False)
    """PKCS 8, unencrypted: only for the ledger and for gRPC."""

    @property
    def certificate_pem(self) -> bytes:
        """The certificate as gRPC wants it."""
        return pem(self.certificate)


def new_identity() -> TlsIdentity:
    """A new key and its own certificate. Takes its chance from the system: the library has no other way."""
    key = ec.generate_private_key(ec.SECP256R1())
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    # A name of its own each, so that the library finds a root among 1,800 by name and not by trying all.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{SERVER_NAME} {identifier.digest.hex()}")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(NOT_AFTER)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(SERVER_NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False
        )
        .add_extension(identifier, critical=False)
        # All certificates have one subject: without this the TLS library takes the first of that name for the issuer,
        # and refuses every peer but one as soon as two are pinned.
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return TlsIdentity(
        certificate=certificate.public_bytes(serialization.Encoding.DER),
        key_pem=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def pem(certificate: bytes) -> bytes:
    """DER to PEM.

    Raises:
        CertificateMalformed: it is no certificate.
    """
    return _loaded(certificate).public_bytes(serialization.Encoding.PEM)


def der(certificate_pem: bytes) -> bytes:
    """PEM to DER: of several, the first.

    Raises:
        CertificateMalformed: it is no certificate.
    """
    try:
        return x509.load_pem_x509_certificate(certificate_pem).public_bytes(serialization.Encoding.DER)
    except ValueError as error:
        raise CertificateMalformed(rule="tls-certificate") from error


def roots(certificates: list[bytes]) -> bytes:
    """Certificates, DER, as one PEM file of roots for gRPC: each is its own root."""
    return b"".join(pem(certificate) for certificate in certificates)


def pin(certificate: bytes) -> bytes:
    """SHA-256 of the exact certificate: 32 bytes to show and compare."""
    return sha256(certificate).digest()


def _loaded(certificate: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(certificate)
    except ValueError as error:
        raise CertificateMalformed(rule="tls-certificate") from error

"""TLS certificates for tests: P-256, self-signed, one name for all, as every node's is."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync.channel import TlsIdentity, der_of


class Keeper:
    """A key with its certificate, which can also sign another's certificate, as a thief would like it to."""

    def __init__(self, *, issuer: "Keeper | None" = None, until: datetime = datetime(9999, 12, 31, tzinfo=UTC)) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "moyai")])
        signer = self.key if issuer is None else issuer.key
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
            .not_valid_after(until)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("moyai")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
        )
        self.identity = TlsIdentity(
            key=self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
            certificate=certificate.public_bytes(serialization.Encoding.PEM),
        )

    @property
    def der(self) -> bytes:
        return der_of(self.identity.certificate)

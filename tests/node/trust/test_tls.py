"""The certificate for TLS: its own root in both directions, pinned, and nobody else's."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from node.errors import CertificateMalformed
from node.trust.tls import SERVER_NAME, TlsIdentity, der, new_identity, pem, pin, roots

HOME, FIELD, STRANGER = new_identity(), new_identity(), new_identity()
OTHERS = [new_identity().certificate for _ in range(20)]
"""Members that are pinned as well: roots of the same kind, before and after the one that counts."""


def test_it_is_p256_for_the_one_name_and_no_authority() -> None:
    certificate = x509.load_der_x509_certificate(HOME.certificate)
    public_key = certificate.public_key()
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    assert public_key.curve.name == "secp256r1"
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [SERVER_NAME]
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    certificate.verify_directly_issued_by(certificate)


def test_it_is_valid_for_a_laptop_whose_clock_fell_back() -> None:
    certificate = x509.load_der_x509_certificate(HOME.certificate)
    assert certificate.not_valid_before_utc < datetime(2001, 1, 1, tzinfo=UTC)
    assert certificate.not_valid_after_utc.year == 9999


def test_pem_and_der_are_the_same_certificate() -> None:
    assert der(pem(HOME.certificate)) == HOME.certificate
    assert len(HOME.certificate) < 600


def test_the_pin_is_of_the_exact_certificate() -> None:
    assert pin(HOME.certificate) != pin(FIELD.certificate)
    assert len(pin(HOME.certificate)) == 32


def test_no_two_certificates_have_one_name() -> None:
    names = {x509.load_der_x509_certificate(each).subject for each in (*OTHERS, HOME.certificate)}
    assert len(names) == len(OTHERS) + 1


def test_its_key_is_not_shown() -> None:
    assert "PRIVATE" not in repr(HOME)
    serialization.load_pem_private_key(HOME.key_pem, None)


@pytest.mark.parametrize("strange", [b"", b"no certificate"])
def test_what_is_no_certificate_is_refused(strange: bytes) -> None:
    with pytest.raises(CertificateMalformed):
        pem(strange)
    with pytest.raises(CertificateMalformed):
        der(strange)


async def echo(request: bytes, context: "grpc.aio.ServicerContext[bytes, bytes]") -> bytes:
    """What the caller's certificate is, as the server sees it."""
    return der(context.auth_context()["x509_pem_cert"][0])


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server that is HOME and lets FIELD in."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("test", {"Who": grpc.unary_unary_rpc_method_handler(echo)}),)
    )
    credentials = grpc.ssl_server_credentials(
        [(HOME.key_pem, HOME.certificate_pem)],
        root_certificates=roots([*OTHERS[:10], FIELD.certificate, *OTHERS[10:]]),
        require_client_auth=True,
    )
    port = server.add_secure_port("127.0.0.1:0", credentials)
    await server.start()
    yield port
    await server.stop(None)


async def ask(port: int, caller: TlsIdentity, *, trusting: TlsIdentity) -> bytes:
    credentials = grpc.ssl_channel_credentials(
        root_certificates=roots([*OTHERS[:10], trusting.certificate, *OTHERS[10:]]),
        private_key=caller.key_pem,
        certificate_chain=caller.certificate_pem,
    )
    options = [("grpc.ssl_target_name_override", SERVER_NAME)]
    async with grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials, options=options) as channel:
        answer: bytes = await channel.unary_unary("/test/Who")(b"", timeout=5)
        return answer


async def test_two_nodes_that_pinned_each_other_talk(port: int) -> None:
    assert await ask(port, FIELD, trusting=HOME) == FIELD.certificate


async def test_a_caller_that_is_not_pinned_is_not_let_in(port: int) -> None:
    with pytest.raises(grpc.aio.AioRpcError):
        await ask(port, STRANGER, trusting=HOME)


async def test_a_server_that_is_not_pinned_is_not_believed(port: int) -> None:
    with pytest.raises(grpc.aio.AioRpcError):
        await ask(port, FIELD, trusting=STRANGER)

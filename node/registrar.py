"""Enrols the organisation's nodes: one-time codes, certificates, enrolments, revocations."""

import json
from collections.abc import Callable, Sequence
from typing import Final

from moyai.v1 import trust_pb2
from node.errors import CertificateMalformed, NodeUnknown
from node.installation import Installation
from node.ledger import Ledger, Writing
from node.pen import ORGANISATION
from node.people.facets import Enrolment, Revocation
from node.records.kinds import ENROLMENT, REVOCATION
from node.records.subjects import organisation_subject
from node.trust.enrolment import ask, grant, read_wish
from node.trust.keys import BoxKey, OrganisationKey
from node.trust.one_time import CodeSlip, new_code, slip_for, try_code
from node.trust.revocation import revoke
from node.vault import BOX_SECRET, CERTIFICATE, CODES, TLS_CERTIFICATE
from sync.enrolment import Application, Enrolled

HOME: Final = int(trust_pb2.NODE_KIND_HOME)
FIELD: Final = int(trust_pb2.NODE_KIND_FIELD)
CERTIFICATE_YEARS: Final = 5
YEAR_MS: Final = 365 * 24 * 3600 * 1000
MINUTE_MS: Final = 60_000


class Registrar:
    """A home node's registry of its organisation's nodes."""

    def __init__(self, node: Installation, organisation_key: Callable[[], OrganisationKey]) -> None:
        node.need_home()
        self._node = node
        self._organisation_key = organisation_key

    def enrol_self(self, *, operator: str) -> None:
        """Certify the home node itself; nothing happens where it has been done."""
        if self._node.ledger.secret(CERTIFICATE) is not None:
            return
        wish, claim = wish_of(self._node, label=self._node.config.label, kind=HOME)
        self._enrol(wish, claim, (), operator=operator, own=True)

    def open_code(self, *, minutes: int, places: Sequence[bytes]) -> tuple[str, int]:
        """A new code, and when it ends. Only its hash is kept."""
        code, now = new_code(self._node.entropy), self._node.now_ms()
        expires = now + minutes * MINUTE_MS
        slip = slip_for(code, salt=self._node.entropy(16), expires_at_ms=expires, places=places)
        with self._node.ledger.write() as writing:
            _keep(writing, (*_slips(writing), slip))
        return code, expires

    def redeem(self, application: Application) -> Enrolled:
        """Trade a code for a certificate. The try is written down before it is judged aloud.

        Raises:
            TrustRefused: the code or the wish does not hold.
        """
        self._check_wish(application.certificate)
        with self._node.ledger.write() as writing:  # one after the other: or two at once could both use a code up
            tried = try_code(_slips(writing), application.code, self._node.now_ms())
            _keep(writing, tried.slips)
        if tried.accepted is None:
            assert tried.refusal is not None  # noqa: S101 -- one or the other
            raise tried.refusal
        certificate = self._enrol(
            application.certificate, application.signature, tried.accepted.places, operator="moyai", own=False
        )
        return Enrolled(certificate, self._node.book().roster())

    def admit(self, certificate: bytes, signature: bytes, *, places: Sequence[bytes], operator: str) -> Enrolled:
        """Enrol a node whose request an operator has confirmed, without a code.

        Raises:
            TrustRefused: the wish does not hold.
        """
        self._check_wish(certificate)
        signed = self._enrol(certificate, signature, places, operator=operator, own=False)
        return Enrolled(signed, self._node.book().roster())

    def revoke(self, node: bytes, *, reason: str, operator: str) -> int:
        """Revoke a node: what it wrote up to what is held here stands, nothing after. Returns that counter.

        Raises:
            NodeUnknown: it is not a node of this organisation.
        """
        if not any(one.node == node for one in self._node.room.now().believed.nodes_of(self._organisation)):
            raise NodeUnknown(node=node.hex()[:8])
        last = self._node.ledger.highest_counter(node)
        statement = revoke(
            self._organisation_key(),
            node=node,
            organisation=self._organisation,
            last_counter=last,
            at_ms=self._node.now_ms(),
            reason=reason,
        )
        with self._node.pen.sheet(operator=operator, act="revoke", purpose=reason) as sheet:
            sheet.put(
                organisation_subject(self._organisation),
                REVOCATION,
                Revocation(revocation=statement),
                slot=node,
                kind=ORGANISATION,
            )
        return last

    def _check_wish(self, certificate: bytes) -> None:
        wished = read_wish(certificate)
        if wished.kind != FIELD or wished.organisation != self._organisation:
            raise CertificateMalformed(rule="wish")

    @property
    def _organisation(self) -> str:
        return self._node.config.organisation

    def _enrol(self, wish: bytes, claim: bytes, places: Sequence[bytes], *, operator: str, own: bool) -> bytes:
        now = self._node.now_ms()
        signed = grant(
            wish,
            claim,
            self._organisation_key(),
            organisation=self._organisation,
            places=places,
            valid_from_ms=now,
            valid_until_ms=now + CERTIFICATE_YEARS * YEAR_MS,
        )
        with self._node.pen.sheet(operator=operator, act="enrol") as sheet:
            if own:
                sheet.writing.set_secret(CERTIFICATE, signed)
            sheet.put(
                organisation_subject(self._organisation),
                ENROLMENT,
                Enrolment(certificate=signed),
                slot=read_wish(wish).node,
                kind=ORGANISATION,
            )
        return signed


def _slips(writing: Writing) -> tuple[CodeSlip, ...]:
    kept = writing.secret(CODES)
    return tuple(CodeSlip.from_json(one) for one in json.loads(kept)) if kept else ()


def _keep(writing: Writing, slips: Sequence[CodeSlip]) -> None:
    writing.set_secret(CODES, json.dumps([slip.to_json() for slip in slips]).encode())


def wish_of(node: Installation, *, label: str, kind: int) -> tuple[bytes, bytes]:
    """The certificate a node wishes for, and its claim."""
    certificate = _secret(node.ledger, TLS_CERTIFICATE)
    return ask(
        node.key,
        organisation=node.config.organisation,
        kind=kind,
        label=label,
        tls_certificate=certificate,
        box_key=BoxKey(_secret(node.ledger, BOX_SECRET)).public_key,
    )


def _secret(ledger: Ledger, name: str) -> bytes:
    secret = ledger.secret(name)
    assert secret is not None  # noqa: S101 -- written when the ledger was made
    return secret

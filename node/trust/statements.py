"""Records that carry an organisation's own signed statement: it must hold, and stand in its right place.

Without this a member could bury another's enrolment under a record of its own, or bring back a grant that was ended by
publishing the old one again in another slot.
"""

from moyai.v1 import facets_pb2 as facets
from node.errors import AuthorOfAnotherOrganisation, CertificateMalformed, RevocationMalformed
from node.records import kinds
from node.records.record import Record
from node.records.subjects import organisation_subject
from node.trust.agreements import agreement_of
from node.trust.certificate import NodeCertificate, open_certificate
from node.trust.emergencies import emergency_of
from node.trust.revocation import Revocation, open_revocation
from node.trust.roster import Roster
from node.trust.shape import read, require


def check_statement(record: Record, roster: Roster) -> None:
    """Whether the statement in the record holds; a record of any other facet carries none, and passes.

    Raises:
        TrustRefused: with the reason.
    """
    if record.facet == kinds.ENROLMENT:
        certificate_of(record, roster)
    elif record.facet == kinds.REVOCATION:
        revocation_of(record, roster)
    elif record.facet == kinds.AGREEMENT:
        agreement_of(record, roster)
    elif record.facet == kinds.EMERGENCY:
        emergency_of(record, roster)


def certificate_of(record: Record, roster: Roster) -> NodeCertificate:
    """The certificate in an enrolment record, checked against the roster and the record's own subject and slot.

    Raises:
        TrustRefused: with the reason.
    """
    content = facets.Enrolment()
    read(content, record.content, CertificateMalformed)
    certificate = open_certificate(content.certificate, roster)
    own = (organisation_subject(certificate.organisation), certificate.node)
    require({"subject": (record.subject, record.slot) == own}, CertificateMalformed)
    if record.organisation != certificate.organisation:
        raise AuthorOfAnotherOrganisation(organisation=record.organisation)
    return certificate


def revocation_of(record: Record, roster: Roster) -> Revocation:
    """The revocation in a record, checked as `certificate_of` does.

    Raises:
        TrustRefused: with the reason.
    """
    content = facets.Revocation()
    read(content, record.content, RevocationMalformed)
    revocation = open_revocation(content.revocation, roster)
    own = (organisation_subject(revocation.organisation), revocation.node)
    require({"subject": (record.subject, record.slot) == own}, RevocationMalformed)
    if record.organisation != revocation.organisation:
        raise AuthorOfAnotherOrganisation(organisation=record.organisation)
    return revocation

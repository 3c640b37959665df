"""A key, certificate, roster or code that can't be believed."""

from sync.errors import MoyaiError


class TrustRefused(MoyaiError):
    """A key, certificate, roster or code can't be believed."""

    reason = "TRUST_REFUSED"


class KeyUnsound(TrustRefused):
    """A public key is of small order, outside the prime-order group, or not canonically encoded."""

    reason = "KEY_UNSOUND"


class SignatureWrong(TrustRefused):
    """A signature does not hold under the key it should be by; `what` says of which kind of statement."""

    reason = "SIGNATURE_WRONG"


class UnknownOrganisation(TrustRefused):
    """The roster does not list the organisation."""

    reason = "UNKNOWN_ORGANISATION"


class RosterMalformed(TrustRefused):
    """A roster does not have the shape the specification asks for; `rule` names which part."""

    reason = "ROSTER_MALFORMED"


class RosterWrongFederation(TrustRefused):
    """A roster is of another federation, or turns a drill into the real thing or back."""

    reason = "ROSTER_WRONG_FEDERATION"


class RosterRollback(TrustRefused):
    """A roster is older than the one held."""

    reason = "ROSTER_ROLLBACK"


class RosterFork(TrustRefused):
    """Two rosters of one version, both signed by enough trustees: evidence of misuse, or of a grave mistake."""

    reason = "ROSTER_FORK"


class RosterSignaturesTooFew(TrustRefused):
    """Too few distinct trustees signed; `of` says whether those of the roster held or the roster's own."""

    reason = "ROSTER_SIGNATURES_TOO_FEW"


class RosterExpired(TrustRefused):
    """The roster is too old to meet someone never met before."""

    reason = "ROSTER_EXPIRED"


class CertificateMalformed(TrustRefused):
    """A node certificate does not have the shape the specification asks for; `rule` names which part."""

    reason = "CERTIFICATE_MALFORMED"


class NodeIdMismatch(TrustRefused):
    """A certificate names a node id that is not derived from its public key."""

    reason = "NODE_ID_MISMATCH"


class PossessionMissing(TrustRefused):
    """The node's own key has not signed that it belongs to the organisation that certifies it."""

    reason = "POSSESSION_MISSING"


class CertificateNotYetValid(TrustRefused):
    """A node certificate begins later than the moment in question."""

    reason = "CERTIFICATE_NOT_YET_VALID"


class CertificateExpired(TrustRefused):
    """A node certificate, or the organisation's key under it, ended before the moment in question."""

    reason = "CERTIFICATE_EXPIRED"


class NodeRevoked(TrustRefused):
    """The node's organisation has said that it is no longer to be believed."""

    reason = "NODE_REVOKED"


class AuthorUnknown(TrustRefused):
    """No certificate of the record's author is held: it may be on its way."""

    reason = "AUTHOR_UNKNOWN"


class AuthorOfAnotherOrganisation(TrustRefused):
    """A record names an organisation that did not certify its author."""

    reason = "AUTHOR_OF_ANOTHER_ORGANISATION"


class TlsCertificateOther(TrustRefused):
    """A peer greets with the certificate of a node that it is not: TLS has shown another one."""

    reason = "TLS_CERTIFICATE_OTHER"


class RevocationMalformed(TrustRefused):
    """A revocation does not have the shape the specification asks for; `rule` names which part."""

    reason = "REVOCATION_MALFORMED"


class AgreementMalformed(TrustRefused):
    """An application, decision or activation does not hold together; `rule` names which part."""

    reason = "AGREEMENT_MALFORMED"


class CardMalformed(TrustRefused):
    """A member's or trustee's card can't be read; `rule` names which part."""

    reason = "CARD_MALFORMED"


class KeyFileMalformed(TrustRefused):
    """A key file can't be read, or holds another kind of key; `rule` names which part."""

    reason = "KEY_FILE_MALFORMED"


class KeyFileOpenToOthers(TrustRefused):
    """A key file without a passphrase can be read by others than its owner."""

    reason = "KEY_FILE_OPEN_TO_OTHERS"


class PassphraseWrong(TrustRefused):
    """The passphrase does not open the key file, or the file was changed."""

    reason = "PASSPHRASE_WRONG"


class PassphraseMissing(TrustRefused):
    """The key file asks for a passphrase, or a new one must not be empty."""

    reason = "PASSPHRASE_MISSING"


class CodeWrong(TrustRefused):
    """No open one-time code is this one."""

    reason = "CODE_WRONG"


class CodeExpired(TrustRefused):
    """The one-time code's time is over."""

    reason = "CODE_EXPIRED"


class CodeSpent(TrustRefused):
    """Too many wrong codes of this name were typed: the code is spent."""

    reason = "CODE_SPENT"


class NotEnrolled(TrustRefused):
    """This node has no certificate or no roster yet; `what` says which."""

    reason = "NOT_ENROLLED"


class PeerIsAnother(TrustRefused):
    """Who greets is not who the connection says; `what` differs."""

    reason = "PEER_IS_ANOTHER"


class EnrolmentFileMalformed(TrustRefused):
    """A file is no request for a certificate, or no answer, or was changed on its way; `rule` names what."""

    reason = "ENROLMENT_FILE_MALFORMED"


class EnrolmentForAnother(TrustRefused):
    """A request is for another organisation, or an answer for another node; `what` says whose."""

    reason = "ENROLMENT_FOR_ANOTHER"


class EnrolmentUnconfirmed(TrustRefused):
    """A request has no one-time code in it, and nobody has confirmed its fingerprint."""

    reason = "ENROLMENT_UNCONFIRMED"


class FingerprintOther(TrustRefused):
    """The fingerprint given is not that of the request: it may be somebody else's."""

    reason = "FINGERPRINT_OTHER"

"""What a node itself refuses; each with a stable reason whose sentence and hint stand in node/locales.

MoyaiError (sync.errors)
├── RecordRefused          a record can't be taken: it goes to quarantine, or is turned away
│   └── RecordMalformed    it does not have the shape the specification asks for
├── TrustRefused           a key, certificate, roster or code can't be believed
├── LedgerRefused          the store can't be opened or written
├── ActRefused             the desk can't do what was asked
└── InputRefused           a file or a field can't be understood
"""

from sync.errors import MoyaiError as MoyaiError  # noqa: PLC0414  for the screens, which do not reach below


class RecordRefused(MoyaiError):
    """A record can't be taken."""

    reason = "RECORD_REFUSED"


class RecordMalformed(RecordRefused):
    """A record does not have the shape the specification asks for; `rule` names which part."""

    reason = "RECORD_MALFORMED"


class TrustRefused(MoyaiError):
    """A key, certificate, roster or code can't be believed."""

    reason = "TRUST_REFUSED"


class LedgerRefused(MoyaiError):
    """The store can't be opened or written."""

    reason = "LEDGER_REFUSED"


class ActRefused(MoyaiError):
    """The desk can't do what was asked."""

    reason = "ACT_REFUSED"


class InputRefused(MoyaiError):
    """A file or a field can't be understood."""

    reason = "INPUT_REFUSED"


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


class ContentMalformed(RecordRefused):
    """What a record says breaks a rule; `facet`, `field` and `rule` say where and which, never what was there."""

    reason = "CONTENT_MALFORMED"


class BirthDateRefused(InputRefused):
    """What was typed is no birth date; `rule` says why: shape, no-such-day, era, future."""

    reason = "BIRTH_DATE_REFUSED"


class FileNotATable(InputRefused):
    """A file is something else than asked for, or broken; `kind` says what, such as "xlsx" or "gzip-broken"."""

    reason = "FILE_NOT_A_TABLE"


class FileTooLarge(InputRefused):
    """A file is larger, unpacked, than this node reads."""

    reason = "FILE_TOO_LARGE"


class FileEncodingUnknown(InputRefused):
    """A file is in no encoding this node reads."""

    reason = "FILE_ENCODING_UNKNOWN"


class FileHeaderUnknown(InputRefused):
    """None of the first lines names the columns this import needs; `expected` says which. The file's own are not told."""

    reason = "FILE_HEADER_UNKNOWN"


class FileKeyIsMyNumber(InputRefused):
    """The column that should name each person holds My Numbers, which may not be kept (Rule 8-6(3))."""

    reason = "FILE_KEY_IS_MY_NUMBER"


class LedgerMissing(LedgerRefused):
    """There is no ledger at this place."""

    reason = "LEDGER_MISSING"


class LedgerExists(LedgerRefused):
    """A new ledger was to be made where a file already is; it is left alone."""

    reason = "LEDGER_EXISTS"


class LedgerKeyRefused(LedgerRefused):
    """The ledger does not open with this key, or its first page is damaged: the two can't be told apart."""

    reason = "LEDGER_KEY_REFUSED"


class LedgerForeign(LedgerRefused):
    """The file is no ledger."""

    reason = "LEDGER_FOREIGN"


class LedgerTooNew(LedgerRefused):
    """A newer program has changed the schema: `taken` steps, of which this one knows `known`. Nothing was touched."""

    reason = "LEDGER_TOO_NEW"


class LedgerBusy(LedgerRefused):
    """Another process kept the ledger for longer than we wait. Nothing was written."""

    reason = "LEDGER_BUSY"


class LedgerFull(LedgerRefused):
    """The disk is full. Nothing of this was written; what was saved before is safe."""

    reason = "LEDGER_FULL"


class LedgerDamaged(LedgerRefused):
    """The file can't be read or written as it should be."""

    reason = "LEDGER_DAMAGED"


class AuditBroken(LedgerRefused):
    """The log does not follow from itself, from `entry` on: someone has changed it."""

    reason = "AUDIT_BROKEN"


class NodeNotSetUp(MoyaiError):
    """This directory holds no node, or its node.toml does not say what it should; `what` names it."""

    reason = "NODE_NOT_SET_UP"


class NodeLocked(MoyaiError):
    """The node's key was not given, or is not the one."""

    reason = "NODE_LOCKED"


class NodeAlreadySetUp(MoyaiError):
    """This directory holds a node already; nothing was changed."""

    reason = "NODE_ALREADY_SET_UP"


class NotThisNode(ActRefused):
    """The act belongs to another kind of node; `expected` says which."""

    reason = "NOT_THIS_NODE"


class NotEnrolled(TrustRefused):
    """This node has no certificate or no roster yet; `what` says which."""

    reason = "NOT_ENROLLED"


class SubjectUnknown(ActRefused):
    """This node knows nobody of that id."""

    reason = "SUBJECT_UNKNOWN"


class PlaceUnknown(ActRefused):
    """This node knows no such place."""

    reason = "PLACE_UNKNOWN"


class NoOpenStay(ActRefused):
    """The person has no open stay that could be changed."""

    reason = "NO_OPEN_STAY"


class NothingToGoBy(InputRefused):
    """Neither a name nor a description was given."""

    reason = "NOTHING_TO_GO_BY"


class WordUnknown(InputRefused):
    """A word is none of the list; `expected` has the list."""

    reason = "WORD_UNKNOWN"


class FacetUnknown(InputRefused):
    """A word names no facet that can be shared; `facet` is the word."""

    reason = "FACET_UNKNOWN"


class PurposeMissing(InputRefused):
    """A search needs a purpose."""

    reason = "PURPOSE_MISSING"


class ConsentNeedsGuardian(ActRefused):
    """Under the age limit a guardian consents, and their relation is written down."""

    reason = "CONSENT_NEEDS_GUARDIAN"


class ConsentUnknown(ActRefused):
    """There is no such consent, or it is withdrawn already."""

    reason = "CONSENT_UNKNOWN"


class NotProtected(ActRefused):
    """No protection is set, or another organisation set it."""

    reason = "NOT_PROTECTED"


class NotErasable(ActRefused):
    """Only who registered the person first, or their home municipality, may erase them."""

    reason = "NOT_ERASABLE"


class ActUnknown(ActRefused):
    """There is no such act, or it was undone already."""

    reason = "ACT_UNKNOWN"


class ActOvertaken(ActRefused):
    """Something was written on top of the act since."""

    reason = "ACT_OVERTAKEN"


class AgreementUnknown(ActRefused):
    """There is no such application."""

    reason = "AGREEMENT_UNKNOWN"


class PeerUnknown(ActRefused):
    """The roster lists no such organisation, or it has no node to speak to."""

    reason = "PEER_UNKNOWN"


class PeerIsAnother(TrustRefused):
    """Who greets is not who the connection says; `what` differs."""

    reason = "PEER_IS_ANOTHER"


class NodeUnknown(ActRefused):
    """It is no node of this organisation."""

    reason = "NODE_UNKNOWN"


class ConfigRefused(InputRefused):
    """A setting is not what it should be; `field` names it."""

    reason = "CONFIG_REFUSED"


class ScreensMissing(MoyaiError):
    """The screens are not installed; `screens` says which."""

    reason = "SCREENS_MISSING"


class FileMissing(InputRefused):
    """There is no file to read; `what` says why."""

    reason = "FILE_MISSING"

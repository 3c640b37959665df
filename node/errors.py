"""What a node itself refuses; each with a stable reason whose sentence and hint stand in node/locales.

MoyaiError (sync.errors)
├── RecordRefused          a record can't be taken: it goes to quarantine, or is turned away
│   └── RecordMalformed    it does not have the shape the specification asks for
├── TrustRefused           a key, certificate, roster or code can't be believed
├── LedgerRefused          the store can't be opened or written
├── ActRefused             the desk can't do what was asked
└── InputRefused           a file or a field can't be understood
"""

from sync.errors import MoyaiError


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

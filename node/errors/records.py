"""A record that can't be taken."""

from sync.errors import MoyaiError


class RecordRefused(MoyaiError):
    """A record can't be taken."""

    reason = "RECORD_REFUSED"


class RecordMalformed(RecordRefused):
    """A record does not have the shape the specification asks for; `rule` names which part."""

    reason = "RECORD_MALFORMED"


class ContentMalformed(RecordRefused):
    """What a record says breaks a rule; `facet`, `field` and `rule` say where and which, never what was there."""

    reason = "CONTENT_MALFORMED"

"""A file or a field that can't be understood."""

from sync.errors import MoyaiError


class InputRefused(MoyaiError):
    """A file or a field can't be understood."""

    reason = "INPUT_REFUSED"


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
    """None of the first lines names the columns this import needs; `expected` says which. The file's own are not
    told."""

    reason = "FILE_HEADER_UNKNOWN"


class FileKeyIsMyNumber(InputRefused):
    """The column that should name each person holds My Numbers, which may not be kept (Rule 8-6(3))."""

    reason = "FILE_KEY_IS_MY_NUMBER"


class NothingToGoBy(InputRefused):
    """Neither a name nor a description was given."""

    reason = "NOTHING_TO_GO_BY"


class WordUnknown(InputRefused):
    """A word is none of the list; `field` says what it was for, `expected` has the list. The word is not told."""

    reason = "WORD_UNKNOWN"


class FacetUnknown(InputRefused):
    """A word names no facet that can be shared; `expected` has those that do. The word itself is not told."""

    reason = "FACET_UNKNOWN"


class FieldRefused(InputRefused):
    """What was typed does not fit its field; `field` and `rule` say where and which, never what was typed."""

    reason = "FIELD_REFUSED"


class PurposeMissing(InputRefused):
    """A search needs a purpose."""

    reason = "PURPOSE_MISSING"


class ConfigRefused(InputRefused):
    """A setting is not what it should be; `field` names it."""

    reason = "CONFIG_REFUSED"


class FileNotWritten(InputRefused):
    """A file can't be written where it was asked for; `what` says why."""

    reason = "FILE_NOT_WRITTEN"


class HoursNotAllowed(InputRefused):
    """An emergency lasts from one hour to as many as the law allows; `expected` and `got` say how many."""

    reason = "HOURS_NOT_ALLOWED"


class FileMissing(InputRefused):
    """There is no file to read; `what` says why."""

    reason = "FILE_MISSING"


class FileNotNamed(InputRefused):
    """A command that reads files was given none."""

    reason = "FILE_NOT_NAMED"

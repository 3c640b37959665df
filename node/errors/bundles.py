"""A bundle, or what else is carried by hand, that can't be taken or written."""

from sync.errors import MoyaiError


class BundleRefused(MoyaiError):
    """A bundle can't be taken; nothing of it was."""

    reason = "BUNDLE_REFUSED"


class BundleUnreadable(BundleRefused):
    """The files are not what they should be."""

    reason = "BUNDLE_UNREADABLE"


class BundleMalformed(BundleUnreadable):
    """A file is no bundle, or what is in it breaks a rule of the specification; `rule` names which."""

    reason = "BUNDLE_MALFORMED"


class BundleCut(BundleUnreadable):
    """A file ends too early; `expected` and `got` are bytes."""

    reason = "BUNDLE_CUT"


class BundleChanged(BundleUnreadable):
    """A file is not as it was written, by a fault of the stick or by somebody's hand; `part` says which part."""

    reason = "BUNDLE_CHANGED"


class BundlePartsMissing(BundleUnreadable):
    """Not all parts were given; `missing` says which, `parts` how many there are."""

    reason = "BUNDLE_PARTS_MISSING"


class BundlePartsMixed(BundleUnreadable):
    """The files are parts of different bundles."""

    reason = "BUNDLE_PARTS_MIXED"


class BundleForAnother(BundleRefused):
    """The bundle is for another organisation or node; `organisation` and `node` say which, `whose` names it."""

    reason = "BUNDLE_FOR_ANOTHER"


class BundleOfAnotherFederation(BundleRefused):
    """The bundle is of another federation, or of a drill where this is none."""

    reason = "BUNDLE_OF_ANOTHER_FEDERATION"


class BundleKeyAnother(BundleRefused):
    """The bundle is for us, but sealed to a key that is not ours, or is not ours any more."""

    reason = "BUNDLE_KEY_ANOTHER"


class BundleForged(BundleRefused):
    """The signature is not by the node that the bundle says has written it."""

    reason = "BUNDLE_FORGED"


class BundleNotFromAPeer(BundleRefused):
    """Who wrote the bundle is a node this one does not speak with: another organisation's laptop, or another laptop."""

    reason = "BUNDLE_NOT_FROM_A_PEER"


class BundleReadBefore(BundleRefused):
    """This very bundle was read to its end before."""

    reason = "BUNDLE_READ_BEFORE"


class BundleOlder(BundleRefused):
    """A newer bundle from the same writer was read already: all that still counts was in that one."""

    reason = "BUNDLE_OLDER"


class FileInTheWay(BundleRefused):
    """Where the bundle is to be written lies a file that is no bundle; it was left as it is."""

    reason = "FILE_IN_THE_WAY"


class PartTooSmall(BundleRefused):
    """A part of that size could hold nothing; `least` is in bytes."""

    reason = "PART_TOO_SMALL"


class NoBundleHere(BundleUnreadable):
    """No bundle lies in the folder; `folder` says which."""

    reason = "NO_BUNDLE_HERE"


class BundlesForOthers(BundleRefused):
    """The bundles in the folder are for others; `whose` names them, `folder` says where."""

    reason = "BUNDLES_FOR_OTHERS"


class StickNowhere(BundleRefused):
    """The folder it is to be written to is not there; `folder` says which."""

    reason = "STICK_NOWHERE"


class StickFull(BundleRefused):
    """There is no room where it is to be written; nothing was left there."""

    reason = "STICK_FULL"


class StickFailed(BundleRefused):
    """The medium could not be read or written; `what` is the system's name for it."""

    reason = "STICK_FAILED"

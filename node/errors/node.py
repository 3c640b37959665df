"""A node that is not set up, or locked."""

from sync.errors import MoyaiError, PeerUnreachable


class NodeNotSetUp(MoyaiError):
    """This directory holds no node; `what` names what is missing."""

    reason = "NODE_NOT_SET_UP"


class ConfigMalformed(NodeNotSetUp):
    """node.toml can't be read, or does not say what it should; `what` names the fault or the field."""

    reason = "CONFIG_MALFORMED"


class ConfigOfAnother(NodeNotSetUp):
    """node.toml says another organisation or role than the node's certificate; `expected` is what that says."""

    reason = "CONFIG_OF_ANOTHER"


class NodeLocked(MoyaiError):
    """The node's key was not given, or is not the one."""

    reason = "NODE_LOCKED"


class NodeAlreadySetUp(MoyaiError):
    """This directory holds a node already; nothing was changed."""

    reason = "NODE_ALREADY_SET_UP"


class HomeUnreachable(PeerUnreachable):
    """Nobody who takes enrolments answers at `home`: nothing is kept, and nothing is tried again by itself."""

    reason = "HOME_UNREACHABLE"


class NotServing(PeerUnreachable):
    """The daemon of this very node does not answer at `listen`, or is about to stop."""

    reason = "NOT_SERVING"


class MetricsNotLoopback(MoyaiError):
    """Figures were to be given at `address`, which others can reach, and node.toml does not say that they may be."""

    reason = "METRICS_NOT_LOOPBACK"


class MetricsListenFailed(MoyaiError):
    """Figures can't be given at `address`: it is taken, or not ours."""

    reason = "METRICS_LISTEN_FAILED"


class ScreensMissing(MoyaiError):
    """The screens are not installed; `screens` says which."""

    reason = "SCREENS_MISSING"


class FolderNotEmpty(MoyaiError):
    """Files were to go into `directory`, and there are some already; nothing was changed."""

    reason = "FOLDER_NOT_EMPTY"


class NoTerminal(MoyaiError):
    """Screens were asked for where nobody can see them."""

    reason = "NO_TERMINAL"


class LeavingNotBegun(MoyaiError):
    """Something is still granted to others: that ends first."""

    reason = "LEAVING_NOT_BEGUN"


class LeavingNotHandedOver(MoyaiError):
    """Not everybody has been given what is theirs; `organisations` says who has not."""

    reason = "LEAVING_NOT_HANDED_OVER"


class OrganisationKeyNotListed(MoyaiError):
    """The roster does not list the organisation's key that this node would sign with."""

    reason = "ORGANISATION_KEY_NOT_LISTED"

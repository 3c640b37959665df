"""A node that is not set up, or locked."""

from sync.errors import MoyaiError, PeerUnreachable


class NodeNotSetUp(MoyaiError):
    """This directory holds no node, or its node.toml does not say what it should; `what` names it."""

    reason = "NODE_NOT_SET_UP"


class NodeLocked(MoyaiError):
    """The node's key was not given, or is not the one."""

    reason = "NODE_LOCKED"


class NodeAlreadySetUp(MoyaiError):
    """This directory holds a node already; nothing was changed."""

    reason = "NODE_ALREADY_SET_UP"


class HomeUnreachable(PeerUnreachable):
    """Nobody who takes enrolments answers at `home`: nothing is kept, and nothing is tried again by itself."""

    reason = "HOME_UNREACHABLE"


class ScreensMissing(MoyaiError):
    """The screens are not installed; `screens` says which."""

    reason = "SCREENS_MISSING"


class NoTerminal(MoyaiError):
    """Screens were asked for where nobody can see them."""

    reason = "NO_TERMINAL"

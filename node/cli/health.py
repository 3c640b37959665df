"""`moyai health`: whether the daemon of this node answers, for whoever watches over it."""

from node.cli.options import NO_OPTIONS, Common
from node.health import ask_daemon
from node.words import word


def health(*, common: Common = NO_OPTIONS) -> int:
    """Ask this node's own daemon whether it serves: over the network as a peer does, with its own certificate."""
    endpoint = ask_daemon(common.node, common.passphrase)
    common.say({"serving": True, "listen": endpoint}, word("health.serving", common.language, listen=endpoint))
    return 0

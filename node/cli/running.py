"""`moyai serve`, `sync`: the node while it speaks with its peers."""

import asyncio
import os
import resource
import sys

from node.cli.authority import registrar_of
from node.cli.exchanging import (
    foretold,
    line_of_forecast,
    lines_of_spoken,
    progress,
    spoken_for_script,
    would_send,
)
from node.cli.options import NO_OPTIONS, Common
from node.logs import log_to_stderr, logger
from node.metrics.metered import metered
from node.notify import Notifier
from node.service import dialled, exchange_once, serve as run_daemon
from node.trust.keyfile import asks_for_passphrase
from node.words import word
from sync.exchange import Ports

DONE, NO_NETWORK = 0, 4


def serve(*, metrics: str = "", common: Common = NO_OPTIONS) -> int:
    """Run the node: listen for peers, call them, keep to the schedule, until SIGTERM or Ctrl-C.

    Enrolment with one-time codes is open while the organisation's key needs no passphrase; else `moyai enrol code`
    opens it.

    Args:
        metrics: Where figures are given to Prometheus, such as 127.0.0.1:9464: an address of this machine alone.
            Default: that of node.toml, or nowhere.
    """
    log_to_stderr()
    _open_many_files()
    with common.opened(unattended=True) as node:
        node.need_home()
        registrar = None
        if not asks_for_passphrase(node.directory.organisation_key):
            registrar = registrar_of(node, common).redeem

        notifier = Notifier.of(os.environ)

        def ready(ports: Ports) -> None:
            notifier.ready(f"Serving at {node.config.listen}")
            logger().info(
                "serving",
                organisation=node.config.organisation,
                node=node.key.node.hex()[:8],
                port=ports.exchange,
                enrolment_port=ports.enrolment,
            )
            if sys.stdout.isatty():
                said = {"listen": node.config.listen, "enrolment": node.config.enrolment_listen}
                common.say_on_the_way(word("serve.ready", common.language, **said))

        with metered(node, metrics) as tallies:
            running = run_daemon(
                node,
                registrar=registrar,
                ready=ready,
                notifier=notifier,
                told=tallies.ended,
                moved=tallies.moved,
            )
            asyncio.run(running)
        logger().info("stopped")
    return DONE


def _open_many_files() -> None:
    """As many connections as the machine allows: the usual 1,024 files are few for a prefecture and for strangers."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def sync(*, with_: str = "", dry_run: bool = False, common: Common = NO_OPTIONS) -> int:
    """Exchange with peers now: with one organisation, or with all that can be called.

    Args:
        with_: Code of the organisation. Default: all.
        dry_run: Send nothing: say how much waits for each, and how long it would take on the line as last measured.
    """
    log_to_stderr(quiet=True)
    with common.opened(unattended=True) as node:
        if dry_run:
            told = would_send(node, with_)
            answer = {"peers": [foretold(*one) for one in told]}
            common.say(answer, *(line_of_forecast(*one, common.language) for one in told))
            return DONE
        with progress(common, node.neighbours) as moved:
            spoken = asyncio.run(exchange_once(node, with_ or None, moved=moved))
        lines = lines_of_spoken(spoken, node.neighbours, common.language)
    common.say({"peers": [spoken_for_script(one) for one in spoken]}, *lines)
    return DONE if dialled(spoken) else NO_NETWORK

"""`moyai serve`, `sync`, `desk`, `coordinate`: the node while it runs."""

import asyncio
import resource
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import Annotated

from cyclopts import Parameter

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
from node.errors import NoTerminal, ScreensMissing
from node.installation import Installation
from node.logs import log_to_stderr, logger
from node.metrics.figures import figures, searches
from node.metrics.tallies import Tallies
from node.service import Daemon, dialled, exchange_once
from node.service import serve as run_daemon
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

        def ready(ports: Ports) -> None:
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

        with _metered(node, metrics) as tallies:
            running = run_daemon(node, registrar=registrar, ready=ready, told=tallies.ended, moved=tallies.moved)
            asyncio.run(running)
        logger().info("stopped")
    return DONE


@contextmanager
def _metered(node: Installation, asked: str) -> Iterator[Tallies]:
    """While the node runs its figures are given, where that was asked for. Raises what `address_for` and `given` do."""
    from node.metrics.giving import address_for, given, registry_of  # noqa: PLC0415 -- seldom needed

    tallies = Tallies()
    address = address_for(node.config, asked)
    if not address:
        yield tallies
        return
    with given(address, registry_of(lambda: figures(node, tallies), lambda: searches(node))) as port:
        logger().info("metrics", port=port)
        yield tallies


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


def need_terminal() -> None:
    """Screens need somebody to look at them: a script would wait for ever.

    Raises:
        NoTerminal: input or output is not a terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NoTerminal


def desk(*, place: str = "", common: Common = NO_OPTIONS) -> int:
    """Open the screens of a shelter's desk. Everything works without a network, and what waits is sent when it is back.

    Args:
        place: Id of the place the desk stands at. Default: the one of node.toml, or it is asked for.
    """
    need_terminal()
    from node.cli.options import place_of  # noqa: PLC0415 -- beside the screens, which take longest to load

    with common.opened(unattended=True) as node, _speaking(node) as poke:
        standing_at = place_of(node, place or node.config.place) if place or node.config.place else b""
        return screens_of("desk")(
            node.desk(common.who, place=standing_at, poke=poke),
            lang=common.language,
            lock_after_minutes=node.config.lock_after_minutes,
        )


def coordinate(
    *, served: Annotated[bool, Parameter(show=False, negative="")] = False, common: Common = NO_OPTIONS
) -> int:
    """Open the screens of a coordinating office: shelters and their trends, search, who is not found, applications.

    Args:
        served: They are shown in a browser, by `moyai web`, whose operator has signed in.
    """
    with common.opened(unattended=not served) as node:
        node.need_home()
        if not served:
            need_terminal()
        with _speaking(node) as poke:
            return screens_of("coordinate")(
                node.coordination(common.who, poke=poke),
                lang=common.language,
                lock_after_minutes=node.config.lock_after_minutes,
                signed_in=served,
            )


def screens_of(name: str) -> Callable[..., int]:
    """The screens plug in from above: node knows none of them."""
    found = entry_points(group="moyai.screens", name=name)
    if not found:
        raise ScreensMissing(screens=name)
    screens: Callable[..., int] = next(iter(found)).load()
    return screens


@contextmanager
def _speaking(node: Installation) -> Iterator[Callable[[str | None], None]]:
    """Beside the screens a field node speaks with its home node; a home node's own daemon does that for it.

    Yields what pokes the one or the other. Without a roster or a certificate there is nobody to speak to, and the desk
    works all the same.
    """
    if node.is_home:
        yield node.directory.serving.ask
        return
    if node.ledger.secret("roster") is None or node.ledger.secret("certificate") is None:
        yield lambda _organisation: None
        return
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="moyai-exchange", daemon=True)
    thread.start()

    async def begin() -> Daemon:
        daemon = Daemon(node)
        await daemon.start()
        return daemon

    daemon = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    try:
        yield lambda organisation: _poke(loop, daemon, organisation)
    finally:
        asyncio.run_coroutine_threadsafe(daemon.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _poke(loop: asyncio.AbstractEventLoop, daemon: Daemon, organisation: str | None) -> None:
    loop.call_soon_threadsafe(daemon.poke, organisation)

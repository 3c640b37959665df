"""`moyai serve`, `sync`, `desk`, `coordinate`: the node while it runs."""

import asyncio
import resource
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import Any

from rich.console import Console
from rich.progress import Progress, TaskID

from node.cli.authority import registrar_of
from node.cli.options import NO_OPTIONS, Common
from node.errors import NoTerminal, ScreensMissing
from node.forecast import Forecast, forecast
from node.installation import Installation
from node.logs import log_to_stderr, logger
from node.service import Daemon, Spoken, dialled, dialled_peers, exchange_once
from node.service import serve as run_daemon
from node.trust.keyfile import asks_for_passphrase
from node.words import reason_sentence, word
from sync.conversation import nobody_hears
from sync.effects import Counts
from sync.exchange import Ports
from sync.frames import DATA
from sync.ports import Peer

DONE, NO_NETWORK = 0, 4


def serve(*, common: Common = NO_OPTIONS) -> int:
    """Run the node: listen for peers, call them, keep to the schedule, until SIGTERM or Ctrl-C.

    Enrolment with one-time codes is open while the organisation's key needs no passphrase; else `moyai enrol code`
    opens it.
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

        asyncio.run(run_daemon(node, registrar=registrar, ready=ready))
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
            told = [_would_send(node, peer) for peer in dialled_peers(node, with_ or None)]
            common.say(
                {"peers": [_foretold(*one) for one in told]}, *(_forecast(*one, common.language) for one in told)
            )
            return DONE
        with _progress(common) as moved:
            spoken = asyncio.run(exchange_once(node, with_ or None, moved=moved))
    answer = [_spoken(one) for one in spoken]
    common.say({"peers": answer}, *(_line(one, common.language) for one in spoken))
    return DONE if dialled(spoken) else NO_NETWORK


@contextmanager
def _progress(common: Common) -> Iterator[Callable[[Peer, Counts], None]]:
    """A bar on the terminal's error output while records move; nothing where nobody is looking."""
    if common.json or not sys.stderr.isatty():
        yield nobody_hears
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def moved(peer: Peer, counts: Counts) -> None:
            done, whole = counts.sent + counts.received, counts.to_send + counts.to_come
            if peer.organisation not in tasks:
                tasks[peer.organisation] = bar.add_task(peer.organisation)
            bar.update(tasks[peer.organisation], total=max(done, whole), completed=done)

        yield moved


def _would_send(node: Installation, peer: Peer) -> tuple[str, Forecast]:
    """What waits for a peer now; one that was never greeted has no views yet."""
    if peer.node:
        node.book().outbox(peer).standing(DATA)
    return peer.organisation, forecast(node.ledger, peer.node)


def _foretold(organisation: str, one: Forecast) -> dict[str, Any]:
    seconds = None if one.seconds is None else round(one.seconds, 1)
    return {"organisation": organisation, "waiting": one.records, "bytes": one.bytes, "seconds": seconds}


def _forecast(organisation: str, one: Forecast, language: str) -> str:
    told: dict[str, str | int] = {
        "organisation": organisation,
        "records": one.records,
        "kilobytes": -(-one.bytes // 1_000),
    }
    if one.seconds is None:
        return word("sync.would_send", language, **told)
    return word("sync.would_take", language, **told, minutes=f"{one.seconds / 60:.1f}")


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
        return _screens("desk")(
            node.desk(common.who, place=standing_at, poke=poke),
            lang=common.language,
            lock_after_minutes=node.config.lock_after_minutes,
        )


def coordinate(*, common: Common = NO_OPTIONS) -> int:
    """Open the screens of a coordinating office: shelters with their headcounts, search for a purpose."""
    with common.opened(unattended=True) as node:
        node.need_home()
        need_terminal()
        with _speaking(node) as poke:
            return _screens("coordinate")(
                node.coordination(common.who, poke=poke),
                lang=common.language,
                lock_after_minutes=node.config.lock_after_minutes,
            )


def _screens(name: str) -> Callable[..., int]:
    """The screens plug in from above: node knows none of them."""
    found = entry_points(group="moyai.screens", name=name)
    if not found:
        raise ScreensMissing(screens=name)
    screens: Callable[..., int] = next(iter(found)).load()
    return screens


@contextmanager
def _speaking(node: Installation) -> Iterator[Callable[[str | None], None]]:
    """Beside the screens a field node speaks with its home node; a home node's own daemon does that for it.

    Yields what pokes it. Without a roster or a certificate there is nobody to speak to, and the desk works all the
    same.
    """
    if node.is_home or node.ledger.secret("roster") is None or node.ledger.secret("certificate") is None:
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


def _spoken(one: Spoken) -> dict[str, Any]:
    counts = one.outcome.counts
    return {
        "organisation": one.peer.organisation,
        "reason": one.outcome.reason,
        "sent": counts.sent,
        "received": counts.received,
        "new": counts.new,
        "withheld": counts.withheld,
        "quarantined_here": counts.quarantined_here,
        "quarantined_there": counts.quarantined_there,
    }


def _line(one: Spoken, language: str) -> str:
    counts = one.outcome.counts
    if one.outcome.reason == "DONE":
        return word(
            "sync.done", language, organisation=one.peer.organisation, sent=counts.sent, received=counts.received
        )
    return f"{one.peer.organisation}  {reason_sentence(one.outcome.reason, language)}"

"""`moyai web`: opens the door for browsers on this machine, or says why it does not."""

import ssl
from collections.abc import Callable, Sequence
from pathlib import Path

from node.door import Porter
from tui.web.screens import Command
from tui.web.server import Address, CoordinationServer, run as serve


def run(
    porter: Porter,
    words: Sequence[str],
    *,
    passphrase: str | None,
    organisation: str,
    lang: str,
    bind: str,
    port: int,
    uses_pin: bool,
    drill: bool = False,
    beyond: bool = False,
    name: str = "",
    certificate: Path | None = None,
    key: Path | None = None,
    ready: Callable[[str], None],
) -> int:
    """Serves until it is told to end; `ready` is told where to point a browser.

    Raises:
        DoorOpenToOthers: other machines could reach it, and that was not asked for or is not encrypted.
    """
    tls = None
    if certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate, key)
    address = Address(bind, port, beyond=beyond, tls=tls, name=name)
    server = CoordinationServer(
        porter,
        Command(words, passphrase),
        address,
        organisation=organisation,
        language=lang,
        uses_pin=uses_pin,
        drill=drill,
    )
    scheme, host = "https" if tls else "http", name or (f"[{bind}]" if ":" in bind else bind)
    return serve(server, address, ready=lambda at: ready(f"{scheme}://{host}:{at}/"))

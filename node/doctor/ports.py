"""Whether this node can be called, and can call: its own ports, and those of peers that were not reached."""

import errno
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from enum import Enum
from typing import Final

from node.doctor.finding import Finding, Grade
from node.installation import Installation
from node.neighbours import Neighbour

ANSWER_S: Final = 2.0
"""Longer than a slow line takes to connect; a port that is blocked never answers."""
TRIED_MOST: Final = 12
"""Peers called at once: enough to see whether it is they or our own line."""


class Door(Enum):
    """How a port stands."""

    ANSWERS = "answers"
    REFUSED = "refused"
    """The machine is there, and nobody listens."""
    SILENT = "silent"
    """No answer: blocked on the way, or the machine is off."""
    NAMELESS = "nameless"
    """The name has no address."""
    UNREACHABLE = "unreachable"
    """There is no way there."""


def look(node: Installation) -> Iterator[Finding]:
    """Our own ports, then those of others."""
    if node.is_home:
        yield from _own(node)
    yield from _others([one for one in node.neighbours.all(counted=False) if one.is_failing and one.endpoints])


def knock(endpoint: str, *, within_s: float = ANSWER_S) -> Door:
    """Open a connection to "host:port", and close it."""
    host, _, port = endpoint.rpartition(":")
    try:
        with closing(socket.create_connection((host.strip("[]"), int(port)), timeout=within_s)):
            return Door.ANSWERS
    except ConnectionRefusedError:
        return Door.REFUSED
    except socket.gaierror:
        return Door.NAMELESS
    except TimeoutError:
        return Door.SILENT
    except OSError:
        return Door.UNREACHABLE


def why_not_bound(endpoint: str) -> str:
    """Why nobody could listen there; empty: one could."""
    host, _, port = endpoint.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((host.strip("[]"), int(port)))
        except OSError as error:
            return {errno.EADDRINUSE: "taken", errno.EACCES: "not_allowed"}.get(error.errno or 0, "not_ours")
    return ""


def _own(node: Installation) -> Iterator[Finding]:
    listen = node.config.listen
    if not listen:
        yield Finding("ports", "nowhere", Grade.WARN)
        return
    served = node.directory.serving.is_held()
    for endpoint in filter(None, (listen, node.config.enrolment_listen)):
        if served:
            answers = knock(_from_here(endpoint)) is Door.ANSWERS
            yield Finding(
                "ports", "listens" if answers else "deaf", Grade.OK if answers else Grade.BAD, {"address": endpoint}
            )
        elif why := why_not_bound(endpoint):
            yield Finding("ports", why, Grade.BAD, {"address": endpoint})
        else:
            yield Finding("ports", "free", Grade.WARN, {"address": endpoint})


def _others(failing: list[Neighbour]) -> Iterator[Finding]:
    tried = failing[:TRIED_MOST]
    if not tried:
        return
    with ThreadPoolExecutor(len(tried), thread_name_prefix="moyai-knock") as threads:
        doors = list(threads.map(lambda one: knock(one.endpoints[0]), tried))
    for one, door in zip(tried, doors, strict=True):
        if door is not Door.ANSWERS:
            values: dict[str, str | int] = {"organisation": one.organisation, "called": one.called}
            yield Finding("ports", f"peer_{door.value}", Grade.WARN, {**values, "address": one.endpoints[0]})


def _from_here(endpoint: str) -> str:
    """Where one's own port is called: every address means this machine as well."""
    host, _, port = endpoint.rpartition(":")
    return f"{ {'0.0.0.0': '127.0.0.1', '[::]': '[::1]', '': '127.0.0.1'}.get(host, host) }:{port}"  # noqa: S104

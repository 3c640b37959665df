"""Gives the figures to Prometheus over HTTP, to this machine alone unless node.toml says otherwise."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from socket import AF_INET6, AI_PASSIVE, SOCK_STREAM, getaddrinfo
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector, CollectorRegistry

from node.config import NodeConfig
from node.errors import MetricsListenFailed, MetricsNotLoopback
from node.metrics.families import FAMILIES, Family
from node.metrics.figures import Figure, Searches

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
"""What this machine calls itself."""


class Figures(Collector):
    """All figures of a node, read anew each time they are asked for."""

    def __init__(self, figures: Callable[[], Iterable[Figure]], searches: Callable[[], Searches]) -> None:
        self._figures = figures
        self._searches = searches

    def describe(self) -> Iterable[Metric]:
        """What there is, without reading the ledger."""
        return [_empty(one) for one in FAMILIES]

    def collect(self) -> Iterable[Metric]:
        """Each family with its values."""
        families = {one.name: _empty(one) for one in FAMILIES if one.kind != "histogram"}
        for figure in self._figures():
            families[figure.name].add_metric(figure.labels, figure.value)
        searched = self._searches()
        histogram = HistogramMetricFamily("moyai_search_seconds", _meaning("moyai_search_seconds"))
        histogram.add_metric((), buckets=list(searched.buckets), sum_value=searched.sum_s)
        return [*families.values(), histogram]


def registry_of(figures: Callable[[], Iterable[Figure]], searches: Callable[[], Searches]) -> CollectorRegistry:
    """What is asked: the node's figures, and those of its process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(figures, searches))
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry


@contextmanager
def given(address: str, registry: CollectorRegistry) -> Iterator[int]:
    """While the block runs, whoever asks there is answered; yields the port. On loopback, who asks under a name that
    is not this machine's is not: it is a page of somebody else who pointed their name here.

    Raises:
        MetricsListenFailed: the address can't be had.
    """
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    app = make_wsgi_app(registry)
    if _is_loopback(address):
        app = _only_under(LOOPBACK_NAMES | {host.lower()}, app)
    try:
        family, _, _, _, place = getaddrinfo(host or None, int(port), type=SOCK_STREAM, flags=AI_PASSIVE)[0]
        server = make_server(str(place[0]), int(port), app, _Server6 if family == AF_INET6 else _Server, _Silent)
    except OSError as error:
        raise MetricsListenFailed(address=address) from error
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Server6(_Server):
    address_family = AF_INET6


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the library's name
        """Who asks for figures is in no log."""


def _only_under(names: frozenset[str], app: "WSGIApplication") -> "WSGIApplication":
    def answer(asked: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if _named(asked.get("HTTP_HOST", "")) in names:
            return app(asked, start)
        start("421 Misdirected Request", [("Content-Length", "0")])
        return [b""]

    return answer


def _named(host: str) -> str:
    """The name in a Host header, of whatever port: the way here may lead through a tunnel."""
    try:
        split = urlsplit(f"//{host}")
    except ValueError:
        return ""
    return (split.hostname or "") if split.netloc == host and split.username is None else ""


def address_for(config: NodeConfig, asked: str) -> str:
    """Where figures are to be given; empty: nowhere.

    Raises:
        MetricsNotLoopback: others could reach it, and node.toml does not say that they may.
    """
    address = asked or config.metrics
    if address and not config.metrics_beyond_loopback and not _is_loopback(address):
        raise MetricsNotLoopback(address=address)
    return address


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _empty(one: Family) -> GaugeMetricFamily | CounterMetricFamily:
    kind = CounterMetricFamily if one.kind == "counter" else GaugeMetricFamily
    return kind(one.name, one.meaning, labels=one.labels)


def _meaning(name: str) -> str:
    return next(one.meaning for one in FAMILIES if one.name == name)

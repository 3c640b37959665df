"""Gives the figures to Prometheus over HTTP, to this machine alone unless node.toml says otherwise."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from prometheus_client import start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector, CollectorRegistry

from node.config import NodeConfig
from node.errors import MetricsListenFailed, MetricsNotLoopback
from node.metrics.families import FAMILIES, Family
from node.metrics.figures import Figure, Searches


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
    """While the block runs, whoever asks there is answered; yields the port.

    Raises:
        MetricsListenFailed: the address can't be had.
    """
    host, _, port = address.rpartition(":")
    try:
        server, thread = start_http_server(int(port), addr=host.strip("[]"), registry=registry)
    except OSError as error:
        raise MetricsListenFailed(address=address) from error
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


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

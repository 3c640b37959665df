"""The bad line is as bad as it says: rates, round trips and stalls within a few hundredths, order kept, cuts final."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random

import pytest

from tests.builders.links import PERFECT, Link, Quality, Stalls

PATIENT_S = 30.0
SLOW, FAST = 9_600, 128_000


@pytest.fixture
def echo_port() -> Iterator[int]:
    """A server that says again what it hears."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_echo, args=(server,), daemon=True).start()
        yield int(server.getsockname()[1])


@pytest.fixture
def sink_port() -> Iterator[int]:
    """A server that hears all until the end, and then says how much it was."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_swallow, args=(server,), daemon=True).start()
        yield int(server.getsockname()[1])


@pytest.mark.parametrize("rate", [SLOW, FAST])
def test_a_line_carries_what_its_rate_allows_and_no_more(sink_port: int, rate: int) -> None:
    sent = int(rate / 8 * 1.5)
    with Link(sink_port, Quality.of(rate, 0)) as link:
        took = _pour(link.port, sent)
        assert link.up_bytes == sent
    ideal = sent * 8 / rate
    assert 0.95 < took / ideal < 1.35


def test_half_the_rate_takes_twice_the_time(sink_port: int) -> None:
    took = []
    for rate in (64_000, 32_000):
        with Link(sink_port, Quality.of(rate, 0)) as link:
            took.append(_pour(link.port, 6_000))
    assert 1.5 < took[1] / took[0] < 2.6


def test_each_way_has_its_own_rate(echo_port: int) -> None:
    with Link(echo_port, Quality(up_bits_per_s=1_000_000, down_bits_per_s=40_000)) as link:
        began = time.monotonic()
        assert len(_say(link.port, bytes(5_000))) == 5_000
        took = time.monotonic() - began
        assert (link.up_bytes, link.down_bytes, link.carried_bytes) == (5_000, 5_000, 10_000)
    assert 0.95 < took < 1.6


def test_two_connections_share_the_rate(sink_port: int) -> None:
    with Link(sink_port, Quality.of(64_000, 0)) as link:
        began = time.monotonic()
        pouring = [threading.Thread(target=_pour, args=(link.port, 4_000)) for _ in range(2)]
        for one in pouring:
            one.start()
        for one in pouring:
            one.join(PATIENT_S)
        took = time.monotonic() - began
    assert 0.9 < took < 1.6


def test_a_round_trip_takes_its_time_and_a_new_connection_one_more(echo_port: int) -> None:
    with Link(echo_port, Quality(round_trip_s=0.4)) as link, _connected(link.port) as talk:
        first, second = (_round_trip(talk) for _ in range(2))
    assert 0.78 < first < 1.2
    assert 0.38 < second < 0.7


def test_nothing_leaves_while_it_stalls_and_all_of_it_afterwards(echo_port: int) -> None:
    with Link(echo_port) as link, _connected(link.port) as talk:
        _round_trip(talk)
        link.stall(0.6)
        assert 0.55 < _round_trip(talk) < 1.0
        link.stall()
        talk.sendall(b"held back")
        talk.settimeout(0.3)
        with pytest.raises(TimeoutError):
            talk.recv(9)
        talk.settimeout(PATIENT_S)
        link.mend()
        assert _hear(talk, 9) == b"held back"


def test_stalls_come_by_themselves_and_cost_their_time(sink_port: int) -> None:
    with Link(sink_port, Quality.of(SLOW, 0, stalls=Stalls(every_s=0.5, for_s=0.5)), seed=3) as link:
        took = _pour(link.port, 1_200)
    assert 1.3 < took < 3.2


def test_order_is_kept_whatever_the_jitter(echo_port: int) -> None:
    said = Random(7).randbytes(60_000)
    with Link(echo_port, Quality.of(2_000_000, 0.02, jitter_s=0.1)) as link:
        assert _say(link.port, said) == said


def test_a_cut_resets_what_is_open_and_what_comes_until_it_is_mended(echo_port: int) -> None:
    with Link(echo_port) as link:
        with _connected(link.port) as talk:
            _round_trip(talk)
            link.cut()
            with pytest.raises(ConnectionResetError):
                talk.recv(1)
        assert _say(link.port, b"moyai") == b""
        link.mend()
        assert _say(link.port, b"moyai") == b"moyai"


def test_it_cuts_by_itself_after_so_many_bytes(sink_port: int) -> None:
    with Link(sink_port, Quality.of(800_000, 0)) as link:
        link.cut_after(10_000)
        with pytest.raises(OSError, match=r"."):
            _pour(link.port, 200_000)
        assert 10_000 <= link.carried_bytes < 10_000 + 3 * 5_000


def test_who_sends_more_than_the_line_takes_is_held_up(sink_port: int) -> None:
    with Link(sink_port, Quality.of(SLOW, 0.7)) as link, _connected(link.port) as talk:
        talk.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        talk.settimeout(0.5)
        taken = 0
        with suppress(TimeoutError):
            while taken < 1_000_000:
                taken += talk.send(bytes(1_024))
    assert taken < 100_000


def test_taking_it_down_twice_is_harmless(echo_port: int) -> None:
    link = Link(echo_port, PERFECT)
    link.close()
    link.close()


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENT_S)


def _pour(port: int, count: int) -> float:
    """Send so much and wait until all of it has been heard: seconds it took."""
    began = time.monotonic()
    with _connected(port) as talk:
        talk.sendall(bytes(count))
        talk.shutdown(socket.SHUT_WR)
        assert int.from_bytes(_hear(talk, 8)) == count
    return time.monotonic() - began


def _round_trip(talk: socket.socket) -> float:
    began = time.monotonic()
    talk.sendall(b"?")
    assert _hear(talk, 1) == b"?"
    return time.monotonic() - began


def _hear(talk: socket.socket, count: int) -> bytes:
    heard = b""
    while len(heard) < count and (part := talk.recv(count - len(heard))):
        heard += part
    return heard


def _say(port: int, said: bytes) -> bytes:
    """What is heard back; nothing where the line is cut."""
    with suppress(ConnectionError), _connected(port) as talk:
        speaking = threading.Thread(target=_send, args=(talk, said))
        speaking.start()
        heard = b""
        with suppress(ConnectionError):
            heard = _hear(talk, len(said))
        speaking.join(PATIENT_S)
        return heard
    return b""


def _send(talk: socket.socket, said: bytes) -> None:
    with suppress(OSError):
        talk.sendall(said)


def _echo(server: socket.socket) -> None:
    _serve(server, lambda talk, part: talk.sendall(part), lambda _talk, _count: None)


def _swallow(server: socket.socket) -> None:
    _serve(server, lambda _talk, _part: None, lambda talk, count: talk.sendall(count.to_bytes(8)))


def _serve(
    server: socket.socket, each: Callable[[socket.socket, bytes], None], last: Callable[[socket.socket, int], None]
) -> None:
    def one(talk: socket.socket) -> None:
        count = 0
        with talk, suppress(OSError):
            while part := talk.recv(65_536):
                count += len(part)
                each(talk, part)
            last(talk, count)

    while True:
        try:
            talk, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=one, args=(talk,), daemon=True).start()

"""The line that can be cut: what is said arrives until it is, and again after."""

import socket
import threading

import pytest

from deploy.demo.line import Lines


@pytest.fixture
def echo_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_echo, args=(server,), daemon=True).start()
        yield server.getsockname()[1]


@pytest.fixture
def lines():
    laid = Lines()
    yield laid
    laid.close()


def test_a_line_carries_both_ways(lines, echo_port):
    line = lines.lay(echo_port)
    assert _say(line.port) == b"moyai"
    assert lines.carried_bytes() == 10


def test_a_cut_breaks_what_is_open_and_refuses_what_is_new(lines, echo_port):
    line = lines.lay(echo_port)
    with socket.create_connection(("127.0.0.1", line.port), timeout=5) as open_talk:
        open_talk.sendall(b"a")
        assert open_talk.recv(1) == b"a"
        lines.cut()
        assert _heard(open_talk) == b""
    assert _say(line.port) == b""


def test_a_mended_line_carries_again_on_the_same_port(lines, echo_port):
    line = lines.lay(echo_port)
    lines.cut()
    lines.mend()
    assert _say(line.port) == b"moyai"


def test_taking_lines_down_twice_is_harmless(echo_port):
    laid = Lines()
    laid.lay(echo_port)
    laid.close()
    laid.close()


def _say(port):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as talk:
        try:
            talk.sendall(b"moyai")
            talk.shutdown(socket.SHUT_WR)
        except OSError:
            return b""
        heard = b""
        while part := _heard(talk):
            heard += part
        return heard


def _heard(talk):
    try:
        return talk.recv(64)
    except ConnectionError:
        return b""


def _echo(server):
    while True:
        try:
            talk, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_echo_one, args=(talk,), daemon=True).start()


def _echo_one(talk):
    with talk:
        try:
            while part := talk.recv(64):
                talk.sendall(part)
        except OSError:
            return

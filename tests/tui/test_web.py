"""The screens in a browser: nobody is shown anything before the door, and nothing but our own pages gets through it."""

import asyncio
import re
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from threading import get_native_id

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSServerHandshakeError
from aiohttp.test_utils import TestServer as Serving
from textual_serve.download_manager import DownloadManager

from node.door import TRIES, CodeDoor, Porter
from node.errors import DoorOpenToOthers
from tui.web.headers import is_our_host, is_our_origin
from tui.web.screens import WIDTHS, Command, Screens, within
from tui.web.server import Address, CoordinationServer, is_loopback

SCREENS = """
import struct, sys
def say(text):
    told = text.encode()
    sys.stdout.buffer.write(b"D" + struct.pack(">I", len(told)) + told)
    sys.stdout.buffer.flush()
print("__GANGLION__", flush=True)
file = next(word for word in sys.argv if word.startswith("--passphrase-file=")).partition("=")[2]
say("|".join(word for word in sys.argv[1:] if "passphrase" not in word) + "|" + open(file).readline().strip())
while header := sys.stdin.buffer.read(5):
    typed = sys.stdin.buffer.read(struct.unpack(">I", header[1:])[0])
    if b"quit" in typed:
        break
    say("typed " + typed.decode())
"""
"""Stands for the screens: says how it was started, then what it is sent."""


FORM = (
    b"POST /sign-in HTTP/1.1\r\nHost: OWN\r\nOrigin: http://OWN\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)
PARTS = b"Content-Length: 12\r\n\r\n--x\r\nabc\r\n\r\n"


class House:
    """A server with its door, and a browser's cookies."""

    def __init__(self, serving: Serving, codes: list[str], http: ClientSession) -> None:
        self.serving = serving
        self.url = f"http://127.0.0.1:{serving.port}"
        self.codes = codes
        self.http = http

    @property
    def own(self) -> dict[str, str]:
        """What a browser says of a form of our own."""
        return {"Origin": self.url}

    async def sign_in(self, code: str | None = None, operator: str = "saito", **headers: str) -> tuple[int, str]:
        form = {"operator": operator, "secret": self.codes[-1] if code is None else code}
        async with self.http.post(
            f"{self.url}/sign-in", data=form, headers=headers or self.own, allow_redirects=False
        ) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def house(language: str = "ja", *, drill: bool = False) -> AsyncIterator[House]:
    codes: list[str] = []
    entropy, time = Random(7).randbytes, 0
    door = CodeDoor(entropy, codes.append)
    door.issue()
    porter = Porter(door, entropy, lambda: time, lambda _act, _who: None)
    command = Command([sys.executable, "-c", SCREENS, "coordinate"], passphrase="noto hanto")
    server = CoordinationServer(
        porter, command, Address("127.0.0.1", 0), organisation="石川県", language=language, uses_pin=False, drill=drill
    )
    serving = Serving(await server.make_app(), host="127.0.0.1")
    await serving.start_server()
    try:
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
            yield House(serving, codes, http)
    finally:
        await serving.close()


async def test_before_the_door_there_is_the_door_and_nothing_else() -> None:
    async with house() as made:
        async with made.http.get(made.url) as answer:
            told = await answer.text()
            assert answer.status == 200
            assert "職員コード" in told
            assert "terminal" not in told.replace("端末", "")
        for path in ("/static/js/textual.js", "/download/x", "/pages", "/static"):
            async with made.http.get(made.url + path) as answer:
                assert answer.status in (403, 404), path
        with pytest.raises(WSServerHandshakeError) as refused:
            await made.http.ws_connect(f"{made.url}/ws", headers=made.own)
        assert refused.value.status == 403


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("drill", [True, False])
async def test_in_a_drill_the_door_and_the_page_behind_it_say_so(language: str, drill: bool) -> None:
    async with house(language, drill=drill) as made:
        for signed_in in (False, True):
            async with made.http.get(made.url) as answer:
                told = await answer.text()
            assert ('id="terminal"' in told) is signed_in
            assert ("訓練" in told, 'drill"' in told) == (drill, drill)
            await made.sign_in()


async def test_with_the_code_the_screens_are_there_under_the_operator_s_name() -> None:
    async with house() as made:
        assert (await made.sign_in())[0] == 303
        async with made.http.get(made.url) as answer:
            assert "saito" in await answer.text()
        async with made.http.ws_connect(f"{made.url}/ws?width=100&height=30", headers=made.own) as socket:
            begun = (await socket.receive_bytes()).decode().split("|")
            assert begun == ["coordinate", "--lang=ja", "--operator=saito", "noto hanto"]
            await socket.send_json(["stdin", "山"])
            assert (await socket.receive_bytes()).decode() == "typed 山"
            await socket.send_json(["ping", 7])
            assert await socket.receive_json() == ["pong", 7]


async def test_what_is_no_message_is_passed_over() -> None:
    async with house() as made:
        await made.sign_in()
        async with made.http.ws_connect(f"{made.url}/ws?width=x&height=99999", headers=made.own) as socket:
            await socket.receive_bytes()
            for junk in (
                *("", "{", "7", "[]", '["stdin"]', '["stdin", 7]', '["resize", 7]', '["resize", {}]', '["x"]'),
                *('["stdin", "\\ud800"]', '["stdin", ""]', "[" * 20_000, '["resize", {"width": "²", "height": 1e99}]'),
            ):
                await socket.send_str(junk)
            await socket.send_json(["stdin", "q"])
            told = ""
            while not told.endswith("q"):
                told = (await socket.receive_bytes()).decode()


async def test_a_wrong_code_is_refused_in_words_and_many_make_a_pause() -> None:
    async with house("en") as made:
        status, told = await made.sign_in("0000")
        assert status == 403
        assert "The code is wrong" in told
        for _ in range(TRIES):
            status, told = await made.sign_in("0000")
        assert "nothing is looked at for 30 seconds" in told
        assert (await made.sign_in())[0] == 403


async def test_a_code_is_good_for_one() -> None:
    async with house() as made:
        used = made.codes[-1]
        assert (await made.sign_in(used))[0] == 303
        assert (await made.sign_in(used))[0] == 403


async def test_after_leaving_the_cookie_opens_nothing() -> None:
    async with house() as made:
        await made.sign_in()
        kept = {cookie.key: cookie.value for cookie in made.http.cookie_jar}
        async with made.http.post(f"{made.url}/sign-out", headers=made.own) as answer:
            assert "職員コード" in await answer.text()
        async with ClientSession(cookies=kept) as thief, thief.get(f"{made.url}/static/js/textual.js") as answer:
            assert answer.status == 403


async def test_leaving_closes_the_screens() -> None:
    async with house() as made:
        await made.sign_in()
        async with made.http.ws_connect(f"{made.url}/ws", headers=made.own) as socket:
            await socket.receive_bytes()
            async with made.http.post(f"{made.url}/sign-out", headers=made.own):
                await socket.send_json(["stdin", "x"])
            while not socket.closed:
                await socket.receive()


async def ended(socket: ClientWebSocketResponse) -> bool:
    """Whether it was closed, once everything that was said before has been heard."""
    while not socket.closed:
        await socket.receive(timeout=30)
    return True


async def test_another_window_closes_the_one_before_so_that_nobody_runs_more_screens_than_one() -> None:
    async with house() as made:
        await made.sign_in()
        sockets = [await made.http.ws_connect(f"{made.url}/ws", headers=made.own) for _ in range(12)]
        *before, last = sockets
        begun = (await last.receive_bytes(timeout=30)).decode()
        assert begun.startswith("coordinate|")
        assert all([await ended(socket) for socket in before])
        assert running() == 1
        await last.send_json(["stdin", "山"])
        assert (await last.receive_bytes(timeout=30)).decode() == "typed 山"
    assert running() == 0


async def test_a_new_sign_in_takes_the_place_of_the_same_person_s_screens_elsewhere() -> None:
    async with house() as made, ClientSession(cookie_jar=CookieJar(unsafe=True)) as elsewhere:
        there = House(made.serving, made.codes, elsewhere)
        await made.sign_in()
        first = await made.http.ws_connect(f"{made.url}/ws", headers=made.own)
        await first.receive_bytes()
        await there.sign_in()
        second = await elsewhere.ws_connect(f"{made.url}/ws", headers=made.own)
        await second.receive_bytes(timeout=30)
        assert await ended(first)
        assert running() == 1
        await there.sign_in(operator="mori")
        async with elsewhere.ws_connect(f"{made.url}/ws", headers=made.own) as third:
            await third.receive_bytes(timeout=30)
            assert running() == 2


def running() -> int:
    """How many screens there are: children of this process that were started as such."""
    children = Path(f"/proc/self/task/{get_native_id()}/children").read_text("ascii").split()
    return sum(b"__GANGLION__" in Path(f"/proc/{child}/cmdline").read_bytes() for child in children)


@pytest.mark.parametrize("origin", ["", "null", "http://evil.example", "https://127.0.0.1"])
async def test_neither_a_form_nor_a_socket_of_another_page_gets_through(origin: str) -> None:
    async with house() as made:
        assert (await made.sign_in(Origin=origin))[0] == 403
        assert (await made.sign_in())[0] == 303
        with pytest.raises(WSServerHandshakeError) as refused:
            await made.http.ws_connect(f"{made.url}/ws", headers={"Origin": origin})
        assert refused.value.status == 403
        async with made.http.post(f"{made.url}/sign-out", headers={"Origin": origin}) as answer:
            assert answer.status == 403


async def test_a_name_that_somebody_else_pointed_here_is_not_answered() -> None:
    async with house() as made, made.http.get(made.url, headers={"Host": "evil.example"}) as answer:
        assert answer.status == 421


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 421),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1:x\r\n\r\n", 421),
        (b"GET / HTTP/1.1\r\nHost: OWN\r\nCookie: moyai=\xff\xfe\r\n\r\n", 200),
        (b"GET /static/js/textual.js HTTP/1.1\r\nHost: OWN\r\nCookie: moyai=\xff\xfe\r\n\r\n", 403),
        (b"POST /sign-out HTTP/1.1\r\nHost: OWN\r\nOrigin: http://OWN\r\nCookie: moyai=\xff\r\n\r\n", 403),
        (FORM + b"Content-Length: 18\r\n\r\noperator=\xff&secret=", 400),
        (FORM + b"Content-Length: 29\r\n\r\noperator=%ff&secret=%ed%a0%80", 403),
        (FORM.replace(b"urlencoded", b"urlencoded; charset=x") + b"Content-Length: 10\r\n\r\noperator=a", 400),
        (
            FORM.replace(b"application/x-www-form-urlencoded", b"multipart/form-data") + b"Content-Length: 1\r\n\r\nx",
            415,
        ),
        (FORM.replace(b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x") + PARTS, 415),
    ],
)
async def test_whatever_is_sent_is_answered_and_nothing_breaks(sent: bytes, status: int) -> None:
    async with house() as made:
        own = made.url.removeprefix("http://").encode()
        reading, writing = await asyncio.open_connection("127.0.0.1", made.serving.port)
        writing.write(sent.replace(b"OWN", own))
        answer = await asyncio.wait_for(reading.readline(), 30)
        writing.close()
        await writing.wait_closed()
        assert answer.split()[1] == str(status).encode()


async def test_every_answer_carries_the_headers_and_the_cookie_is_for_no_script() -> None:
    async with house() as made:
        for path in ("/", "/nowhere", "/pages/door.css", "/static/js/textual.js", "/pages/nowhere.css"):
            async with made.http.get(made.url + path) as answer:
                assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
                assert "unsafe-inline" not in answer.headers["Content-Security-Policy"].split("style-src")[0]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Cache-Control"] == "no-store"
        await made.sign_in()
        (cookie,) = [cookie for cookie in made.http.cookie_jar if cookie.key == "moyai"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"


async def test_nothing_is_loaded_from_elsewhere() -> None:
    async with house() as made:
        await made.sign_in()
        for path in ("/", "/pages/door.css", "/pages/screens.js", "/static/css/xterm.css"):
            async with made.http.get(made.url + path) as answer:
                told = await answer.text()
                assert not re.search(r"(src|href|url)\W{1,3}https?:|@import", told), path


async def test_a_name_cannot_speak_in_the_page() -> None:
    async with house() as made:
        _, told = await made.sign_in("0000", operator='"><script>x</script>')
        assert "<script>" not in told


@pytest.mark.parametrize(
    ("host", "beyond", "tls", "opens"),
    [
        ("127.0.0.1", False, False, True),
        ("::1", False, False, True),
        ("localhost", False, False, True),
        ("0.0.0.0", False, False, False),
        ("0.0.0.0", True, False, False),
        ("192.0.2.7", False, True, False),
        ("office.example", False, False, False),
        ("192.0.2.7", True, True, True),
    ],
)
def test_other_machines_are_let_in_only_when_told_and_encrypted(
    host: str, beyond: bool, tls: bool, opens: bool
) -> None:
    address = Address(host, 8008, beyond=beyond, tls=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None)
    if opens:
        address.check()
        return
    with pytest.raises(DoorOpenToOthers):
        address.check()


def test_our_own_host_and_origin_are_told_from_others() -> None:
    names = frozenset({"localhost", "127.0.0.1", "::1"})
    assert is_our_host("localhost:8008", names, 8008, secure=False)
    assert is_our_host("[::1]:8008", names, 8008, secure=False)
    assert is_our_host("localhost", names, 443, secure=True)
    assert not any(
        is_our_host(host, names, 8008, secure=False)
        for host in (
            "localhost",
            "localhost:8009",
            "[::1",
            "[::1:8008",
            "evil.example:8008",
            "localhost:x",
            "",
            "u@localhost:8008",
        )
    )
    assert is_our_origin("https://localhost:8008", "localhost:8008", secure=True)
    assert not is_our_origin("http://localhost:8008", "localhost:8008", secure=True)
    assert is_loopback("127.9.9.9")
    assert not is_loopback("localhost.example")


@pytest.mark.parametrize(
    ("asked", "width"), [(None, 80), ("100", 100), ("1", 40), ("9999", 399), ("-5", 80), ("x", 80)]
)
def test_a_window_is_as_wide_as_makes_sense(asked: str | None, width: int) -> None:
    assert within(asked, WIDTHS, 80) == width


async def test_screens_that_do_not_end_are_ended() -> None:
    silent = Command([sys.executable, "-c", "import time; print('__GANGLION__', flush=True); time.sleep(600)"])
    screens = Screens(
        silent, "saito", write_bytes=_drop, write_str=_drop, close=_drop, download_manager=DownloadManager()
    )
    await screens.start(80, 24)
    process = screens._process
    await screens.stop()
    assert process is not None
    assert process.returncode == -9


async def _drop(*_said: object) -> None:
    """Nobody looks."""

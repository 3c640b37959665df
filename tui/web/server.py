"""Serves the screens to a browser: nothing but the door to whoever has not come in, and only to our own pages."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from ssl import SSLContext
from typing import Any, Final

import aiohttp_jinja2
import jinja2
from aiohttp import WSMsgType, web
from textual_serve.server import Server

from node.door import Guest, Porter
from node.errors import DoorOpenToOthers, MoyaiError
from node.words import told
from tui.web.headers import HEADERS, SECURE, is_our_host, is_our_origin
from tui.web.screens import HEIGHTS, WIDTHS, Command, Screens, within
from tui.web.windows import Windows
from tui.words import LANGUAGES, Words

PAGES: Final = Path(__file__).parent / "pages"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
"""As our own form sends it."""
FORM_BYTES_MAX: Final = 4_096
MESSAGE_BYTES_MAX: Final = 65_536
LOOK_EVERY_S: Final = 20.0
"""How often it is looked whether somebody has gone idle."""

END_WITHIN_S: Final = 8.0

Answer = web.StreamResponse
Handler = Callable[[web.Request], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens."""

    host: str
    port: int
    beyond: bool = False
    """Whether somebody said that other machines may reach it."""
    tls: SSLContext | None = None
    name: str = ""
    """How others call it, where they may reach it."""

    def check(self) -> None:
        """Make sure that nobody is let in from elsewhere by mistake.

        Raises:
            DoorOpenToOthers: it is not the machine's own address, and that was not asked for or is not encrypted.
        """
        if not is_loopback(self.host) and not (self.beyond and self.tls):
            raise DoorOpenToOthers(what=self.host)

    @property
    def names(self) -> frozenset[str]:
        """What it may be called."""
        own = {"localhost", "127.0.0.1", "::1"} if is_loopback(self.host) else {self.host}
        return frozenset({*own, self.name.lower()} - {""})

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; where the way is encrypted, one no other site can set."""
        return "__Host-moyai" if self.tls else "moyai"


class CoordinationServer(Server):
    """textual-serve behind a door. Its terminal, its socket and its own files; the pages are ours."""

    def __init__(
        self,
        porter: Porter,
        command: Command,
        address: Address,
        *,
        organisation: str,
        language: str,
        uses_pin: bool,
        drill: bool = False,
    ) -> None:
        address.check()
        super().__init__("moyai", host=address.host, port=address.port, title="moyai", templates_path=PAGES)
        self._porter = porter
        self._screens = command
        self._address = address
        self._organisation = organisation
        self._language = language
        self._uses_pin = uses_pin
        self._drill = drill
        self._windows = Windows()
        self._open: set[web.WebSocketResponse] = set()
        self._ending: set[asyncio.Task[None]] = set()
        """Screens that are being ended: of a window that was closed, the request is cancelled by then."""

    async def make_app(self) -> web.Application:
        """The application; in place of the library's, which shows its folders and loads a font from elsewhere."""
        app = web.Application(middlewares=[self._guard], client_max_size=FORM_BYTES_MAX)
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(PAGES), autoescape=True)
        app.add_routes(
            [
                web.get("/", self.handle_index),
                web.post("/sign-in", self._sign_in),
                web.post("/sign-out", self._sign_out),
                web.get("/ws", self.handle_websocket),
                web.static("/static", self.statics_path, show_index=False, name="static"),
                web.static("/pages", PAGES, show_index=False, name="pages"),
            ]
        )
        app.on_shutdown.append(self._end_screens)
        return app

    async def _end_screens(self, _app: web.Application) -> None:
        """No screens outlive the server."""
        for socket in list(self._open):
            await socket.close()
        while self._open or self._ending:
            await asyncio.gather(*self._ending)
            await asyncio.sleep(0.01)

    # --- what holds for every request

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> Answer:
        secure = self._address.tls is not None
        if not is_our_host(request.host, self._address.names, self._port_of(request), secure=secure):
            raise web.HTTPMisdirectedRequest
        from_page = request.method != "GET" or request.path == "/ws"
        if from_page and not is_our_origin(request.headers.get("Origin", ""), request.host, secure=secure):
            answer: Answer = web.Response(status=403)
        elif request.path in ("/", "/sign-in") or request.path.startswith("/pages/") or self._operator(request):
            try:
                answer = await handler(request)
            except web.HTTPException as refused:
                refused.headers.update({**HEADERS, **(SECURE if secure else {})})
                raise
        else:
            answer = web.Response(status=403)
        if not answer.prepared:
            answer.headers.update({**HEADERS, **(SECURE if secure else {})})
        return answer

    def _port_of(self, request: web.Request) -> int:
        name = request.transport.get_extra_info("sockname") if request.transport else None
        return int(name[1]) if name else self.port

    def _token(self, request: web.Request) -> str:
        return request.cookies.get(self._address.cookie, "")

    def _operator(self, request: web.Request) -> str:
        guest = self._porter.inside(self._token(request))
        return guest.operator if guest else ""

    # --- the door

    async def handle_index(self, request: web.Request) -> web.Response:
        """The screens for who is in, the door for everybody else."""
        operator = self._operator(request)
        if not operator:
            return self._door(request)
        words = self._words(request)
        socket = f"{'wss' if self._address.tls else 'ws'}://{request.host}/ws"
        page = {
            **self._page(words),
            "operator": operator,
            "socket": socket,
            "leave_word": words("web.leave"),
            "closed_word": words("web.closed"),
            "again_word": words("web.again"),
        }
        answer = aiohttp_jinja2.render_template("screens.html", request, page)
        return _speaking(answer, words)

    def _door(self, request: web.Request, refused: str = "", operator: str = "") -> web.Response:
        words = self._words(request)
        other = LANGUAGES[(LANGUAGES.index(words.language) + 1) % len(LANGUAGES)]
        page = {
            **self._page(words),
            "refused": refused,
            "operator": operator,
            "operator_word": words("web.operator"),
            "secret_word": words("web.pin" if self._uses_pin else "web.code"),
            "enter_word": words("web.enter"),
            "hint": words("web.hint_pin" if self._uses_pin else "web.hint_code"),
            "other": other,
            "other_word": words("web.language"),
        }
        answer = aiohttp_jinja2.render_template("login.html", request, page, status=403 if refused else 200)
        return _speaking(answer, words)

    async def _sign_in(self, request: web.Request) -> web.Response:
        if request.content_type != FORM_TYPE:
            raise web.HTTPUnsupportedMediaType
        try:
            form = await request.post()
        except (ValueError, LookupError) as error:  # not in the letters it says it is in, or in none there are
            raise web.HTTPBadRequest from error
        operator, secret = str(form.get("operator", "")), str(form.get("secret", ""))
        try:
            token = await asyncio.to_thread(self._porter.admit, operator, secret)
        except MoyaiError as error:
            return self._door(request, " ".join(told(error, self._words(request).language)), operator)
        answer = web.Response(status=303, headers={"Location": "/"})
        secure = self._address.tls is not None
        answer.set_cookie(self._address.cookie, token, httponly=True, samesite="Strict", secure=secure, path="/")
        return answer

    async def _sign_out(self, request: web.Request) -> web.Response:
        self._porter.leave(self._token(request))
        answer = web.Response(status=303, headers={"Location": "/"})
        answer.del_cookie(self._address.cookie, path="/")
        return answer

    # --- the screens

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Runs screens for as long as the socket is open and whoever it is has not gone idle or left."""
        socket = web.WebSocketResponse(heartbeat=15, max_msg_size=MESSAGE_BYTES_MAX)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            guest = self._porter.inside(self._token(request))
            if guest is not None and await self._windows.take(guest.operator, socket):
                await self._show(request, socket, guest)
        finally:
            self._open.discard(socket)
        return socket

    async def _show(self, request: web.Request, socket: web.WebSocketResponse, guest: Guest) -> None:
        screens = Screens(
            Command([*self._screens.words, f"--lang={self._words(request).language}"], self._screens.passphrase),
            guest.operator,
            guest.pin,
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=socket.close,
            download_manager=self.download_manager,
        )
        query = request.query
        try:
            await screens.start(within(query.get("width"), WIDTHS, 80), within(query.get("height"), HEIGHTS, 24))
            await self._converse(socket, screens, self._token(request))
        finally:
            ending = asyncio.create_task(self._end(socket, screens, guest.operator))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
            await asyncio.shield(ending)

    async def _end(self, socket: web.WebSocketResponse, screens: Screens, operator: str) -> None:
        try:
            await screens.stop()
        finally:
            self._windows.leave(operator, socket)
        await socket.close()

    async def _converse(self, socket: web.WebSocketResponse, screens: Screens, token: str) -> None:
        while not socket.closed and self._porter.inside(token) is not None:
            try:
                message = await socket.receive(timeout=LOOK_EVERY_S)
            except TimeoutError:
                continue
            if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
                return
            if message.type is WSMsgType.TEXT:
                await self._hear(socket, screens, token, message)

    async def _hear(self, socket: web.WebSocketResponse, screens: Screens, token: str, message: Any) -> None:
        try:
            kind, *rest = message.json()
            said = rest[0] if rest else None
            typed = said.encode() if kind == "stdin" and isinstance(said, str) else b""
        except (ValueError, TypeError, RecursionError):  # no JSON, no list, half a character, lists in lists in lists
            return
        if typed:
            if self._porter.typed(token):
                await screens.send_bytes(typed)
        elif kind == "resize" and isinstance(said, dict):
            width, height = (str(said.get(name, "")) for name in ("width", "height"))
            await screens.set_terminal_size(within(width, WIDTHS, 80), within(height, HEIGHTS, 24))
        elif kind == "ping":
            await socket.send_json(["pong", said])
        elif kind == "blur":
            await screens.blur()
        elif kind == "focus":
            await screens.focus()

    def _words(self, request: web.Request) -> Words:
        asked = request.query.get("lang") or request.cookies.get("moyai-lang") or self._language
        return Words(asked if asked in LANGUAGES else self._language)

    def _page(self, words: Words) -> dict[str, str]:
        return {
            "language": words.language,
            "title": words("web.title"),
            "organisation": self._organisation,
            "drill": words("drill.mark") if self._drill else "",
        }


def _speaking(answer: web.Response, words: Words) -> web.Response:
    """The language chosen stays chosen."""
    answer.set_cookie("moyai-lang", words.language, httponly=True, samesite="Strict")
    return answer


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def run(server: CoordinationServer, address: Address, *, ready: Callable[[int], None]) -> int:
    """Serves until SIGTERM or Ctrl-C, then ends every screen; `ready` is told the port."""

    async def serve() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, stop.set)
        runner = web.AppRunner(await server.make_app(), access_log=None, shutdown_timeout=END_WITHIN_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, address.host, address.port, ssl_context=address.tls).start()
            ready(int(runner.addresses[0][1]))
            await stop.wait()
        finally:
            await runner.cleanup()

    asyncio.run(serve())
    return 0

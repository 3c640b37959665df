"""The coordinator's screens in a real browser: headless Chromium, the `moyai web` command, a node on disk."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from playwright.async_api import Page, expect

from node.chance import entropy, wall_clock_ms
from node.desk.operators import Operators
from node.installation import open_node
from tests.builders.browser import browser_page, need_chromium
from tests.builders.office import NANAO_CODE, offices
from tests.builders.processes import COMMAND

WITHIN_S = 60.0
PAINT = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Web:
    """The command while it runs."""

    url: str
    said: IO[str]

    def code(self) -> str:
        """The next code it told."""
        return self.said.readline().rpartition(" ")[2].strip()


@contextmanager
def web(node: Path) -> Iterator[Web]:
    with subprocess.Popen(
        [str(COMMAND), "web", "--port", "0", "--node", str(node), "--lang", "ja"], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", running.stdout.readline())
        assert found is not None
        try:
            yield Web(found[0], running.stdout)
        finally:
            running.send_signal(signal.SIGTERM)
            ended_with = running.wait(timeout=30)
        assert ended_with == 0


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need_chromium()
    folder = Path(tmp_path_factory.mktemp("web"))
    with offices(folder):
        pass
    return folder / NANAO_CODE


async def enter(page: Page, operator: str, secret: str) -> None:
    await page.fill("#operator", operator)
    await page.fill("#secret", secret)
    await page.press("#secret", "Enter")


class Painted:
    """What the screens of a page have painted so far: the terminal is a canvas, and says nothing of itself."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._told = b""
        page.on("websocket", lambda socket: socket.on("framereceived", self._hear))

    def _hear(self, payload: str | bytes) -> None:
        self._told += payload.encode() if isinstance(payload, str) else payload

    async def until(self, text: str) -> None:
        """Waits for it."""
        deadline = time.monotonic() + WITHIN_S
        while text not in PAINT.sub("", self._told.decode("utf-8", "replace")):
            assert time.monotonic() < deadline, f"in vain: {text}"
            await self._page.wait_for_timeout(50)


async def test_a_coordinator_signs_in_sees_a_trend_and_leaves(node: Path) -> None:
    with web(node) as served:
        async with browser_page() as page:
            painted, wrong = Painted(page), list[str]()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
            await page.goto(served.url)
            await expect(page.get_by_label("職員コード")).to_be_focused()
            await enter(page, "saito", served.code())
            await painted.until("避難者 889人")
            await page.keyboard.press("F7")
            await painted.until("最新 374人")
            await page.keyboard.press("Escape")
            await page.keyboard.press("F3")
            await page.keyboard.type("1")
            await page.keyboard.insert_text("森")
            await page.keyboard.press("Enter")
            await painted.until("森 実")
            await page.get_by_role("button", name="出る").click()
            await expect(page.get_by_label("職員コード")).to_be_visible()
            assert wrong == []
    assert logged(node) == ["sign-in", "search", "sign-out"]


async def test_a_wrong_code_opens_nothing_and_the_page_says_so(node: Path) -> None:
    with web(node) as served:
        async with browser_page() as page:
            await page.goto(served.url)
            await enter(page, "saito", "0000-0000-0000-0000")
            await expect(page.get_by_role("alert")).to_contain_text("番号が違うか")
            await page.get_by_role("link", name="English").click()
            await expect(page.get_by_label("Staff code")).to_be_visible()


async def test_screens_that_are_left_can_be_opened_again(node: Path) -> None:
    with web(node) as served:
        async with browser_page() as page:
            painted = Painted(page)
            await page.goto(served.url)
            await enter(page, "saito", served.code())
            await painted.until("避難者 889人")
            await page.keyboard.press("Control+q")
            again = page.get_by_role("button", name="もう一度開く")
            await expect(again).to_be_visible(timeout=WITHIN_S * 1_000)
            fresh = Painted(page)
            await again.click()
            await fresh.until("避難者 889人")


async def test_where_the_staff_are_known_their_pin_is_asked_for_once(tmp_path: Path) -> None:
    need_chromium()
    with offices(tmp_path) as both:
        operators = Operators(both.made[NANAO_CODE].post("saito", b""))
        operators.add("saito", "chief", "830412")
    with web(tmp_path / NANAO_CODE) as served:
        async with browser_page() as page:
            painted = Painted(page)
            await page.goto(served.url)
            await expect(page.get_by_label("暗証番号")).to_be_visible()
            await enter(page, "saito", "111222")
            await expect(page.get_by_role("alert")).to_be_visible()
            await enter(page, "saito", "830412")
            await painted.until("避難者 889人")


def logged(node: Path) -> list[str]:
    """The acts of saito in the node's log."""
    opened = open_node(node, passphrase=str, now_ms=wall_clock_ms, entropy=entropy)
    acts = [one.entry.act for one in opened.ledger.audit(limit=100_000) if one.entry.operator == "saito"]
    opened.close()
    return acts

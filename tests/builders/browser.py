"""A headless Chromium from the machine's own packages, and what a page shows."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")
SIZE = {"width": 1_000, "height": 700}


def need_chromium() -> str:
    """Where it is; the test is skipped with the reason where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine: apt-get install chromium")
    return found


@asynccontextmanager
async def browser_page() -> AsyncIterator[Page]:
    """A fresh page, nobody signed in."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=need_chromium(), args=list(FLAGS))
        try:
            yield await browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        finally:
            await browser.close()

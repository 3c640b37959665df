"""Draws deploy/pictures/desk.svg, the picture in the README: the reception with made-up people. Run it by hand."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape, unescape

from rich.cells import cell_len

from tests.builders.desk import FakeDesk
from tests.builders.screens import SIZE, desk_app, press, settle

PICTURE = Path(__file__).parents[2] / "deploy" / "pictures" / "desk.svg"
CELL = 12.2
"""Width of a cell in the drawing."""
TEXT = re.compile(
    r'<text (class="[^"]*" )x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+" (clip-path="[^"]*")>(.*?)</text>', re.DOTALL
)
RUN = re.compile(r"\s+|[\x21-\x7e]+|[^\s\x21-\x7e]+")
FONTS = "'Noto Sans Mono CJK JP','Source Han Mono','BIZ UDGothic','MS Gothic','Osaka-Mono','Hiragino Sans',monospace"


async def drawn() -> str:
    """Types two syllables at a made-up shelter, and draws what stands there then."""
    desk = FakeDesk()
    desk.people = [replace(person, conflict=False) for person in desk.people]
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"yama")
        return app.export_screenshot(title="moyai desk")


def readable(drawing: str) -> str:
    """The drawing with fonts that have kanji, none fetched from elsewhere, and every run of characters in its cells."""
    drawing = re.sub(r"@font-face\s*\{.*?\}", "", drawing, flags=re.DOTALL)
    drawing = drawing.replace("font-variant-east-asian: full-width;", "")
    drawing = re.sub(r"font-family:\s*Fira Code[^;]*;", f"font-family: {FONTS};", drawing)
    return TEXT.sub(_in_cells, drawing)


def _in_cells(found: re.Match[str]) -> str:
    """The drawing library counts a kanji as one cell. Here each run of equally wide characters gets its own place."""
    style, x, y, clip, escaped = found.groups()
    at, runs = float(x), []
    for run in RUN.findall(unescape(escaped.replace("&#160;", " "))):
        width = cell_len(run) * CELL
        if not run.isspace():
            place = f'x="{at:.1f}" y="{y}" textLength="{width:.1f}"'
            runs.append(f"<text {style}{place} {clip}>{escape(run)}</text>")
        at += width
    return "".join(runs)


if __name__ == "__main__":
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(readable(asyncio.run(drawn())), encoding="utf-8")

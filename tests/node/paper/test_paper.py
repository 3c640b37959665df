"""What is printed is a PDF with the typeface in it, and its symbols say what they should."""

import re
import zlib
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from node.desk.consents import SHAREABLE
from node.desk.log_lines import act_word
from node.desk.post import JAPAN
from node.desk.views import NewPerson
from node.exchange.card_symbols import PAPER_PIECE_BYTES, SCREEN_PIECE_BYTES, to_symbols
from node.exchange.form_number import form_number
from node.exchange.wristband import wristband
from node.paper.blocks import framed, half_blocks
from node.paper.card import draw_card, draw_wristbands, picture, small_picture
from node.paper.form import draw_forms
from node.paper.leaf import MISSING, Leaf, pieces
from node.paper.roster import A_PAGE, Row, draw_roster
from node.paper.symbol import matrix, runs
from tests.builders.nodes import Federation, federation
from tests.builders.shelter import shelter
from tests.builders.trust import WAJIMA

AT = datetime(2024, 1, 2, 9, 0, tzinfo=JAPAN)
FONTS = Path(__file__).parents[3] / "node/paper/fonts"
ROW = Row("森 ハナ", "モリ ハナ", "female", "75", "輪島市河井町1-1", "高齢", False, False, b"h")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        yield federated


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def assert_is_whole(pdf: bytes) -> None:
    assert pdf.startswith(b"%PDF-")
    assert b"/FontFile2" in pdf, "the typeface must travel with the sheet"


def test_each_sheet_has_a_page_of_its_own() -> None:
    pdf = draw_forms([form_number(0, count) for count in (1, 2, 3)], organisation_name="輪島市", made_at=AT)
    assert_is_whole(pdf)
    assert pages(pdf) == 3
    assert len(pdf) < 200_000


def test_how_far_the_sheets_are_is_told_page_by_page() -> None:
    heard: list[tuple[int, int]] = []
    numbers = [form_number(0, count) for count in (1, 2, 3)]
    draw_forms(numbers, organisation_name="輪島市", made_at=AT, progress=lambda *far: heard.append(far))
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_the_same_sheet_is_the_same_file() -> None:
    first, second = (draw_forms([form_number(0, 1)], organisation_name="輪島市", made_at=AT) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("symbols", "sheets"), [(1, 1), (4, 1), (16, 1), (17, 2)])
def test_a_card_is_one_page_unless_it_is_very_full(symbols: int, sheets: int) -> None:
    pdf = draw_card(
        to_symbols(bytes(symbols * PAPER_PIECE_BYTES)),
        name="森 ハナ",
        kana="モリ ハナ",
        facets=["identity", "residence", "medical"],
        organisation_name="輪島市",
        made_at=AT,
        days_max=90,
    )
    assert_is_whole(pdf)
    assert pages(pdf) == sheets


def test_a_list_goes_on_overleaf() -> None:
    pdf = draw_roster([ROW] * (A_PAGE + 1), place="河井小学校", organisation_name="輪島市", made_at=AT)
    assert_is_whole(pdf)
    assert pages(pdf) == 2


def test_a_wristband_names_nobody(made: Federation) -> None:
    desk = made[WAJIMA].desk("sato")
    subject = desk.register(NewPerson(family_name="森", given_name="ハナ")).subjects[0]
    pdf = desk.printing.wristbands([subject])
    assert pdf == draw_wristbands([wristband(subject)], made_at=datetime.fromtimestamp(made.time() / 1000, tz=JAPAN))
    streams = [zlib.decompress(one) for one in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.S) if one[:1] == b"x"]
    assert not any(subject in stream or subject.hex().encode() in stream for stream in [pdf, *streams])


def test_the_list_of_a_shelter_has_its_people_and_is_logged(made: Federation) -> None:
    desk = shelter(made)
    subjects = [person.subject for person in desk.find("ヤマギシ")]
    desk.check_in(subjects)
    assert_is_whole(desk.printing.roster(desk.place))
    logged = made["kawai"].ledger.audit_newest(1)[0].entry
    assert (logged.act, logged.count) == ("print-roster", len(subjects))


def test_the_receipt_of_a_persons_consents_is_logged_as_a_look_at_them(made: Federation) -> None:
    desk = made[WAJIMA].desk("sato")
    subject = desk.register(NewPerson(family_name="森", share=True)).subjects[0]
    desk.printing.receipt(subject)
    (line,) = [each for each in desk.reading_log.about(subject, which="looked") if each.act != "read-log"]
    assert (line.act, line.operator, line.facets) == ("print-receipt", "sato", ("consent",))
    assert act_word(line, "ja") == "同意の控えを印刷した"


def test_a_receipt_says_what_was_decided(made: Federation) -> None:
    desk = made[WAJIMA].desk("sato")
    new = NewPerson(family_name="森", given_name="ハナ", birth="19480503", address="輪島市", share=True)
    subject = desk.register(new).subjects[0]
    desk.give_consent(subject, organisations=["172014"], facets=SHAREABLE, guardian_relation="娘")
    desk.withdraw_consent(subject, desk.consents(subject)[0].slot)
    pdf = desk.printing.receipt(subject)
    assert_is_whole(pdf)
    nobody = desk.register(NewPerson(family_name="林")).subjects[0]
    assert pages(desk.printing.receipt(nobody)) == 1


# --- symbols


def modules_of(image: Image.Image, side: int) -> list[bytes]:
    """The modules of a picture with nothing on it but one symbol."""
    scale = image.width // side
    return [
        bytes(image.getpixel((x * scale + scale // 2, y * scale + scale // 2)) == 0 for x in range(side))
        for y in range(side)
    ]


def test_a_picture_has_the_modules_of_its_symbol() -> None:
    number = wristband(bytes(16))
    rows = framed(matrix(number, error="Q"), quiet=4)
    image = Image.open(BytesIO(small_picture(number))).convert("L")
    assert modules_of(image, len(rows)) == rows


def test_a_card_on_a_telephone_is_one_picture() -> None:
    symbols = to_symbols(bytes(4 * PAPER_PIECE_BYTES))
    image = Image.open(BytesIO(picture(symbols)))
    side = (len(matrix(symbols[0])) + 8) * 6
    assert (image.format, image.width) == ("PNG", 2 * side)


def test_a_symbol_of_a_wristband_is_of_the_smallest_size() -> None:
    assert len(matrix(wristband(bytes(16)), error="Q")) == 21


def test_a_symbol_on_a_screen_of_24_lines_leaves_room_for_what_to_do() -> None:
    (symbol,) = to_symbols(bytes(range(SCREEN_PIECE_BYTES)))
    assert len(half_blocks(framed(matrix(symbol, error="L")))) <= 21


def test_half_blocks_are_two_rows_a_line_dark_or_light() -> None:
    rows = [b"\1\0", b"\1\1", b"\0\1"]
    assert half_blocks(rows) == ["█▄", " ▀"]
    assert half_blocks(rows, light=True) == [" ▀", "█▄"]


@pytest.mark.parametrize(("row", "found"), [(b"", []), (b"\0\0", []), (b"\1\1\0\1", [(0, 2), (3, 1)])])
def test_black_in_a_row_is_found_in_runs(row: bytes, found: list[tuple[int, int]]) -> None:
    assert runs(row) == found


# --- type


def test_a_character_the_typeface_lacks_is_seen_to_be_missing() -> None:
    leaf = Leaf(title="test", made_at=AT)
    leaf.page()
    assert leaf.printable("𠮷田 髙﨑") == f"{MISSING}田 髙﨑"
    leaf.written()


def test_lines_are_broken_where_a_reader_expects_it() -> None:
    assert pieces("書(か)く、the word。") == ["書(か)", "く、", "the ", "word。"]


def test_the_typeface_has_its_credit_and_its_licence() -> None:
    credited = (FONTS / "CREDITS.md").read_text(encoding="utf-8")
    shipped = [path.name for path in FONTS.iterdir() if path.suffix != ".md"]
    assert [name for name in shipped if name not in credited] == []
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")

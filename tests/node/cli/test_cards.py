"""Cards, sheets and lists as commands: files on the disk, answers for scripts, a number used twice told."""

import io

import pytest

from node.cli.main import STDIN
from tests.builders.shell import WAJIMA, Shell


def someone(sh: Shell, name: str = "田中") -> str:
    return str(sh.json("register", "--family", name, "--birth", "S230503", "--address", "輪島市")["subjects"][0])


def test_a_card_is_written_for_the_printer_and_for_a_telephone(sh: Shell) -> None:
    subject = someone(sh)
    pdf, png = sh.folder / "card.pdf", sh.folder / "card.png"
    told = sh.json("card", "pdf", subject, str(pdf))
    assert set(told) == {"subject", "facets", "bytes", "symbols", "file"}
    sh.json("card", "png", subject, str(png))
    assert (pdf.read_bytes()[:4], png.read_bytes()[:4]) == (b"%PDF", b"\x89PNG")
    assert pdf.stat().st_mode & 0o077 == 0
    shown = sh("card", "show", subject)
    assert shown.code == 0
    assert "█" in shown.out
    assert "medical" not in told["facets"]


def test_a_wristband_is_written_and_its_number_told(sh: Shell) -> None:
    band = sh.folder / "band.pdf"
    told = sh.json("card", "wristband", someone(sh), "--file", str(band))
    assert [len(number) for number in told["wristbands"]] == [24]
    assert band.read_bytes()[:4] == b"%PDF"


def test_who_is_protected_gets_no_card(sh: Shell) -> None:
    subject = someone(sh)
    sh.json("protect", "set", subject)
    refused = sh("card", "pdf", subject, str(sh.folder / "no.pdf"), "--json")
    assert (refused.code, refused.refusal["reason"]) == (1, "CARD_OF_PROTECTED")
    assert not (sh.folder / "no.pdf").exists()


def test_a_card_is_read_from_what_a_scanner_types(sh: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = someone(sh)
    symbols = sh.json("card", "show", subject)["symbols"]
    missing = sh("card", "read", symbols[0], "--json")
    assert (missing.code, missing.refusal["reason"]) == (1, "CARD_PARTS_MISSING")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(symbols) + "\n"))
    told = sh.json("card", "read", STDIN)
    assert (told["subject"], told["organisation"], told["new"], told["turned"]) == (subject, WAJIMA, 0, [])
    by_hand = sh("card", "read", *symbols)
    assert (by_hand.code, by_hand.err) == (0, "")
    assert subject in by_hand.out


def test_sheets_are_printed_listed_back_and_spoilt(sh: Shell) -> None:
    sheets = sh.folder / "sheets.pdf"
    numbers = sh.json("print", "forms", str(sheets), "--count", "3")["numbers"]
    assert sheets.read_bytes()[:4] == b"%PDF"
    sh.json("forms", "back", numbers[0], someone(sh))
    sh.json("forms", "spoil", numbers[1])
    told = sh.json("forms", "list")
    assert {sheet["number"]: sheet["state"] for sheet in told["sheets"]} == {
        numbers[0]: "back",
        numbers[1]: "spoilt",
        numbers[2]: "out",
    }
    again = sh("forms", "back", numbers[0], someone(sh, "佐藤"), "--json")
    assert (again.code, again.refusal["reason"]) == (1, "FORM_CAME_BACK")
    sh.json("forms", "spoil", numbers[1], "--undo")
    assert len(sh.json("forms", "list", "--state", "out")["sheets"]) == 2


def test_the_list_of_a_place_is_written(sh: Shell) -> None:
    (place,) = sh.json("places", "河井公民館")["places"]
    sh.json("register", "--family", "田中", "--place", str(place["subject"]))
    roster = sh.folder / "roster.pdf"
    sh.json("print", "roster", str(roster), "--place", str(place["subject"]))
    assert roster.read_bytes()[:4] == b"%PDF"


def test_a_receipt_of_consent_is_written(sh: Shell) -> None:
    receipt = sh.folder / "receipt.pdf"
    sh.json("print", "receipt", someone(sh), str(receipt))
    assert receipt.read_bytes()[:4] == b"%PDF"


def test_a_file_that_cannot_be_written_is_told(sh: Shell) -> None:
    refused = sh("print", "forms", str(sh.folder / "nowhere" / "sheets.pdf"), "--json")
    assert (refused.code, refused.refusal["reason"]) == (2, "FILE_MISSING")

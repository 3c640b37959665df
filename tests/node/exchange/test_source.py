"""What is handed over as a file: encodings, packing, and what is plainly something else."""

import gzip
import io

import pytest

from node.errors import FileEncodingUnknown, FileNotATable, FileTooLarge
from node.exchange.encoding import decide_encoding
from node.exchange.residents import read_residents
from node.exchange.source import Source
from node.exchange.table import Table
from node.words import told
from tests.builders.importing import TODAY, people, roster


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a,b\n", "utf-8"),
        ("氏名,住所\n".encode(), "utf-8"),
        ("氏名,住所\n".encode("utf-8-sig"), "utf-8-sig"),
        ("氏名,住所\n".encode("cp932"), "cp932"),
        ("髙﨑①㈱纊\n".encode("cp932"), "cp932"),
        ("ﾜｼﾞﾏ\n".encode("cp932"), "cp932"),
        ("氏名\n".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "氏名\n".encode("utf-16-be"), "utf-16"),
    ],
)
def test_the_encoding_is_found(raw, expected):
    assert decide_encoding([raw]) == expected


def test_the_encoding_is_found_though_the_first_kanji_comes_late():
    ascii_first = b"1,abc\n" * 100_000
    assert decide_encoding([ascii_first, "輪島".encode("cp932")]) == "cp932"
    assert decide_encoding([ascii_first, "輪島".encode()]) == "utf-8"


def test_a_character_cut_by_a_chunk_is_whole():
    raw = "輪島市".encode()
    assert decide_encoding([raw[:1], raw[1:5], raw[5:]]) == "utf-8"


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(FileEncodingUnknown):
        decide_encoding([bytes(range(128, 256)) * 20])


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"PK\x03\x04rest of a workbook", "xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (b"%PDF-1.7", "pdf"),
        ("氏名\n輪島\n".encode("utf-16-le"), "utf-16-or-binary"),
        (gzip.compress(b"a,b\n" * 9, mtime=0)[:-9], "gzip-broken"),
        (b"\x1f\x8bnot gzip at all", "gzip-broken"),
    ],
)
def test_what_is_plainly_something_else_is_named(raw, kind):
    with pytest.raises(FileNotATable) as caught:
        Table(Source(io.BytesIO(raw)))
    assert caught.value.details == {"kind": kind}
    for language in ("ja", "en"):
        sentence, hint = told(caught.value, language)
        assert kind in sentence
        assert "CSV" in hint


def test_a_workbook_given_as_a_roster_says_what_was_expected():
    with pytest.raises(FileNotATable):
        roster("PK\x03\x04")


def test_gzip_is_unpacked_on_the_way():
    text = "宛名番号,氏名\n1,能登 一郎\n"
    from_packed = Table(Source(io.BytesIO(gzip.compress(text.encode()))))
    assert [line.cells for line in from_packed.lines()][1] == ["1", "能登 一郎"]


def test_a_gzip_bomb_is_not_unpacked_to_its_end():
    bomb = gzip.compress(b"0" * 5_000_000)
    with pytest.raises(FileTooLarge):
        Table(Source(io.BytesIO(bomb), bytes_max=1_000_000))


def test_an_overlong_line_costs_itself_only():
    rows = roster("宛名番号,氏名\n1," + "あ" * 200_000 + "\n2,能登 二郎\n")
    assert [person.given_name for person in people(rows)] == ["二郎"]


def test_a_stream_that_cannot_go_back_is_read_all_the_same():
    class Pipe(io.BytesIO):
        """Bytes that come once."""

        def seekable(self) -> bool:
            return False

    assert len(list(Table(Source(Pipe(b"a,b\n1,2\n"))).lines())) == 2


def test_progress_only_goes_up_and_ends_at_the_total():
    seen: list[tuple[int, int]] = []
    raw = ("宛名番号,氏名\n" + "".join(f"{n},能登 一郎\n" for n in range(50_000))).encode()
    rows = read_residents(io.BytesIO(raw), today=TODAY, progress=lambda done, total: seen.append((done, total)))
    assert seen == []
    next(rows)
    assert 0 < seen[0][0] < seen[0][1] == len(raw)
    assert sum(1 for _ in rows) == 49_999
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (len(raw), len(raw))

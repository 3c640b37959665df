"""How the words are read that say what kind of place a shelter is."""

from collections.abc import Mapping
from typing import Final

KINDS: Final[Mapping[str, str]] = {
    "ショウガッコウ": "小学校",
    "チュウガッコウ": "中学校",
    "コウトウガッコウ": "高等学校",
    "コウコウ": "高校",
    "ガクエン": "学園",
    "ダイガク": "大学",
    "ガッコウ": "学校",
    "タイイクカン": "体育館",
    "コウミンカン": "公民館",
    "シュウカイジョ": "集会所",
    "シュウカイジョウ": "集会場",
    "カイカン": "会館",
    "ブンカカイカン": "文化会館",
    "ジドウカン": "児童館",
    "トショカン": "図書館",
    "ホイクショ": "保育所",
    "ホイクエン": "保育園",
    "ヨウチエン": "幼稚園",
    "シヤクショ": "市役所",
    "ヤクバ": "役場",
    "シショ": "支所",
    "コウエン": "公園",
    "ビョウイン": "病院",
    "ジンジャ": "神社",
}
"""By reading in full-width katakana. A place that has kana of its own is found by those."""

"""What a statement says, in words that a clerk reads: no code of the program."""

import pytest

from node.desk.views import FieldView
from tui.dialogs.statements import field_text
from tui.words import Words


@pytest.mark.parametrize(
    ("facet", "field", "text", "japanese", "english"),
    [
        ("protection", "ground", "abuse", "暴力", "violence"),
        ("answers", "kin", "1", "はい", "yes"),
        ("answers", "anyone", "2", "いいえ", "no"),
        ("consent", "facets", "2,3", "本人、住所", "Identity, Residence"),
        ("consent", "purpose", "aid", "避難者の支援", "aid"),
        ("consent", "purpose", "relief", "避難者の支援", "aid"),
        ("consent", "wording", "share-2", "第2版", "2nd"),
        ("consent", "given_by", "1", "本人", "person"),
        ("consent", "given_by", "2", "保護者", "guardian"),
        ("consent", "all_local_governments", "1", "はい", "yes"),
        ("consent", "organisations", "172014,172049", "金沢市、輪島市", "金沢市, 輪島市"),
        ("resident", "care_codes", "dialysis", "透析", "dialysis"),
        ("stay", "state", "1", "ここにいる", "here"),
        ("stay", "destination", "4", "親戚・知人宅", "relatives"),
        ("stay", "destination", "172014", "金沢市", "金沢市"),
        ("stay", "destination", "6 市民病院", "病院 市民病院", "hospital 市民病院"),
        ("stay", "destination", "三馬小学校", "三馬小学校", "三馬小学校"),
        ("residence", "municipality", "172014", "金沢市", "金沢市"),
        ("identity", "family_name", "輪島", "輪島", "輪島"),
        ("newer", "unknown", "x", "x", "x"),
    ],
)
def test_codes_are_said_in_words(facet: str, field: str, text: str, japanese: str, english: str) -> None:
    view = FieldView(facet, field, text, "172049", "op", 0, False)
    assert japanese in field_text(view, Words("ja"))
    assert english.lower() in field_text(view, Words("en")).lower()

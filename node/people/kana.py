"""Kana however it was typed: romaji, hiragana, half width; and the key under which sounds are compared.

Latin letters are romaji as far as Hepburn and the official style go, with what every input method knows beside them:
`va` ヴァ, `thi` ティ, `kwa` クァ, and x or l for a small kana where one can stand (`dexi`, `deli` ディ). What neither
style has is a name of elsewhere and stays in Latin letters: l and x otherwise, q, c without h, consonants side by
side, and words that would begin with ン or a small kana (`lee`, `nguyen`, `marco`). A guess would be wrong more often
than not, and nobody would be asked.
"""

import re
import unicodedata
from typing import Final

import jaconv

_KANA: Final = re.compile(r"[ァ-ヴヵヶー・\s]*[ァ-ヴヵヶ][ァ-ヴヵヶー・\s]*")
_ROMAJI: Final = re.compile(r"[a-zA-ZāâīîūûēêōôĀĪŪĒŌ'’`\-\s]*[a-zA-Zāâīîūûēêōô][a-zA-Zāâīîūûēêōô'’`\-\s]*")
LONG: Final = "\N{KATAKANA-HIRAGANA PROLONGED SOUND MARK}"
_MACRONS: Final = str.maketrans(
    {"ā": "aa", "â": "aa", "ī": "ii", "î": "ii", "ū": "uu", "û": "uu", "ē": "ee", "ê": "ee", "ō": "ou", "ô": "ou"}
)

_VOWEL = "[aiueoāâīîūûēêōô]"
_SMALL = (
    "(?:[td]e[xl](?:i|y[uao])|[td]o[xl]u|(?:[fh]|v)u[xl](?:[aieo]|y[uo])|(?:t|ts)u[xl][aieo]|[kg]u[xl](?:[aieo]|wa)"
    "|u[xl][ieo]|(?:sh?|ch|t|j|z)i[xl](?:e|y[auo])|[kgnhbpmr]i[xl]y[auo])"
)
"""A small kana typed by itself, behind one with which it makes a syllable."""
_ONSET = "(?:[kgsztdnhfbpmrjv]y?|[kg]w(?=a)|sh|ch|ts|[td]h(?=[iu])|y|w)?"
_DOUBLED = r"(?:([kgsztdbpfhj])(?=\1)|c(?=ch)|t(?=ch)|[xl]ts?u(?=[kgsztdcbpfhj]))?"
_CODA = f"(?:(?<=[oōô])h(?!y|{_VOWEL}))?(?:n{{1,2}}(?!['y]|{_VOWEL})|n{{1,2}}'|m(?=[bpm]))?"
_WORD: Final = re.compile(f"(?:{_DOUBLED}(?:{_SMALL}|{_ONSET}{_VOWEL}){LONG}?{_CODA})+")
"""Japanese in romaji, as far as its letters tell."""

_NO_SYLLABLE: Final = re.compile(r"(?:^|\s)ッ|ッ(?![カ-ヂツ-ドハ-ポ])")
"""What becomes of a consonant without a vowel: where a word begins with it, or none of its kind follows."""

# Hepburn as people type it, brought to what jaconv reads.
_N_BEFORE_LABIAL: Final = re.compile(r"m(?=[bmp])")
_DOUBLE_N: Final = re.compile(r"nnn?(?=[aiueoy])")
_CH_DOUBLED: Final = re.compile(r"tch")
_H_LENGTHENS: Final = re.compile(r"(?<=o)h(?![aiueoy])")

_ALIKE: Final = str.maketrans("ァィゥェォャュョッヮヵヶヂヅヲヰヱヴ", "アイウエオヤユヨツワカケジズオイエブ")
_V_ROW: Final = {"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ"}
_N_ROW: Final = dict(
    zip(
        ("ンア", "ンイ", "ンウ", "ンエ", "ンオ", "ンヤ", "ンユ", "ンヨ"),
        ("ナ", "ニ", "ヌ", "ネ", "ノ", "ニヤ", "ニユ", "ニヨ"),
        strict=True,
    )
)
_V_SOUND: Final = re.compile("|".join(_V_ROW))
_N_SOUND: Final = re.compile("|".join(_N_ROW))
_LONG_U: Final = re.compile(r"(?<=[ウクグスズツヌフブプムユル])ウ")
_LONG_O: Final = re.compile(r"([オコゴソゾトドノホボポモヨロ])[オウ]")
_NOT_KANA: Final = re.compile(r"[^ァ-ヴ]")


def to_katakana(text: str) -> str:
    """Full-width katakana of what was typed as kana of any kind or as romaji: `yamada`, やまだ and ﾔﾏﾀﾞ are ヤマダ.

    Romaji in Hepburn or in the official style, with or without marks of length. Anything else stays as it is.
    """
    wide = unicodedata.normalize("NFKC", text).strip()
    if is_syllables(wide):
        return _from_romaji(_with_small(wide)).strip()
    return str(jaconv.hira2kata(wide))


def is_kana(text: str) -> bool:
    """Whether the text is kana of any kind and width, and nothing else but spaces, middle dots and marks of length."""
    return bool(_KANA.fullmatch(jaconv.hira2kata(unicodedata.normalize("NFKC", text))))


def is_romaji(text: str) -> bool:
    """Whether the text is Latin letters, with or without marks of length, apostrophes and hyphens."""
    return bool(_ROMAJI.fullmatch(unicodedata.normalize("NFKC", text)))


def is_syllables(text: str) -> bool:
    """Whether the text is romaji of which every letter belongs to a Japanese syllable: no `xyz`, no `smith`."""
    wide = unicodedata.normalize("NFKC", text).strip()
    return is_romaji(wide.replace(LONG, "")) and _is_japanese(wide)


def _is_japanese(text: str) -> bool:
    roman = _plain(text)
    return all(map(_WORD.fullmatch, roman.split())) and not _NO_SYLLABLE.search(_from_romaji(_with_small(roman)))


def _with_small(text: str) -> str:
    """The l of a Japanese word stands for a small kana."""
    return text.lower().replace("l", "x")


def _plain(text: str) -> str:
    return text.lower().replace("’", "'").replace("`", "'").replace("-", " ")


def _from_romaji(text: str) -> str:
    roman = _plain(text).translate(_MACRONS)
    roman = _CH_DOUBLED.sub("cch", roman)
    roman = _N_BEFORE_LABIAL.sub("n", roman)
    roman = _DOUBLE_N.sub("n'n", roman)
    roman = re.sub(r"\boh(?![aiueoy])", "oo", roman)
    roman = _H_LENGTHENS.sub("u", roman)
    return str(jaconv.hira2kata(jaconv.alphabet2kana(roman))).replace("'", "")


def sound_key(text: str) -> str:
    """The key under which two readings are compared; only for finding, never for showing.

    Alike are: small and large kana (ッ ツ, ャ ヤ), ヂ ジ, ヅ ズ, ヲ オ, ヴ and the バ row, long and short o and u
    (サトウ, サトー, サト), ン before a vowel and the ナ row (`shinichi` is シンイチ). Other vowels side by side stay,
    and so does every voiced sound: ヤマダ is not ヤマタ. Latin letters of any language have one, as they come.
    """
    wide = unicodedata.normalize("NFKC", text).strip()
    kana = _from_romaji(wide) if is_romaji(wide) else str(jaconv.hira2kata(wide))
    if "ヴ" in kana:
        kana = _V_SOUND.sub(lambda found: _V_ROW[found[0]], kana)
    kana = _NOT_KANA.sub("", kana.translate(_ALIKE))
    if "ン" in kana:
        kana = _N_SOUND.sub(lambda found: _N_ROW[found[0]], kana)
    return _LONG_U.sub("", _LONG_O.sub(r"\1", kana))

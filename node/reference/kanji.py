"""Variants of kanji: which form stands for which in a comparison."""

from collections.abc import Mapping
from functools import cache

from node.reference.shipped import rows


@cache
def variants() -> Mapping[int, str]:
    """Code point of a variant to the form it is compared as, ready for `str.translate`.

    One step and never more: no form on the right is on the left too (斎 and 斉 stay apart, as the tables have them).
    """
    return {ord(variant): standard for variant, standard in rows("kanji_variants.tsv")}

"""Every reason a conversation may end with is one the screens have a sentence for."""

import tomllib
from pathlib import Path

import pytest

from sync.errors import LimitPassed, MoyaiError, StoreFailed
from sync.reasons import Reason, heard, said_for

LOCALES = Path(__file__).parents[2] / "node" / "locales"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_reason_has_a_sentence(language: str) -> None:
    said = tomllib.loads((LOCALES / f"errors.{language}.toml").read_text(encoding="utf-8"))
    assert set(Reason) <= said.keys()


def test_what_a_stranger_says_is_of_the_list_or_other() -> None:
    assert heard("BUSY") is Reason.BUSY
    assert heard("田中太郎") is Reason.OTHER
    assert heard("") is Reason.OTHER


def test_an_error_is_told_by_its_own_reason_where_that_is_in_the_list() -> None:
    assert said_for(LimitPassed(), Reason.STORE_FAILED) is Reason.LIMIT_PASSED
    assert said_for(StoreFailed(), Reason.OTHER) is Reason.STORE_FAILED
    assert said_for(MoyaiError(), Reason.CERTIFICATE_REFUSED) is Reason.CERTIFICATE_REFUSED


class DiskFull(StoreFailed):
    reason = "DISK_FULL"


@pytest.mark.parametrize("otherwise", [Reason.ROSTER_REFUSED, Reason.CERTIFICATE_REFUSED])
def test_whatever_was_to_be_written_the_store_that_failed_is_told(otherwise: Reason) -> None:
    assert said_for(DiskFull(), otherwise) is Reason.STORE_FAILED

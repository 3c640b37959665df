"""The help of every command, in Japanese where Japanese is spoken."""

import re

import pytest

from node.cli.main import make_app, run
from node.words import help_words
from tests.builders.shell import Shell
from tests.test_house import commands

SENTENCE = re.compile(r"(?:\b[a-z']+,? ){3,}[a-z]+")
"""Four English words in a row."""
COMMANDS = [" ".join(words) for words, _ in commands(make_app())]


def helped(sh: Shell, *words: str) -> str:
    sh.read()
    assert run([*words]) == 0
    return sh.read()[0]


@pytest.mark.parametrize("command", ["", "roster", "enrol", "bundle", *COMMANDS])
def test_the_help_of_every_command_is_japanese(fresh: Shell, command: str) -> None:
    told = helped(fresh, *command.split(), "--help", "--lang", "ja")
    assert SENTENCE.findall(re.sub(r"\[[^\]]*\]", "", told)) == []
    assert ("終了コード" in told, "表示の言語" in told or "コマンド" in told) == (True, True)


MARK = re.compile(r"\[(?:required|default|choices|env var)\b")


@pytest.mark.parametrize("command", COMMANDS)
def test_what_stands_in_brackets_is_japanese_as_well(fresh: Shell, command: str) -> None:
    told = helped(fresh, *command.split(), "--help", "--lang", "ja")
    assert MARK.findall(told) == []
    assert "[環境変数：" in told


def test_choices_and_what_holds_where_nothing_is_said_are_named(fresh: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    told = helped(fresh, "people", "--help", "--lang", "ja")
    assert "[どれか：here, out," in told
    assert "[省くと：200]" in told
    assert '""' not in told
    assert "[必須]" in helped(fresh, "disaster", "close", "--help", "--lang", "ja")
    english = helped(fresh, "people", "--help", "--lang", "en")
    assert "[choices: here, out," in english
    assert "[default: 200]" in english
    assert "[required]" in helped(fresh, "disaster", "close", "--help", "--lang", "en")


def test_english_stays_as_it_stands_in_the_commands(fresh: Shell) -> None:
    told = helped(fresh, "roster", "sign", "--help", "--lang=en")
    assert "Add a trustee's signature to a roster." in told
    assert "Exit codes" in told
    assert not re.search(r"[ぁ-ん]", told)


def test_the_language_of_the_environment_is_that_of_the_help(fresh: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOYAI_LANG", "ja")
    assert "ノードを作る" in helped(fresh, "--help")


def test_every_word_of_the_english_list_is_one_that_is_said(fresh: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    told = "".join(
        helped(fresh, *command.split(), "--help", "--lang", "en") for command in ["", "roster", "backup", *COMMANDS]
    )
    told = "".join(re.sub(r"[│╭╮╰╯─]|\[[^\]]*\]", "", told).split())
    assert [text for text in help_words("en") if "".join(text.split()) not in told] == []


def test_options_of_every_command_may_stand_before_its_name(sh: Shell) -> None:
    sh.read()
    for words in (["--lang", "en"], ["--lang=en", "--operator", "tanaka"]):
        assert run([*words, "--node", str(sh.node), "status"]) == 0
        assert "residents 3" in sh.read()[0]
    assert run(["--json", "--node", str(sh.node), "places", "河井", "--lang", "ja"]) == 0
    assert sh.read()[0].startswith('{"places"')


def test_what_is_missing_is_named(sh: Shell) -> None:
    ran = sh("roster", "sign")
    assert (ran.code, "--roster がない" in ran.err) == (2, True)


def test_what_may_follow_a_command_is_called_by_its_name(fresh: Shell) -> None:
    assert "moyai operator pin [OPTIONS] [CODE]" in helped(fresh, "operator", "pin", "--help")
    assert "moyai log day [OPTIONS] [ON]" in helped(fresh, "log", "day", "--help")


@pytest.mark.parametrize("command", COMMANDS)
def test_no_usage_says_arguments(fresh: Shell, command: str) -> None:
    assert "ARGS" not in helped(fresh, *command.split(), "--help")

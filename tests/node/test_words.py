"""What is said in two languages: errors, answers, and what a search may be for."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from node.desk.rights import ROLES, Right
from node.errors import FieldRefused, NotAllowed, PurposeMissing, SubjectUnknown, WordUnknown
from node.purposes import INTERNAL, PURPOSES, purpose_code, purpose_word
from node.words import desk_word, preferred_language, reason_sentence, told, word
from sync.errors import MoyaiError

NODE = Path(__file__).parents[2] / "node"


@pytest.mark.parametrize(("say", "rooms"), [(word, "cli/*.py"), (desk_word, "**/*.py")])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_word_that_is_asked_for_is_there(language: str, say: Callable[..., str], rooms: str) -> None:
    asked = {
        found
        for room in NODE.glob(rooms)
        for found in re.findall(rf'(?<![a-z_]){say.__name__}\(\s*"([a-z_.]+)"', room.read_text(encoding="utf-8"))
    }
    assert asked
    for key in asked:
        assert say(key, language)


def test_an_error_is_told_with_what_to_do_next() -> None:
    for language in ("ja", "en"):
        sentence, hint = told(SubjectUnknown(subject="00"), language)
        assert sentence
        assert hint
    assert told(SubjectUnknown(subject="00"), "ja") != told(SubjectUnknown(subject="00"), "en")


def test_an_error_without_its_details_is_told_all_the_same() -> None:
    sentence, hint = told(WordUnknown(), "en")
    assert "-" in sentence + hint


def test_a_reason_nobody_knows_is_told_as_that() -> None:
    class Novel(MoyaiError):
        reason = "NEVER_HEARD_OF"

    assert told(Novel(), "en") == told(MoyaiError(), "en")
    assert reason_sentence("NEVER_HEARD_OF", "ja") == reason_sentence("UNKNOWN", "ja")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "ja"),
        ({"LANG": "de_DE.UTF-8"}, "ja"),
        ({"LC_ALL": "ja_JP.UTF-8", "LANG": "en_US.UTF-8"}, "ja"),
        ({"MOYAI_LANG": "en", "LC_ALL": "ja_JP.UTF-8"}, "en"),
    ],
)
def test_the_language_is_japanese_unless_the_machine_says_english(environment: dict[str, str], language: str) -> None:
    assert preferred_language(environment) == language


# --- purposes


@pytest.mark.parametrize("code", sorted(PURPOSES))
def test_a_purpose_is_given_as_code_or_in_words(code: str) -> None:
    japanese, english = PURPOSES[code]
    for typed in (code, code.upper(), japanese, english, f"  {english.upper()} "):
        assert purpose_code(typed) == code
    assert (purpose_word(code, "ja"), purpose_word(code, "en")) == (japanese, english)


@pytest.mark.parametrize("typed", ["", " ", "\u3000"])
def test_no_purpose_is_no_purpose(typed: str) -> None:
    with pytest.raises(PurposeMissing):
        purpose_code(typed)


def test_what_is_none_of_the_list_is_not_repeated() -> None:
    with pytest.raises(WordUnknown) as refused:
        purpose_code("鵜飼野さんを捜す")
    assert "鵜飼野" not in str(refused.value)
    assert "aid" in str(refused.value.details["expected"])


def test_the_desks_own_purposes_are_none_that_is_offered() -> None:
    assert not INTERNAL & set(PURPOSES)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("right", Right)
def test_what_a_role_may_not_and_which_may_is_said_in_words(right: Right, language: str) -> None:
    refused = NotAllowed(act=right.value, expected=", ".join(sorted(ROLES[right])))
    sentence, hint = told(refused, language)
    assert f"({right.value})" not in sentence
    assert f"to {right.value}." not in sentence
    assert language == "en" or not re.search("[a-z]", sentence + hint)


# --- which field, and what is wrong with it

CONSTRAINTS = {
    "ge": ["greater_than_equal"],
    "gt": ["greater_than"],
    "le": ["less_than_equal"],
    "lt": ["less_than"],
    "pattern": ["string_pattern_mismatch"],
    "max_length": ["string_too_long", "too_long", "bytes_too_long"],
    "min_length": ["too_short", "bytes_too_short"],
}
"""What pydantic calls it where one of its own constraints is broken."""


def rules_of_fields() -> set[str]:
    """Every rule that a field is refused by."""
    rules = {"encoding", "enum", "finite_number"}
    for room in (*NODE.glob("**/*.py"), *NODE.with_name("tui").glob("**/*.py")):
        for call in ast.walk(ast.parse(room.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            named = {each.arg: each.value for each in call.keywords}
            said = named.get("rule") if call.func.id == "FieldRefused" else None
            if call.func.id in ("refuse", "_holding") and room.parent.name == "facets":
                said = call.args[0]
            if isinstance(said, ast.Constant):
                rules.add(str(said.value))
            if room.parent.name == "facets" and call.func.id in ("Field", "StringConstraints"):
                rules.update(rule for name in named for rule in CONSTRAINTS.get(str(name), ()))
    return rules


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_rule_a_field_is_refused_by_has_words(language: str) -> None:
    rules = rules_of_fields()
    assert {"missing", "staff-code", "guardian-relation", "greater_than"} <= rules
    unsaid = [
        rule
        for rule in sorted(rules)
        if told(FieldRefused(field="x", rule=rule), language)[0]
        == told(FieldRefused(field="x", rule="unheard-of"), language)[0].replace("unheard-of", rule)
    ]
    assert unsaid == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "「照会する人の氏名」を受け付けられません。入っていません。"),
        ("en", "Not taken: name of who asks: it is missing."),
    ],
)
def test_a_field_is_refused_in_words(language: str, said: str) -> None:
    assert told(FieldRefused(field="inquirer.name", rule="missing"), language)[0] == said
    assert "contact.phone" not in told(FieldRefused(field="contact.phone", rule="missing"), language)[0]
    assert "novelty" in told(FieldRefused(field="novelty", rule="missing"), language)[0]

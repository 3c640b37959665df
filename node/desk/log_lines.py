"""One entry of the log as a line that somebody who is no engineer can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from node.desk.held_words import facet_word
from node.ledger import DISCLOSE, Logged
from node.purposes import PURPOSES, purpose_word
from node.records.kinds import TALLY, TRUST_CONTROL, facet_name
from node.reference.organisations import organisation_name
from node.words import desk_word, desk_word_or, reason_sentence

KINDS: Final[Mapping[str, frozenset[str]]] = {
    "looked": frozenset(
        {"read", "search", "read-log", "verify-log", "read-inquiries", "export", "print-roster", "print-receipt"}
    ),
    "received": frozenset({DISCLOSE, "carry-out"}),
    "inquiry": frozenset({"inquiry", "inquiry-refused"}),
    "staff": frozenset(
        {
            *("sign-in", "sign-in-wrong", "sign-in-unknown", "sign-in-paused", "lock"),
            *("operator-add", "operator-role", "operator-pin", "operator-pin-reset", "operator-retire"),
            *("operator-pin-recovered", "operator-pin-acknowledged"),
        }
    ),
}
"""What the acts are, in the words people ask in; every other act is "changed"."""
OF_NOBODY: Final = frozenset(facet_name(facet) for facet in TRUST_CONTROL | {TALLY})
"""What an organisation says of itself, not of a person: applications and decisions, emergencies, nodes, counts."""

CHANGED: Final = "changed"
WHICH: Final = ("all", "looked", "received", CHANGED, "inquiry", "staff")


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry: who did what about whom, why and when."""

    number: int
    at_ms: int
    kind: str
    """One of WHICH but "all"."""
    act: str
    operator: str
    organisation: str
    """Code of whose operator it was."""
    purpose: str
    subject: bytes | None
    name: str
    """Of the subject, as it is known now; "" where it is nobody, or erased since."""
    protected: bool
    facets: tuple[str, ...]
    recipient: str
    """Code of who received it; "" where nobody did."""
    basis: int | None
    record: bytes | None
    count: int | None


def line_of(logged: Logged, name: str, protected: bool) -> LogLine:
    """An entry with the name of whom it is about."""
    entry = logged.entry
    return LogLine(
        number=logged.number,
        at_ms=entry.at_ms,
        kind=next((kind for kind, acts in KINDS.items() if entry.act in acts), CHANGED),
        act=entry.act,
        operator=entry.operator,
        organisation=entry.organisation,
        purpose=entry.purpose,
        subject=entry.subject,
        name=name,
        protected=protected,
        facets=tuple(facet_name(facet) for facet in entry.facets),
        recipient=entry.recipient or "",
        basis=entry.basis,
        record=entry.record,
        count=entry.count,
    )


def act_word(line: LogLine, language: str) -> str:
    """What was done."""
    return desk_word_or(f"log_act.{line.act}", language, line.act)


def why_word(purpose: str, language: str) -> str:
    """What for; of an act on the staff, whom it was about; of what was not taken, why not."""
    if purpose.startswith("staff:"):
        return purpose.removeprefix("staff:")
    if purpose.isupper():
        return reason_sentence(purpose, language)
    if purpose in PURPOSES:
        return purpose_word(purpose, language)
    return desk_word_or(f"log_purpose.{purpose}", language, purpose) if purpose else ""


def basis_word(basis: int | None, language: str) -> str:
    """On what ground something was handed on."""
    return "" if basis is None else desk_word_or(f"log_basis.{basis}", language, str(basis))


def facets_word(line: LogLine, language: str) -> str:
    """What of the person it was."""
    return ", ".join(facet_word(facet, language) for facet in line.facets)


def whom_word(line: LogLine, language: str) -> str:
    """About whom: the name, or how many, or that they were erased since; of what is about nobody, what it is."""
    if line.facets and OF_NOBODY.issuperset(line.facets):
        return line.name or facets_word(line, language)
    if line.subject is not None:
        return line.name or desk_word("log_line.erased", language)
    if line.count:
        return desk_word(
            "log_line.people" if line.act in ("read", "search") else "log_line.entries", language, n=line.count
        )
    return ""


def recipient_word(line: LogLine, language: str) -> str:
    """Who received it."""
    return desk_word("log_line.to", language, to=organisation_name(line.recipient)) if line.recipient else ""

"""Who may be meant by an inquiry, and what decides about them; as much work for nobody as for somebody protected."""

from dataclasses import dataclass
from typing import Final

from node.desk.post import Post
from node.errors import FieldRefused
from node.knowing import known_of
from node.ledger import PersonRow
from node.people.addresses import fold_address
from node.people.calendar import read_date
from node.people.facets import Answers, from_content
from node.people.facets.kinds import Answer
from node.people.kana import to_katakana
from node.people.matching import parse_query
from node.records.kinds import ANSWERS
from node.release.inquiry import Meant
from node.release.known import SubjectKnown

WEIGHED: Final = 6
"""So many people are weighed for every inquiry: those who fit, and others for nothing, so that neither the number of
questions asked of the ledger nor the time they take says whether somebody was found and hidden."""
LOOKED_AT: Final = 40
ADDRESS_LEAST: Final = 3
CHARACTERS_MAX: Final = 200


@dataclass(frozen=True, slots=True, repr=False)
class Sought:
    """Whom somebody looks for, as they say it (Rule 8-3(1) no. 2). A name, and a birth date or an address, are
    needed; else a stranger could ask by guessing names."""

    name: str = ""
    kana: str = ""
    """In kana or romaji."""
    address: str = ""
    birth: str = ""
    sex: int = 0
    """ISO 5218."""


@dataclass(frozen=True, slots=True, repr=False)
class Weighed:
    """Somebody who fits, and what decides about them."""

    row: PersonRow
    meant: Meant


def need_enough(post: Post, sought: Sought) -> str:
    """The birth date as it is compared, "" where none was given.

    Raises:
        FieldRefused: name, or birth date and address, are missing, or one is too long.
        BirthDateRefused: what was typed is no birth date.
    """
    for field in ("name", "kana", "address", "birth"):
        if len(getattr(sought, field)) > CHARACTERS_MAX:
            raise FieldRefused(field=field, rule="length")
    if not (sought.name.strip() or sought.kana.strip()):
        raise FieldRefused(field="name", rule="name-or-kana")
    if not (sought.birth.strip() or sought.address.strip()):
        raise FieldRefused(field="birth", rule="birth-or-address")
    return read_date(sought.birth, today=post.today()) if sought.birth.strip() else ""


def weigh(post: Post, sought: Sought) -> list[Weighed]:
    """Who fits, the likeliest first, the protected among them. Raises what `need_enough` does.

    Always one search, one list, and WEIGHED people looked at as a whole.
    """
    birth = need_enough(post, sought)
    query = parse_query(sought.name.strip() or to_katakana(sought.kana), post.today())
    hits = post.ledger.search(query, here=post.place or None, municipality=post.organisation, limit=LOOKED_AT)
    fitting = [hit.person for hit in hits if fits(sought, birth, hit.person)][:WEIGHED]
    others = post.ledger.people_at(post.place or None, limit=WEIGHED)
    organisations = post.ledger.organisations_of_peers()
    found = {row.subject for row in fitting}
    weighed = []
    for row in [*fitting, *(row for row in others if row.subject not in found)][:WEIGHED]:
        known = known_of(post.ledger, row.subject, post.organisation, organisations)
        one = Weighed(row, meant_by(row, known))
        if row.subject in found:
            weighed.append(one)
    return weighed


def fits(sought: Sought, birth: str, row: PersonRow) -> bool:
    """Whether the rest of what was said fits somebody of the name: their birth date or their address must, and neither
    birth date nor sex may be another."""
    if birth and row.birth and not row.birth.startswith("~"):
        alike = row.birth.startswith(birth) or birth.startswith(row.birth)
        if not alike:
            return False
    else:
        alike = False
    if sought.sex and row.sex and sought.sex != row.sex:
        return False
    return alike or _same_address(sought.address, row.address)


def _same_address(said: str, held: str) -> bool:
    first, second = fold_address(said), fold_address(held)
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) >= ADDRESS_LEAST and shorter in longer


def meant_by(row: PersonRow, known: SubjectKnown) -> Meant:
    """What decides about somebody. A choice that was said in two ways counts as the narrower."""
    said = [
        answers
        for fact in known.current.get((ANSWERS, b""), ())
        if isinstance(answers := from_content(ANSWERS, fact.record.content), Answers)
    ]
    return Meant(
        known=not row.resident_only,
        protected=row.protected or bool(known.protectors),
        died=row.closed == "died" or row.death_reported,
        tell_kin=_chosen([answers.kin for answers in said]),
        tell_acquaintances=_chosen([answers.acquaintances for answers in said]),
        tell_anyone=_chosen([answers.anyone for answers in said]) is True,
    )


def _chosen(answers: list[Answer]) -> bool | None:
    if Answer.NO in answers:
        return False
    return True if Answer.YES in answers else None

"""The acts of reception as commands: find, person, people, places, register, correct, check-in, leave, undo."""

from dataclasses import asdict, replace
from typing import Annotated, Any, Literal

from cyclopts import Parameter, validators

from moyai.v1 import facets_pb2
from node.cli.moments import moment
from node.cli.options import NO_OPTIONS, Common, hex_id, listed, place_of, subject_of, subjects_of
from node.desk.held_words import field_text
from node.desk.views import Done, FieldView, NewPerson, PersonView, PlaceView, Whereto
from node.errors import InputRefused, WordUnknown
from node.installation import Installation
from node.records.kinds import facet_name
from node.words import word, word_for

OUTSIDE = {name.removeprefix("OUTSIDE_").lower(): number for name, number in facets_pb2.Outside.items() if number}
"""Words for places outside: home, car, tent, relatives, hotel, hospital, other_town, other."""

SEX = {"": 0, "male": 1, "female": 2, "other": 9}

AtMost = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=10_000))]


def find(text: str, *, purpose: str = "", limit: AtMost = 20, common: Common = NO_OPTIONS) -> None:
    """Search people by name, kana, romaji, birth date, phone or address. Logged with the purpose.

    Args:
        text: What is known of the person.
        purpose: What for; it is written into the log.
        limit: At most so many.
    """
    with common.opened() as node:
        hits = node.desk(common.who).find(text, purpose=purpose, limit=limit)
    common.say({"hits": [shown(hit) for hit in hits], "count": len(hits)}, *_hit_lines(hits, common.language))


def person(subject: str, *, purpose: str = "", common: Common = NO_OPTIONS) -> None:
    """Show everything held about one person, statement by statement. Logged with the purpose.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        purpose: What for.
    """
    with common.opened() as node:
        id_, desk = subject_of(node, subject), node.desk(common.who)
        view = desk.person(id_)
        fields = desk.details(id_, purpose=purpose)
    facets = sorted({field.facet for field in fields})
    common.say(
        {"person": shown(view), "facets": facets, "fields": [asdict(field) for field in fields]},
        _person_line(view, common.language),
        *(_field_line(one, common.language) for one in fields),
    )


def people(
    *,
    place: str = "",
    which: Literal["here", "out", "unconfirmed", "care", "expected", "left"] = "here",
    limit: AtMost = 200,
    offset: Annotated[int, Parameter(validator=validators.Number(gte=0))] = 0,
    common: Common = NO_OPTIONS,
) -> None:
    """List the people of a place, or of all. Logged.

    Args:
        place: Id of the place. Default: everywhere.
        which: Which list.
        limit: At most so many; the count is of all.
        offset: After so many.
    """
    with common.opened() as node:
        chosen = place_of(node, place) if place else b""
        views = node.desk(common.who).roster(place=chosen, which=which, limit=limit, offset=offset)
        count = node.ledger.people_count(chosen or None, which=which, municipality=node.config.organisation)
    common.say(
        {"people": [shown(view) for view in views], "count": count},
        word("people.count", common.language, count=count),
        *(_person_line(view, common.language) for view in views),
    )


def places(text: str = "", *, municipality: str = "", limit: AtMost = 50, common: Common = NO_OPTIONS) -> None:
    """List shelters and sites with what was last reported of them.

    Args:
        text: Part of a name, address or id.
        municipality: Code of a municipality.
        limit: At most so many.
    """
    with common.opened() as node:
        views = node.desk(common.who).places(text, municipality=municipality or None, limit=limit)
    common.say({"places": [_place_shown(view) for view in views]}, *(_place_line(view) for view in views))


def register(
    *,
    family: str = "",
    given: str = "",
    family_kana: str = "",
    given_kana: str = "",
    birth: str = "",
    sex: Literal["male", "female", "other", ""] = "",
    address: str = "",
    municipality: str = "",
    phone: str = "",
    care: str = "",
    description: str = "",
    place: str = "",
    share: bool | None = None,
    guardian: str = "",
    protect: bool = False,
    common: Common = NO_OPTIONS,
) -> None:
    """Write someone new down and check them in. A name, its kana or a description is enough.

    Args:
        family: Family name.
        given: Given name.
        family_kana: Its reading, in kana or romaji.
        given_kana: Its reading, in kana or romaji.
        birth: Birth date, such as 19480503, S230503 or 昭和23年5月3日.
        sex: Sex.
        address: Home address, as said.
        municipality: Code of the home municipality. Default: the one the address names, else this one.
        phone: Telephone number.
        care: Codes of special needs, with commas.
        description: What the person looks like, where there is no name.
        place: Id of the place. Default: no site.
        share: Whether the person agrees that all local governments that help are told. Default: not asked.
        guardian: The guardian's relation, where a guardian agrees.
        protect: Hide the person from now on.
    """
    new = NewPerson(
        family_name=family,
        given_name=given,
        family_kana=family_kana,
        given_kana=given_kana,
        birth=birth,
        sex=SEX[sex],
        address=address,
        municipality=municipality,
        phone=phone,
        care_codes=tuple(listed(care)),
        description=description,
        share=share,
        guardian_relation=guardian,
        protect=protect,
    )
    with common.opened() as node:
        done = node.desk(common.who).register(new, place=place_of(node, place) if place else None)
    _say_done(common, done, "register")


def correct(
    subject: str,
    *,
    family: str | None = None,
    given: str | None = None,
    family_kana: str | None = None,
    given_kana: str | None = None,
    birth: str | None = None,
    age: str | None = None,
    sex: Literal["male", "female", "other", ""] | None = None,
    address: str | None = None,
    postcode: str | None = None,
    municipality: str | None = None,
    phone: str | None = None,
    care: str | None = None,
    description: str | None = None,
    found: str | None = None,
    household: str | None = None,
    common: Common = NO_OPTIONS,
) -> None:
    """Correct what was written of somebody: an option that is not given leaves what stands, one given empty empties
    it. What stood before stays in the history.

    Args:
        subject: The person's id, or key: and the municipality's own key.
        family: Family name.
        given: Given name.
        family_kana: Its reading, in kana or romaji.
        given_kana: Its reading, in kana or romaji.
        birth: Birth date, such as 19480503, S230503 or 昭和23年5月3日.
        age: About how old the person looks, where there is no birth date.
        sex: Sex.
        address: Home address, as said.
        postcode: Its postcode, seven digits.
        municipality: Code of the home municipality. Default: the one a corrected address names, else the one that
            stands.
        phone: Telephone number.
        care: Codes of special needs, with commas: all there are.
        description: What the person looks like, where there is no name.
        found: Where the person was found.
        household: Id of the household the person belongs to; empty for one of their own.
    """
    texts = {
        "family_name": family,
        "given_name": given,
        "family_kana": family_kana,
        "given_kana": given_kana,
        "birth": birth,
        "address": address,
        "postcode": postcode,
        "municipality": municipality,
        "phone": phone,
        "description": description,
        "found_where": found,
    }
    anew: dict[str, Any] = {name: text for name, text in texts.items() if text is not None}
    if age is not None:
        anew["estimated_age"] = _age(age)
    if sex is not None:
        anew["sex"] = SEX[sex]
    if care is not None:
        anew["care_codes"] = tuple(listed(care))
    if household is not None:
        anew["household"] = hex_id(household) if household else b""
    with common.opened() as node:
        id_, amending = subject_of(node, subject), node.desk(common.who).amending
        before = amending.held(id_)
        done = amending.correct(id_, before, replace(before, **anew))
    _say_done(common, done, "correct" if done.records else "nothing_corrected")


def _age(text: str) -> int | None:
    if text and not text.isdecimal():
        raise InputRefused(expected="--age 80", got=len(text))
    return int(text) if text else None


def check_in(
    *subjects: str, place: str = "", outside: str = "", household: bool = False, common: Common = NO_OPTIONS
) -> None:
    """Check people in at a place. Never refused because a shelter is full.

    Args:
        subjects: Ids, or key: and the municipality's own key; - reads them from standard input.
        place: Id of the place.
        outside: Kind of place outside instead: home, car, tent, relatives, hotel, hospital, other.
        household: Check in their whole households.
    """
    with common.opened() as node:
        desk, ids = node.desk(common.who), subjects_of(node, subjects)
        if household:
            ids = list(dict.fromkeys(member.subject for id_ in ids for member in desk.household(id_)))
        done = desk.check_in(
            ids,
            place=place_of(node, place) if place else None,
            outside=_outside(outside, "--outside") if outside else 0,
        )
    _say_done(common, done, "check_in")


def leave(*subjects: str, to: str, common: Common = NO_OPTIONS) -> None:
    """Say that people have left, and where to.

    Args:
        subjects: Ids, or key: and the municipality's own key; - reads them from standard input.
        to: home, relatives, car, tent, hotel, hospital, unknown, place:ID or town:CODE.
    """
    with common.opened() as node:
        done = node.desk(common.who).leave(subjects_of(node, subjects), _whereto(node, to))
    _say_done(common, done, "leave")


def undo(token: str = "", *, common: Common = NO_OPTIONS) -> None:
    """Take back one of your last acts; without a token, the very last.

    Args:
        token: From the answer of the act.
    """
    with common.opened() as node:
        desk = node.desk(common.who)
        last = desk.last_acts()
        done = desk.undo(hex_id(token) if token else (last[0].token if last else b""))
    _say_done(common, done, "undo")


def shown(view: PersonView) -> dict[str, Any]:
    """A person for JSON."""
    return {**{name: _plain(value) for name, value in asdict(view).items()}, "name": view.name}


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def _say_done(common: Common, done: Done, act: str) -> None:
    answer = {
        "subjects": [subject.hex() for subject in done.subjects],
        "count": len(done.subjects),
        "records": done.records,
        "undo": done.undo.hex(),
        "warnings": list(done.warnings),
    }
    lines = [word(f"{act}.done", common.language, count=len(done.subjects))]
    lines += [word(f"warnings.{warning}", common.language) for warning in done.warnings]
    common.say(answer, *lines)


def _whereto(node: Installation, to: str) -> Whereto:
    kind, _, rest = to.partition(":")
    if kind == "place" and rest:
        return Whereto(place=place_of(node, rest))
    if kind == "town" and rest:
        return Whereto(municipality=rest, outside=OUTSIDE["other_town"])
    return Whereto() if to == "unknown" else Whereto(outside=_outside(to, "--to", "unknown", "place:ID", "town:CODE"))


def _outside(kind: str, option: str, *more: str) -> int:
    if kind not in OUTSIDE:
        raise WordUnknown(field=option, expected=", ".join((*OUTSIDE, *more)))
    return OUTSIDE[kind]


def _hit_lines(hits: list[PersonView], language: str) -> list[str]:
    return [_person_line(hit, language) for hit in hits] or [word("find.nobody", language)]


def _person_line(view: PersonView, language: str) -> str:
    where = view.place_name or view.stay_municipality
    mark = word("find.protected", language) if view.protected else ""
    linked = word("find.linked", language, n=view.entries) if view.entries > 1 else ""
    parts = (view.subject.hex(), view.name, view.kana, view.birth, view.municipality_name, where, linked, mark)
    return "  ".join(part for part in parts if part)


def _field_line(one: FieldView, language: str) -> str:
    """A field with what its number means: a moment, a state, the facets a consent covers."""
    text = one.text
    if text.isdecimal() and one.field.endswith("_ms"):
        text = moment(int(text), language)
    elif (one.facet, one.field) == ("stay", "state"):
        text = word_for("stay_state", text, language)
    elif (one.facet, one.field) == ("identity", "sex"):
        text = word_for("sex", text, language)
    elif one.field == "destination":
        text = field_text(one, language) or text
    elif one.field == "facets":
        text = ",".join(facet_name(int(number)) if number.strip().isdecimal() else number for number in text.split(","))
    return f"  {one.facet}.{one.field}: {text}  ({one.organisation} {one.operator})"


def _place_shown(view: PlaceView) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(view).items()}


def _place_line(view: PlaceView) -> str:
    figures = f"{view.present}" if view.headcount is None else f"{view.present} ({view.headcount})"
    return (
        f"{view.subject.hex()}  {view.national_id or view.local_id}  {view.municipality_name}  {view.name}  {figures}"
    )

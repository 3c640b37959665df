"""Arriving and leaving: check in, register on the spot, out for now, back, seen, gone and where to."""

from collections.abc import Sequence
from dataclasses import dataclass

from moyai.v1 import facets_pb2
from node.desk.adoption import adopt
from node.desk.consents import age_warning
from node.desk.fields import naming_the_field
from node.desk.post import Post
from node.desk.registration import read_identity, write_new_person
from node.desk.views import Done, NewPerson, Whereto
from node.errors import NoOpenStay
from node.ledger import Held
from node.pen import Sheet
from node.people.facets import Destination, Stay, from_content
from node.records.kinds import STAY

PRESENT = int(facets_pb2.STAY_STATE_PRESENT)
OUT = int(facets_pb2.STAY_STATE_OUT)
LEFT = int(facets_pb2.STAY_STATE_LEFT)
TRANSFERRED = int(facets_pb2.STAY_STATE_TRANSFERRED)

OVER_CAPACITY = "OVER_CAPACITY"


@dataclass(frozen=True, slots=True)
class Where:
    """Where a stay is: a site with an id, or a kind of place outside."""

    place: bytes
    outside: int
    municipality: str


@naming_the_field()
def check_in(post: Post, subjects: Sequence[bytes], *, place: bytes | None = None, outside: int = 0) -> Done:
    """They are here now. Never refused for a missing field, a full shelter, another open stay or a second check-in.

    Raises:
        SubjectUnknown, PlaceUnknown: an id this node has never heard of; nothing is written then.
    """
    where = where_is(post, place, outside)
    subjects = tuple(dict.fromkeys(subjects))
    for subject in subjects:
        post.person(subject)
    with post.pen.sheet(operator=post.operator, act="check-in") as sheet:
        for subject in subjects:
            adopt(post, sheet, subject)
            write_arrival(post, sheet, subject, where)
        undo = sheet.remember("check-in", post.entropy(16))
    return Done(subjects, len(sheet.written), undo, capacity_warning(post, where))


@naming_the_field()
def register(post: Post, person: NewPerson, *, place: bytes | None = None, arrive: bool = True) -> Done:
    """Someone new, written down and checked in at once; the new subject is the first of the answer.

    Raises:
        NothingToGoBy: neither a name nor a description was given.
        InputRefused: a birth date or code can't be read; `field` names it.
        ConsentNeedsGuardian: under 16, and no guardian's relation was given.
    """
    where = where_is(post, place)
    with post.pen.sheet(operator=post.operator, act="register") as sheet:
        subject = write_new_person(post, sheet, person)
        if arrive:
            write_arrival(post, sheet, subject, where)
        undo = sheet.remember("register", post.entropy(16))
    warnings = capacity_warning(post, where) if arrive else ()
    if person.share:
        warnings += age_warning(post, read_identity(post, person).birth, person.guardian_relation)
    return Done((subject,), len(sheet.written), undo, warnings)


def out(post: Post, subjects: Sequence[bytes]) -> Done:
    """They go out and will be back."""
    return _restate(post, subjects, "out", OUT)


def back(post: Post, subjects: Sequence[bytes]) -> Done:
    """They are back."""
    return _restate(post, subjects, "back", PRESENT)


def seen(post: Post, subjects: Sequence[bytes]) -> Done:
    """They were seen here now by this operator."""
    return _restate(post, subjects, "seen", None)


@naming_the_field()
def leave(post: Post, subjects: Sequence[bytes], where: Whereto) -> Done:
    """They leave for good, and where to. With a place or another town the stay is a transfer: the next desk sees them
    coming.

    Raises:
        NoOpenStay: one of them has no open stay; nothing is written then.
        PlaceUnknown, FieldRefused: where to is no place known here, or no municipality's code.
    """
    stays = {subject: _open_stay(post, subject) for subject in subjects}
    now = post.now_ms()
    municipality = where.municipality or (post.site(where.place).municipality if where.place else "")
    onward = bool(where.place) or bool(municipality and municipality != post.organisation)
    with post.pen.sheet(operator=post.operator, act="leave") as sheet:
        for subject, (held, stay) in stays.items():
            left = stay.model_copy(
                update={
                    "state": TRANSFERRED if onward else LEFT,
                    "until_ms": now,
                    "confirmed_at_ms": now,
                    "confirmed_by": post.operator,
                    "destination": Destination(
                        place=where.place, outside=where.outside, municipality=municipality, text=where.text
                    ),
                }
            )
            sheet.put(subject, STAY, left, slot=held.record.slot)
        undo = sheet.remember("leave", post.entropy(16))
    return Done(tuple(stays), len(sheet.written), undo)


def where_is(post: Post, place: bytes | None, outside: int = 0) -> Where:
    """Where a stay is to be: at a place, the desk's own where none is named, or outside. Raises PlaceUnknown."""
    chosen = b"" if outside else (post.place if place is None else place)
    municipality = post.site(chosen).municipality if chosen else post.organisation
    return Where(chosen, outside, municipality)


def write_arrival(post: Post, sheet: Sheet, subject: bytes, where: Where) -> None:
    """A second check-in at the same place says again that they are there; anything else is a stay of its own."""
    now = post.now_ms()
    stay = Stay(
        place=where.place,
        outside=where.outside,
        municipality=where.municipality,
        state=PRESENT,
        since_ms=now,
        confirmed_at_ms=now,
        confirmed_by=post.operator,
    )
    for held, earlier in _open_stays(post, subject):
        if (earlier.place, int(earlier.outside)) == (where.place, where.outside):
            sheet.put(subject, STAY, stay.model_copy(update={"since_ms": earlier.since_ms}), slot=held.record.slot)
            return
    sheet.put(subject, STAY, stay, slot=post.entropy(16))


def _restate(post: Post, subjects: Sequence[bytes], act: str, state: int | None) -> Done:
    stays = {subject: _open_stay(post, subject) for subject in subjects}
    now = post.now_ms()
    with post.pen.sheet(operator=post.operator, act=act) as sheet:
        for subject, (held, stay) in stays.items():
            said: dict[str, object] = {"confirmed_at_ms": now, "confirmed_by": post.operator}
            if state is not None:
                said["state"] = state
            sheet.put(subject, STAY, stay.model_copy(update=said), slot=held.record.slot)
        undo = sheet.remember(act, post.entropy(16))
    return Done(tuple(stays), len(sheet.written), undo)


def _open_stays(post: Post, subject: bytes) -> list[tuple[Held, Stay]]:
    """Open stays, newest first; of a stay in conflict the newest statement."""
    stays: dict[bytes, tuple[Held, Stay]] = {}
    for held in post.ledger.heads(subject, STAY):
        said = from_content(STAY, held.record.content)
        if isinstance(said, Stay):
            stays.setdefault(held.record.slot, (held, said))
    return [(held, stay) for held, stay in stays.values() if int(stay.state) in (PRESENT, OUT)]


def _open_stay(post: Post, subject: bytes) -> tuple[Held, Stay]:
    """The open stay an act is about: at this desk's place if there is one, else the newest."""
    post.person(subject)
    stays = _open_stays(post, subject)
    if not stays:
        raise NoOpenStay(subject=subject.hex()[:8])
    at_hand = [(held, stay) for held, stay in stays if stay.place == post.place]
    return (at_hand or stays)[0]


def capacity_warning(post: Post, where: Where) -> tuple[str, ...]:
    """That there are more people than the place is meant for; said, never a refusal."""
    if not where.place:
        return ()
    site = post.site(where.place)
    full = site.capacity is not None and site.present > site.capacity
    return (OVER_CAPACITY,) if full else ()

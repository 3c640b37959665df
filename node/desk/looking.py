"""Looking: searches, lists and reads, each logged with who, what and why."""

from collections.abc import Iterable

from google.protobuf.message import DecodeError

from node.alike import resembling
from node.clock_ahead import ahead_ms
from node.desk.duplicates import Duplicates
from node.desk.pin_recovery import recovered
from node.desk.post import Post
from node.desk.resemblance import Resemblance, linked_as_one, with_entries
from node.desk.saying import told_by_name
from node.desk.showing import Showing
from node.desk.views import FieldView, NewPerson, PeerView, PersonView, StandingLine
from node.errors import WordUnknown
from node.ledger import AuditEntry, Held
from node.neighbours import Neighbour, failing_since
from node.people.facets import from_content
from node.people.matching import Portrait, parse_query, portrait, read_lists
from node.purposes import purpose_code
from node.records.clock import milliseconds
from node.records.kinds import CONTROL, PERSON_CONTROL, facet_name

UNCONFIRMED_AFTER_MS = 24 * 3600 * 1000
"""Nobody has seen the person for this long: the roll call asks."""

MAKING_READY = ("サ", "佐藤", "サトウ")
"""A letter, a name and a reading that most towns have many of."""

LISTS = ("here", "out", "unconfirmed", "care", "expected", "left")


def standing(post: Post) -> StandingLine:
    """The line that is always visible."""
    counts = post.ledger.counts(place=post.place)
    neighbours = post.neighbours.all(counted=False)
    showing = Showing(post.ledger, post.organisation, post.place)
    return StandingLine(
        place_name=showing.place_name(post.place),
        operator=post.operator,
        organisation_name=post.organisation_name,
        here_now=counts.present,
        not_sent=_not_sent(post),
        last_contact_ms=max((one.contact.last_done_ms or 0 for one in neighbours if one.contact), default=0) or None,
        offline_since_ms=failing_since(neighbours),
        conflicts=counts.conflicts,
        duplicates=Duplicates(post, showing).count(),
        quarantined=counts.quarantined,
        pin_recovered=pin.code if (pin := recovered(post.ledger)) else "",
        clock_ahead_ms=ahead_ms(post.ledger, post.now_ms()),
    )


def _not_sent(post: Post) -> int:
    """A laptop counts what the town hall lacks, a town hall what others may have: its own laptops come and go."""
    return post.ledger.waiting_outside(post.organisation) if post.is_home else post.ledger.not_sent()


def find(post: Post, showing: Showing, text: str, *, purpose: str, limit: int) -> list[PersonView]:
    """People by what was typed. The log has that a search was made, for what purpose, and how many it found: not the
    text.

    Raises:
        PurposeMissing, WordUnknown: no purpose was given, or none of the list.
    """
    code = purpose_code(purpose)
    if not text.strip():
        return []
    begun_ms = post.now_ms()
    query = parse_query(text, post.today())

    def look(subject: bytes) -> PersonView | None:
        row = post.ledger.person(subject)
        return showing.person(row) if row is not None else None

    with post.ledger.asking():
        hits = post.ledger.search(query, here=post.place or None, municipality=post.organisation, limit=limit)
        found = linked_as_one(post.ledger, [showing.person(hit.person, hit.match) for hit in hits], look)
    log_read(post, "search", purpose=code, count=len(hits), subjects=(), took_ms=post.now_ms() - begun_ms)
    return found


def make_ready(post: Post) -> None:
    """Do what else the first search would wait for: the lists, the statements, the first pages of the index. Whom it
    finds is told to nobody."""
    read_lists(post.today())
    for text in MAKING_READY:
        query = parse_query(text, post.today())
        with post.ledger.asking():
            post.ledger.search(query, here=post.place or None, municipality=post.organisation, limit=1)


def similar(post: Post, showing: Showing, person: NewPerson, *, limit: int) -> list[Resemblance]:
    """People already known who may be this one, the most alike first, each with what speaks for it and against."""
    found = [(row, compared) for row, compared in resembling(post.ledger, _sketch(post, person)) if compared.is_alike]
    log_read(post, "search", purpose="duplicates", count=len(found), subjects=())
    return [Resemblance(showing.person(row), compared) for row, compared in found[:limit]]


def household(post: Post, showing: Showing, subject: bytes) -> list[PersonView]:
    """The person first, then everyone of their household in the order of age."""
    row = post.person(subject)
    members = post.ledger.household(row.household) if row.household else []
    if row.household_key:
        members = [*members, *post.ledger.residents_of_household(row.household_key)]
    others = {member.subject: member for member in members if member.subject != subject}
    log_read(post, "read", purpose="reception", count=len(others) + 1, subjects=(subject,))
    return [showing.person(row), *(showing.person(one) for one in sorted(others.values(), key=lambda m: m.birth))]


def roster(
    post: Post, showing: Showing, *, place: bytes | None, which: str, limit: int, offset: int
) -> list[PersonView]:
    """The people of a place.

    Raises:
        WordUnknown: `which` is none of the lists.
    """
    if which not in LISTS:
        raise WordUnknown(field="which", expected=", ".join(LISTS))
    chosen = post.place if place is None else place
    rows = post.ledger.people_at(
        chosen or None,
        which=which,
        municipality=post.organisation,
        seen_before_ms=post.now_ms() - UNCONFIRMED_AFTER_MS,
        limit=limit,
        offset=offset,
    )
    log_read(post, "read", purpose="roster", count=len(rows), subjects=())
    return with_entries(post.ledger, [showing.person(row) for row in rows])


def person(post: Post, showing: Showing, subject: bytes) -> PersonView:
    """One person."""
    (view,) = with_entries(post.ledger, [showing.person(post.person(subject))])
    return view


def details(post: Post, showing: Showing, subject: bytes, *, purpose: str) -> list[FieldView]:
    """Every head about a person, field by field, newest statement of a facet first."""
    post.person(subject)
    code = purpose_code(purpose)
    heads = [held for held in post.ledger.heads(subject) if held.record.facet not in CONTROL - PERSON_CONTROL]
    log_read(post, "read", purpose=code, count=1, subjects=(subject,), facets={one.record.facet for one in heads})
    return [view for held in heads for view in _fields(held, _conflicting(held, heads), showing)]


def peers(post: Post) -> list[PeerView]:
    """How things stand with every node this one speaks to, those never met included."""
    return [_peer(one) for one in post.neighbours.all()]


def _peer(one: Neighbour) -> PeerView:
    contact = one.contact
    return PeerView(
        node=one.node,
        organisation=one.organisation,
        organisation_name=one.name,
        endpoints=one.endpoints,
        waiting=contact.waiting if contact else 0,
        last_contact_ms=contact.last_done_ms if contact else None,
        last_try_ms=contact.last_try_ms if contact else None,
        last_reason=contact.last_reason if contact else "",
        label=one.label,
        is_open=one.is_open,
        is_busy=one.is_busy,
        is_failing=one.is_failing,
    )


def _fields(held: Held, conflict: bool, showing: Showing) -> Iterable[FieldView]:
    record = held.record
    try:
        said = from_content(record.facet, record.content)
    except (DecodeError, ValueError):
        said = None
    if said is None:
        return
    for name in type(said).model_fields:
        value = getattr(said, name)
        if value in (None, "", (), b"", 0):
            continue
        yield FieldView(
            facet=facet_name(record.facet),
            field=name,
            text=told_by_name(value, showing.place_name),
            organisation=record.organisation,
            operator=record.operator,
            at_ms=milliseconds(record.clock),
            conflict=conflict,
        )


def _conflicting(held: Held, heads: list[Held]) -> bool:
    key = (held.record.facet, held.record.slot)
    return any(
        (other.record.facet, other.record.slot) == key and other.record.content != held.record.content
        for other in heads
    )


def _sketch(post: Post, person: NewPerson) -> Portrait:
    """What was typed, as far as it can be read."""
    query = parse_query(person.birth, post.today()) if person.birth else None
    return portrait(
        family_name=person.family_name,
        given_name=person.given_name,
        family_kana=person.family_kana,
        given_kana=person.given_kana,
        birth=query.birth if query is not None else "",
        sex=person.sex,
        address=person.address,
        municipality=person.municipality or (post.organisation if person.address else ""),
        phones=(person.phone,),
    )


def log_read(
    post: Post,
    act: str,
    *,
    purpose: str,
    count: int,
    subjects: tuple[bytes, ...],
    facets: Iterable[int] = (),
    took_ms: int | None = None,
) -> None:
    """Log a look: what was looked for or read, why, how many it was; and of a search how long it took."""
    with post.ledger.write() as writing:
        if took_ms is not None:
            writing.count_search(took_ms)
        for subject in subjects or (None,):
            writing.log(
                AuditEntry(
                    at_ms=post.now_ms(),
                    act=act,
                    operator=post.operator,
                    node=post.pen.node,
                    organisation=post.organisation,
                    purpose=purpose,
                    subject=subject,
                    facets=tuple(sorted(facets)),
                    count=count,
                )
            )

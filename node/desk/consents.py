"""Consent (同意): given, withdrawn, and how a withdrawal fares with those who hold something on it."""

from collections.abc import Sequence

from moyai.v1 import exchange_pb2, facets_pb2
from node.desk.fields import naming_the_field
from node.desk.held_words import time_word
from node.desk.post import Post
from node.desk.views import ConsentView, Done
from node.errors import ConsentInForce, ConsentNeedsGuardian, ConsentUnknown, FacetUnknown, FieldRefused
from node.ledger import Held
from node.pen import Sheet
from node.people.calendar import age_on
from node.people.facets import BirthDate, Consent, Identity, Resident, from_content, to_content
from node.receipts import confirmations
from node.records.kinds import BY_NAME, CONSENT, CONTROL, IDENTITY, NAMES, PLACE, RESIDENT, STATUS, TALLY
from node.release.age import surely_sixteen_from_ms

GUARDIAN_UNDER = 16
"""Below this age in years a guardian consents."""

SHARED_BY_DEFAULT = ("identity", "residence", "contact", "household", "stay", "condition", "care")
"""What the question at reception asks for: enough to be found and helped, nothing medical."""

SHAREABLE = tuple(name for number, name in NAMES.items() if number not in CONTROL | {RESIDENT, PLACE, STATUS, TALLY})
"""What may be shared at all: what is said of a person, but for the register and what holders learn in any case."""

SHARE_WORDING = "share-2"

AGE_UNKNOWN = "AGE_UNKNOWN"

CONSENT_STANDS = "CONSENT_STANDS"
"""Reason to show: a no was said, and an earlier yes is still in force."""


@naming_the_field()
def give(
    post: Post,
    subject: bytes,
    *,
    organisations: Sequence[str],
    all_local_governments: bool,
    facets: Sequence[str],
    purpose: str,
    until_ms: int | None,
    guardian_relation: str,
) -> Done:
    """Write down a consent. It is in force at once.

    Raises:
        ConsentInForce: the same is in force already, for as long at least.
        ConsentNeedsGuardian: the person is under 16 and no guardian's relation was given.
        FacetUnknown: a facet's word is not one, or may never be shared.
        FieldRefused: it is for nobody, or over before it begins.
    """
    person = post.person(subject)
    if not (organisations or all_local_governments):
        raise FieldRefused(field="organisations", rule="missing")
    if until_ms is not None and until_ms <= post.now_ms():
        raise FieldRefused(field="until_ms", rule="past")
    consent = Consent(
        organisations=tuple(sorted(set(organisations))),
        all_local_governments=all_local_governments,
        facets=facet_numbers(facets),
        purpose=purpose,
        from_ms=post.now_ms(),
        until_ms=until_ms,
        given_by=facets_pb2.GIVER_GUARDIAN if guardian_relation else facets_pb2.GIVER_SELF,
        guardian_relation=guardian_relation,
        wording=SHARE_WORDING,
    )
    with post.pen.sheet(operator=post.operator, act="consent") as sheet:
        birth = _birth(sheet, subject)
        _check_guardian(post, birth, guardian_relation)
        _refuse_second(post, subject, consent)
        sheet.put(subject, CONSENT, consent, slot=post.entropy(16))
        undo = sheet.remember("consent", post.entropy(16))
    not_here_yet = ("NOT_CHECKED_IN",) if person.resident_only else ()
    warnings = (*age_warning(post, birth, guardian_relation), *not_here_yet)
    return Done((subject,), len(sheet.written), undo, warnings)


def _refuse_second(post: Post, subject: bytes, consent: Consent) -> None:
    """A second record of the same would stay in force when the first is withdrawn."""
    for held, said in _consent_heads(post, subject):
        if held.counts and _says_the_same(said, consent, post.now_ms()):
            raise ConsentInForce(since=time_word(said.from_ms))


def _says_the_same(stands: Consent, given: Consent, now_ms: int) -> bool:
    if stands.withdrawn_at_ms is not None or (stands.until_ms is not None and stands.until_ms <= now_ms):
        return False
    lasts = stands.until_ms is None or (given.until_ms is not None and given.until_ms <= stands.until_ms)
    alike = ("organisations", "kinds", "all_local_governments", "facets", "purpose", "given_by", "wording")
    return lasts and all(getattr(stands, name) == getattr(given, name) for name in alike)


def share_with_local_governments(
    post: Post, sheet: Sheet, subject: bytes, birth: BirthDate | None, guardian_relation: str
) -> None:
    """The one question asked at reception: may all local governments that help be told?"""
    _check_guardian(post, birth, guardian_relation)
    sheet.put(subject, CONSENT, _shared(post, guardian_relation), slot=post.entropy(16))


def share_where_asked(
    post: Post, sheet: Sheet, subject: bytes, *, share: bool | None, guardian_relation: str
) -> tuple[str, ...]:
    """The same of somebody already known: a yes is written down where none is in force; a no takes nothing back that
    was given before, and says so.

    Raises:
        ConsentNeedsGuardian: the person is under 16 and no guardian's relation was given.
    """
    in_force = [
        said
        for held, said in _consent_heads(post, subject)
        if held.counts and said.withdrawn_at_ms is None and (said.until_ms is None or said.until_ms > post.now_ms())
    ]
    if not share:
        return (CONSENT_STANDS,) if share is False and in_force else ()
    birth, consent = _birth(sheet, subject), _shared(post, guardian_relation)
    if not any(_says_the_same(said, consent, post.now_ms()) for said in in_force):
        share_with_local_governments(post, sheet, subject, birth, guardian_relation)
    return age_warning(post, birth, guardian_relation)


def _shared(post: Post, guardian_relation: str) -> Consent:
    return Consent(
        all_local_governments=True,
        facets=facet_numbers(SHARED_BY_DEFAULT),
        purpose="relief",
        from_ms=post.now_ms(),
        given_by=facets_pb2.GIVER_GUARDIAN if guardian_relation else facets_pb2.GIVER_SELF,
        guardian_relation=guardian_relation,
        wording=SHARE_WORDING,
    )


def withdraw(post: Post, subject: bytes, slot: bytes) -> Done:
    """Take a consent back: the flow stops now, and every holder on its ground is told to erase. Can't be undone, only
    given anew.

    Raises:
        ConsentUnknown: there is no such consent, or it is withdrawn already.
    """
    known = [one for one in _consent_heads(post, subject) if one[0].record.slot == slot]
    if not known or known[0][1].withdrawn_at_ms is not None:
        raise ConsentUnknown(slot=slot.hex()[:8])
    said = known[0][1]
    withdrawn = Consent(facets=said.facets, from_ms=said.from_ms, given_by=said.given_by, withdrawn_at_ms=post.now_ms())
    with post.pen.sheet(operator=post.operator, act="withdraw") as sheet:
        sheet.put_bare(subject, CONSENT, withdrawn, slot=slot)
    return Done((subject,), len(sheet.written), b"")


def listed(post: Post, subject: bytes) -> list[ConsentView]:
    """The consents of a person, with who received something on each and who has confirmed its erasure."""
    views: dict[bytes, ConsentView] = {}
    for held, consent in _consent_heads(post, subject):
        slot = held.record.slot
        if slot in views:
            continue
        confirmed = confirmations(post.ledger, subject, held.record.id)
        views[slot] = ConsentView(
            slot=slot,
            organisations=tuple(consent.organisations),
            all_local_governments=consent.all_local_governments,
            facets=tuple(NAMES.get(int(facet), str(int(facet))) for facet in consent.facets),
            purpose=consent.purpose,
            from_ms=consent.from_ms,
            until_ms=consent.until_ms,
            given_by=int(consent.given_by),
            guardian_relation=consent.guardian_relation,
            withdrawn_at_ms=consent.withdrawn_at_ms,
            counts=held.counts,
            holders=tuple(sorted(_holders(post, subject, slot))),
            confirmed=tuple(sorted(confirmed.organisations)),
            awaited=confirmed.awaited,
        )
    return list(views.values())


def slots(post: Post, subject: bytes) -> set[bytes]:
    """The slots of all consents of a person."""
    return {held.record.slot for held, _ in _consent_heads(post, subject)}


def facet_numbers(words: Sequence[str]) -> tuple[int, ...]:
    """Facet words as numbers.

    Raises:
        FacetUnknown: one is no facet that can be shared.
    """
    if not set(words) <= set(SHAREABLE):
        raise FacetUnknown(expected=", ".join(SHAREABLE))
    return tuple(sorted({BY_NAME[word] for word in words}))


def age_warning(post: Post, birth: BirthDate | None, guardian_relation: str) -> tuple[str, ...]:
    """That a consent stands but opens nothing yet: nobody can tell that the giver is sixteen."""
    if guardian_relation:
        return ()
    said = [facets_pb2.BirthDate.FromString(to_content(birth))] if birth is not None else []
    from_ms = surely_sixteen_from_ms(said)
    return () if from_ms is not None and from_ms <= post.now_ms() else (AGE_UNKNOWN,)


def _birth(sheet: Sheet, subject: bytes) -> BirthDate | None:
    """As the identity has it, or where nobody has seen them yet the register."""
    for facet in (IDENTITY, RESIDENT):
        for head in sheet.heads(subject, facet):
            said = from_content(facet, head.content)
            if isinstance(said, Identity | Resident):
                return said.birth
    return None


def _check_guardian(post: Post, birth: BirthDate | None, guardian_relation: str) -> None:
    age = age_on(birth, post.today()) if birth is not None else None
    if age is not None and age < GUARDIAN_UNDER and not guardian_relation:
        raise ConsentNeedsGuardian(age_limit=GUARDIAN_UNDER)


def _consent_heads(post: Post, subject: bytes) -> list[tuple[Held, Consent]]:
    read = ((held, from_content(CONSENT, held.record.content)) for held in post.ledger.heads(subject, CONSENT))
    return [(held, consent) for held, consent in read if isinstance(consent, Consent)]


def _holders(post: Post, subject: bytes, slot: bytes) -> set[str]:
    """Organisations something went to on the ground of this consent: every version of it counts."""
    versions = {
        held.record.id
        for held in post.ledger.about(subject)
        if (held.record.facet, held.record.slot) == (CONSENT, slot)
    }
    return {
        told.recipient
        for told in post.ledger.disclosures(subject)
        if told.recipient and told.basis == exchange_pb2.BASIS_CONSENT and told.basis_record in versions
    }

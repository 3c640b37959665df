"""What changes a whole case: protection, its lifting, erasure, and the end of need."""

from collections.abc import Sequence

from moyai.v1 import facets_pb2
from node.desk.fields import naming_the_field
from node.desk.post import Post
from node.desk.rights import Right
from node.desk.views import Done
from node.erasing import carry_out
from node.errors import NotErasable, NotProtected, WordUnknown
from node.people.facets import Closure, Erasure, Protection, from_content, to_content
from node.receipts import Receipts
from node.records.kinds import CLOSURE, ERASURE, PROTECTION
from node.records.subjects import minted_by

GROUNDS = {
    "request": facets_pb2.Erasure.GROUND_REQUEST,
    "retention": facets_pb2.Erasure.GROUND_RETENTION,
    "mistake": facets_pb2.Erasure.GROUND_MISTAKE,
}
CLOSURES = {
    "returned": facets_pb2.Closure.KIND_RETURNED,
    "moved": facets_pb2.Closure.KIND_MOVED,
    "died": facets_pb2.Closure.KIND_DIED,
    "no_need": facets_pb2.Closure.KIND_NO_NEED,
    "reopened": facets_pb2.Closure.KIND_REOPENED,
}


@naming_the_field()
def protect(post: Post, subject: bytes, *, ground: str, recipients: Sequence[str]) -> Done:
    """Hide a person (秘匿): from now on nothing leaves but to the recipients named; holders elsewhere are told."""
    return _state_protection(
        post,
        subject,
        Protection(active=True, ground=ground, decided_by=post.operator, recipients=tuple(sorted(set(recipients)))),
    )


def lift_protection(post: Post, subject: bytes) -> Done:
    """Lift a protection that this organisation set.

    Raises:
        NotAllowed: the operator's role may not.
        NotProtected: nothing is set, or another organisation set it; only that one may lift it.
    """
    post.need(Right.LIFT_PROTECTION)
    set_here = [
        held
        for held in post.ledger.heads(subject, PROTECTION)
        if held.record.organisation == post.organisation and _is_active(held.record.content)
    ]
    if not set_here:
        raise NotProtected(subject=subject.hex()[:8])
    return _state_protection(post, subject, Protection(active=False, decided_by=post.operator))


def erase(post: Post, subject: bytes, *, ground: str) -> Done:
    """Erase a person here and at every holder, for good: what arrives later is refused.

    Raises:
        NotAllowed: the operator's role may not.
        NotErasable: this organisation neither minted the subject nor is its home municipality.
        WordUnknown: the ground is none of the list.
    """
    post.need(Right.ERASE)
    row = post.person(subject)
    if ground not in GROUNDS:
        raise WordUnknown(field="ground", expected=", ".join(GROUNDS))
    if not (minted_by(subject, post.organisation) or row.municipality == post.organisation):
        raise NotErasable(subject=subject.hex()[:8])
    with post.pen.sheet(operator=post.operator, act="erase") as sheet:
        record = sheet.put_anew(subject, ERASURE, to_content(Erasure(ground=GROUNDS[ground])))
        erased = carry_out(sheet.writing, record, post.known(sheet.writing, subject))
        Receipts(post.pen, post.now_ms, post.entropy).confirm_erasure(sheet.writing, record, erased)
    return Done((subject,), len(sheet.written), b"")


def close_case(post: Post, subject: bytes, kind: str) -> Done:
    """The case ends, or is opened again.

    A death counts only once a second operator, whose role allows it, has said the same; NotAllowed
    where it does not.
    """
    post.person(subject)
    if kind not in CLOSURES:
        raise WordUnknown(field="kind", expected=", ".join(CLOSURES))
    with post.pen.sheet(operator=post.operator, act="close") as sheet:
        said = Closure(kind=CLOSURES[kind], at_ms=post.now_ms())
        if kind == "died":
            said = _death(post, subject, said)
        sheet.put(subject, CLOSURE, said)
        undo = sheet.remember("close", post.entropy(16))
    return Done(
        (subject,), len(sheet.written), undo, () if said.confirmed_by or kind != "died" else ("SECOND_OPERATOR",)
    )


def _death(post: Post, subject: bytes, said: Closure) -> Closure:
    """The first report carries one name, the second, by another operator, confirms it."""
    for held in post.ledger.heads(subject, CLOSURE):
        earlier = from_content(CLOSURE, held.record.content)
        if isinstance(earlier, Closure) and int(earlier.kind) == facets_pb2.Closure.KIND_DIED:
            if earlier.confirmed_by:
                return earlier
            first = earlier.reported_by or held.record.operator
            if first != post.operator:
                post.need(Right.CONFIRM_DEATH)
                return said.model_copy(update={"reported_by": first, "confirmed_by": post.operator})
    return said.model_copy(update={"reported_by": post.operator})


def _state_protection(post: Post, subject: bytes, protection: Protection) -> Done:
    post.person(subject)
    with post.pen.sheet(operator=post.operator, act="protect" if protection.active else "lift-protection") as sheet:
        sheet.put_bare(subject, PROTECTION, protection, slot=post.organisation.encode())
        undo = sheet.remember("protect", post.entropy(16)) if protection.active else b""
    return Done((subject,), len(sheet.written), undo)


def _is_active(content: bytes) -> bool:
    said = from_content(PROTECTION, content)
    return isinstance(said, Protection) and said.active

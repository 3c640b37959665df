"""Takes back one act: by writing what stood before, never by pretending that nothing was written."""

from collections.abc import Sequence
from dataclasses import dataclass

from moyai.v1 import facets_pb2
from node.desk.post import Post
from node.desk.rights import Right
from node.desk.views import ActView, Done
from node.erasing import carry_out
from node.errors import ActOvertaken, ActUnknown
from node.ledger import Act, Held
from node.pen import Sheet
from node.people.facets import (
    Closure,
    Consent,
    Erasure,
    Link,
    Protection,
    Stay,
    VersionEntry,
    from_content,
    to_content,
)
from node.people.facets.kinds import LinkRelation
from node.people.names import in_one_line
from node.records.kinds import (
    CLOSURE,
    CONSENT,
    ERASURE,
    LINK,
    PERSON_CONTROL,
    PROTECTION,
    RECEIPT,
    SLOTTED,
    STAY,
    facet_name,
)
from node.records.record import Record
from node.records.version import dominates, merge

NAMED_MAX = 4
"""Up to so many people an act is listed by their names."""

UNDO_WITHIN_MS = 24 * 3600 * 1000
"""How long an act can be undone from the list of last acts."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What an act said that still stands: the record that says it now, when it was first said, what it replaced."""

    record: Record
    seq: int
    before: Record | None

    def covers(self, other: Record) -> bool:
        """Whether the other is this statement, or what led to it."""
        return (other.facet, other.slot) == (self.record.facet, self.record.slot) and (
            other.id == self.record.id or dominates(self.record.version, other.version)
        )


def undo(post: Post, token: bytes) -> Done:
    """Undo the act of this token, if nobody has written on top of it since.

    Raises:
        ActUnknown: no such act, or it was undone already.
        ActOvertaken: a later statement builds on it; nothing is written then.
        NotAllowed: it would lift a protection that somebody else has set.
    """
    act = post.ledger.act(token)
    if act is None:
        raise ActUnknown
    if act.act == "protect" and act.operator != post.operator:
        post.need(Right.LIFT_PROTECTION)
    steps = _untouched(post, act)
    with post.pen.sheet(operator=post.operator, act="undo") as sheet:
        for subject in dict.fromkeys(step.record.subject for step in steps):
            _take_back(post, sheet, subject, [step for step in steps if step.record.subject == subject])
        sheet.writing.forget_act(token)
    return Done(tuple(dict.fromkeys(step.record.subject for step in steps)), len(sheet.written), b"")


def _untouched(post: Post, act: Act) -> list[_Step]:
    """What the act said, with what it replaced. All of it must stand, if in the words of an undo of something later."""
    steps: list[_Step] = []
    for record_id, before_id in act.steps:
        held = post.ledger.record(record_id)
        if held is None:
            raise ActOvertaken
        before = post.ledger.record(before_id) if before_id else None
        steps.append(_Step(_standing(post, held), held.seq, before.record if before else None))
    return steps


def _standing(post: Post, held: Held) -> Record:
    """The head that says what this record says. Raises ActOvertaken where none does."""
    said = held.record
    heads = [one.record for one in post.ledger.heads(said.subject, said.facet) if one.record.slot == said.slot]
    if said in heads:
        return said
    if len(heads) == 1 and heads[0].content == said.content:
        return heads[0]
    raise ActOvertaken


def _take_back(post: Post, sheet: Sheet, subject: bytes, steps: Sequence[_Step]) -> None:
    others = _others(post, subject, steps)
    if not others:
        _erase(post, sheet, subject, ())
        return
    fresh = _fresh(steps, others)
    _refuse_overtaken(fresh, others)
    for step in steps:
        record = step.record
        if step.before is not None:
            sheet.put_anew(subject, record.facet, step.before.content, slot=record.slot)
        elif step not in fresh:
            _end(post, sheet, record)
    if fresh:
        _erase(post, sheet, subject, [step.record for step in fresh])


def _others(post: Post, subject: bytes, steps: Sequence[_Step]) -> list[Held]:
    """What is said of the subject beside the act."""
    return [
        held
        for held in post.ledger.about(subject)
        if held.record.facet not in (ERASURE, RECEIPT) and not any(step.covers(held.record) for step in steps)
    ]


def _fresh(steps: Sequence[_Step], others: Sequence[Held]) -> list[_Step]:
    """What the act said where nothing of the kind was: it is erased alone; the rest is put back or ended."""
    elsewhere = {held.record.facet for held in others} | {*PERSON_CONTROL, LINK}
    return [step for step in steps if step.before is None and step.record.facet not in elsewhere]


def _refuse_overtaken(fresh: Sequence[_Step], others: Sequence[Held]) -> None:
    """What brought a person here can't go while something said of them since rests on it."""
    if all(step.record.facet in SLOTTED for step in fresh):
        return
    newest = max(step.seq for step in fresh)
    if any(held.seq > newest and held.record.facet not in PERSON_CONTROL for held in others):
        raise ActOvertaken


def _end(post: Post, sheet: Sheet, record: Record) -> None:
    """What can't be erased alone, a statement beside others of its facet or one that changed a case, is ended."""
    said = from_content(record.facet, record.content)
    if record.facet == STAY and isinstance(said, Stay):
        ended = said.model_copy(update={"state": facets_pb2.STAY_STATE_LEFT, "until_ms": said.since_ms})
        sheet.put(record.subject, STAY, ended, slot=record.slot)
    elif record.facet == CONSENT and isinstance(said, Consent):
        withdrawn = Consent(
            facets=said.facets, from_ms=said.from_ms, given_by=said.given_by, withdrawn_at_ms=post.now_ms()
        )
        sheet.put_bare(record.subject, CONSENT, withdrawn, slot=record.slot)
    elif record.facet == LINK and isinstance(said, Link):
        undone = Link(other=said.other, relation=LinkRelation.UNDONE)
        sheet.put_bare(record.subject, LINK, undone, slot=record.slot)
    elif record.facet == PROTECTION:
        lifted = Protection(active=False, decided_by=post.operator)
        sheet.put_bare(record.subject, PROTECTION, lifted, slot=record.slot)
    elif record.facet == CLOSURE:
        reopened = Closure(kind=facets_pb2.Closure.KIND_REOPENED, at_ms=post.now_ms())
        sheet.put_bare(record.subject, CLOSURE, reopened, slot=record.slot)


def _erase(post: Post, sheet: Sheet, subject: bytes, records: Sequence[Record]) -> None:
    """With no records named the subject goes whole: the act was what brought them here.

    Else exactly these records go. Each such erasure has a slot of its own, so that none replaces another on its way.
    """
    erasure = Erasure(
        ground=facets_pb2.Erasure.GROUND_MISTAKE,
        facets=tuple(sorted({record.facet for record in records})),
        up_to=tuple(
            VersionEntry(author=author, counter=counter)
            for author, counter in merge(record.version for record in records)
        ),
    )
    slot = post.entropy(16) if records else b""
    written = sheet.put_anew(subject, ERASURE, to_content(erasure), slot=slot)
    carry_out(sheet.writing, written, post.known(sheet.writing, subject))


def listed(post: Post) -> list[ActView]:
    """The acts of this operator, newest first, and whether each can be undone as things stand."""
    acts = post.ledger.acts(post.operator, since_ms=post.now_ms() - UNDO_WITHIN_MS)
    return [_listed(post, act) for act in acts]


def _stands(post: Post, act: Act) -> bool:
    """Whether nobody has written on top of the act; where that is undone, it stands again."""
    try:
        steps = _untouched(post, act)
        for subject in dict.fromkeys(step.record.subject for step in steps):
            of_them = [step for step in steps if step.record.subject == subject]
            others = _others(post, subject, of_them)
            _refuse_overtaken(_fresh(of_them, others), others)
    except ActOvertaken:
        return False
    return True


def _listed(post: Post, act: Act) -> ActView:
    held = [post.ledger.record(record) for record, _ in act.steps]
    records = [one.record for one in held if one is not None]
    names = _names(post, records) if act.subjects <= NAMED_MAX else ""
    facets = tuple(dict.fromkeys(facet_name(record.facet) for record in records))
    return ActView(act.token, act.act, act.subjects, act.at_ms, names, facets, stands=_stands(post, act))


def _names(post: Post, records: Sequence[Record]) -> str:
    rows = [post.ledger.person(subject) for subject in dict.fromkeys(record.subject for record in records)]
    return "、".join(in_one_line(row) for row in rows if row)

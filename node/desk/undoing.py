"""Takes back one act: by writing what stood before, never by pretending that nothing was written."""

from moyai.v1 import facets_pb2
from node.desk.post import Post
from node.desk.views import ActView, Done
from node.erasing import carry_out
from node.errors import ActOvertaken, ActUnknown
from node.ledger import Act
from node.pen import Sheet
from node.people.facets import Consent, Erasure, Protection, Stay, VersionEntry, from_content, to_content
from node.records.kinds import CONSENT, ERASURE, PROTECTION, STAY
from node.records.record import Record
from node.records.version import merge

UNDO_WITHIN_MS = 24 * 3600 * 1000
"""How long an act can be undone from the list of last acts."""


def undo(post: Post, token: bytes) -> Done:
    """Undo the act of this token, if nobody has written on top of it since.

    Raises:
        ActUnknown: no such act, or it was undone already.
        ActOvertaken: a later statement builds on it; nothing is written then.
    """
    act = post.ledger.act(token)
    if act is None:
        raise ActUnknown
    records = _untouched(post, act)
    with post.pen.sheet(operator=post.operator, act="undo") as sheet:
        for subject in {record.subject for record, _ in records}:
            _take_back(post, sheet, subject, [pair for pair in records if pair[0].subject == subject])
        sheet.writing.forget_act(token)
    return Done(tuple({record.subject for record, _ in records}), len(sheet.written), b"")


def _untouched(post: Post, act: Act) -> list[tuple[Record, Record | None]]:
    """The act's records with what each replaced. Every one must still be the only head of its place."""
    pairs: list[tuple[Record, Record | None]] = []
    for record_id, before_id in act.steps:
        held = post.ledger.record(record_id)
        if held is None or not held.is_head:
            raise ActOvertaken
        before = post.ledger.record(before_id) if before_id else None
        pairs.append((held.record, before.record if before else None))
    return pairs


def _take_back(post: Post, sheet: Sheet, subject: bytes, pairs: list[tuple[Record, Record | None]]) -> None:
    mine = {record.id for record, _ in pairs}
    others = [held for held in post.ledger.about(subject) if held.record.id not in mine]
    if not others:
        _erase_by_mistake(post, sheet, subject, [])
        return
    for record, before in pairs:
        if before is not None:
            sheet.put_anew(subject, record.facet, before.content, slot=record.slot)
        elif any(held.record.facet == record.facet for held in others):
            _end(post, sheet, record)
    fresh = [
        record
        for record, before in pairs
        if before is None and not any(held.record.facet == record.facet for held in others)
    ]
    if fresh:
        _erase_by_mistake(post, sheet, subject, fresh)


def _end(post: Post, sheet: Sheet, record: Record) -> None:
    """A slotted statement beside others of its facet can't be erased alone: it is ended where it began."""
    said = from_content(record.facet, record.content)
    if record.facet == STAY and isinstance(said, Stay):
        ended = said.model_copy(update={"state": facets_pb2.STAY_STATE_LEFT, "until_ms": said.since_ms})
        sheet.put(record.subject, STAY, ended, slot=record.slot)
    elif record.facet == CONSENT and isinstance(said, Consent):
        withdrawn = Consent(
            facets=said.facets, from_ms=said.from_ms, given_by=said.given_by, withdrawn_at_ms=post.now_ms()
        )
        sheet.put_bare(record.subject, CONSENT, withdrawn, slot=record.slot)
    elif record.facet == PROTECTION:
        lifted = Protection(active=False, decided_by=post.operator)
        sheet.put_bare(record.subject, PROTECTION, lifted, slot=record.slot)


def _erase_by_mistake(post: Post, sheet: Sheet, subject: bytes, records: list[Record]) -> None:
    """With no records named the subject goes whole: the act was what brought them here."""
    erasure = Erasure(
        ground=facets_pb2.Erasure.GROUND_MISTAKE,
        facets=tuple(sorted({record.facet for record in records})),
        up_to=tuple(
            VersionEntry(author=author, counter=counter)
            for author, counter in merge(record.version for record in records)
        ),
    )
    written = sheet.put_anew(subject, ERASURE, to_content(erasure))
    carry_out(sheet.writing, written, post.known(sheet.writing, subject))


def listed(post: Post) -> list[ActView]:
    """The acts of this operator that can still be undone, newest first."""
    acts = post.ledger.acts(post.operator, since_ms=post.now_ms() - UNDO_WITHIN_MS)
    return [ActView(act.token, act.act, act.subjects, act.at_ms) for act in acts]

"""Gathers what this node knows of one subject, for the rules that decide about it."""

from collections.abc import Iterable, Mapping, Sequence

from moyai.v1 import facets_pb2
from node.errors import ContentMalformed
from node.ledger import Held
from node.ledger.reading import Reading
from node.people.facets import Link, from_content
from node.records.kinds import LINK, PROTECTION
from node.records.subjects import minted_by
from node.release.known import SubjectKnown

SAME = int(facets_pb2.Link.RELATION_SAME)


def known_of(
    ledger: Reading, subject: bytes, here: str, organisations: Mapping[bytes, str], *, also: str = ""
) -> SubjectKnown:
    """What is held of a subject, who minted it, who holds something of it, and who protects a linked one.

    `ledger` may be the ledger or a transaction in progress; `organisations` says whose each peer node is; `also` is
    the code of an
    organisation that may have minted the subject, beside those whose records are held.
    """
    return known_from(ledger, subject, ledger.about(subject), here, organisations, also=also)


def known_from(
    ledger: Reading,
    subject: bytes,
    held: Sequence[Held],
    here: str,
    organisations: Mapping[bytes, str],
    *,
    also: str = "",
) -> SubjectKnown:
    """The same, where everything held of the subject is at hand already."""
    codes = {here, also, *(one.record.organisation for one in held)}
    return SubjectKnown.of(
        held,
        here=here,
        minted_by=next((code for code in codes if minted_by(subject, code)), None),
        holders=frozenset(organisations[node] for node in ledger.holders(subject) if organisations.get(node)),
        linked=list(protections_of_linked(ledger, held)),
    )


def protections_of_linked(ledger: Reading, held: Iterable[Held]) -> Iterable[Held]:
    """The protections of whoever is linked as the same person."""
    for one in held:
        if one.record.facet != LINK or not one.is_head:
            continue
        try:
            link = from_content(LINK, one.record.content)
        except ContentMalformed:  # kept before this was checked: links nobody
            continue
        if isinstance(link, Link) and int(link.relation) == SAME:
            yield from ledger.heads(link.other, PROTECTION)

"""Safety inquiries (安否照会): who may be meant, the answer, and what is kept of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from moyai.v1 import facets_pb2
from node.desk.inquiring import CHARACTERS_MAX, Sought, Weighed, need_enough, weigh
from node.desk.post import Post
from node.desk.showing import Showing
from node.desk.views import PersonView
from node.errors import FieldRefused, InquiryUnknown, WordUnknown
from node.ledger import AuditEntry, InquiryRow, PersonRow
from node.records.kinds import CONDITION, CONTACT, STAY
from node.release.inquiry import NOBODY, Asked, Item, Outcome, Relation, Ruling, rule

DOCUMENTS: Final = (
    "licence",
    "insurance",
    "number-card",
    "residence-card",
    "permanent-resident",
    "other-official",
    "none",
)
"""What an inquirer may show (Rule 8-3(2)). Of a number card nothing is noted but that it was shown."""

PURPOSE: Final = "inquiry"
_LEFT: Final = (int(facets_pb2.STAY_STATE_LEFT), int(facets_pb2.STAY_STATE_TRANSFERRED))
_FACETS: Final = {Item.WHEREABOUTS: STAY, Item.CONDITION: CONDITION, Item.CONTACT: CONTACT}


@dataclass(frozen=True, slots=True, repr=False)
class Inquirer:
    """Who asks, how it was made sure that it is them, and why they ask (Rule 8-3(1) no. 1 and 3, (2))."""

    name: str
    address: str
    relation: str
    """One of `Relation`."""
    reason: str
    contact: str = ""
    document: str = "none"
    """One of DOCUMENTS."""
    without: str = ""
    """Where none was shown: why not, and how it was made sure instead."""
    agrees: bool = False
    """Whether that bears out the name and the address they gave."""
    relation_note: str = ""
    """What they are to the person in their own words."""

    @property
    def identified(self) -> bool:
        """Whether they have shown who they are, or another way was found sound."""
        return self.agrees and (self.document != "none" or bool(self.without.strip()))


@dataclass(frozen=True, slots=True)
class InquiryView:
    """One inquiry and its answer."""

    id: bytes
    at_ms: int
    operator: str
    outcome: Outcome
    items: tuple[Item, ...]
    inquirer: Mapping[str, str] = field(repr=False)
    sought: Mapping[str, str] = field(repr=False)
    """Whom they looked for, and under the names of `Item` what was told; empty once the person was erased."""


@dataclass(frozen=True, slots=True)
class Inquiries:
    """The inquiries of a node, seen from one desk."""

    _post: Post
    _showing: Showing

    def candidates(self, sought: Sought) -> list[PersonView]:
        """Who may be meant, the likeliest first, for the clerk to compare with what the inquirer says. Logged.

        The protected are not among them, nor those of whom nothing is known: the clerk, too, has one answer for all.

        Raises:
            FieldRefused, BirthDateRefused: too little was said, or no birth date.
        """
        found = [self._showing.person(one.row) for one in weigh(self._post, sought) if _may_show(one)]
        self._log("search", subject=None, count=len(found))
        return found

    def answer(
        self,
        inquirer: Inquirer,
        sought: Sought,
        *,
        meant: bytes | None,
        improper: bool = False,
        agreed: frozenset[Item] = frozenset(),
    ) -> InquiryView:
        """Answer, and keep inquiry and answer. Logged with the id of whom it was about, found or hidden.

        Args:
            inquirer: who asks.
            sought: whom they look for.
            meant: whom of the candidates; None: none of them.
            improper: an improper purpose is suspected. The answer is a refusal, whoever is meant.
            agreed: what the person, asked just now, lets this inquirer be told beside their tier.

        Raises:
            FieldRefused, BirthDateRefused, WordUnknown: something is missing or none of its list; nothing is kept then.
        """
        relation = _checked(inquirer)
        weighed = weigh(self._post, sought)
        shown = next((one for one in weighed if _may_show(one) and one.row.subject == meant), None)
        hidden = next((one for one in weighed if one.meant.protected), None)
        ruling = rule(
            Asked(relation, inquirer.identified, improper, agreed), shown.meant if shown is not None else NOBODY
        )
        about = shown or hidden
        row = self._row(inquirer, sought, ruling, about.row if about is not None else None, agreed)
        with self._post.ledger.write() as writing:
            writing.keep_inquiry(row)
            writing.log(self._entry("inquiry", row.subject, ruling, row.id))
        return _view(row)

    def listed(self, *, limit: int = 100) -> list[InquiryView]:
        """The last inquiries, newest first. Logged."""
        rows = self._post.ledger.inquiries(limit=limit)
        self._log("read-inquiries", subject=None, count=len(rows))
        return [_view(row) for row in rows]

    def one(self, id_: bytes) -> InquiryView:
        """One inquiry. Logged. Raises InquiryUnknown."""
        row = self._post.ledger.inquiry(id_)
        if row is None:
            raise InquiryUnknown
        self._log("read-inquiries", subject=None, count=1)
        return _view(row)

    def need_enough(self, sought: Sought) -> None:
        """Whether enough was said of whom they look for; raises as `candidates` does, and asks nothing of the
        ledger."""
        need_enough(self._post, sought)

    def _row(
        self, inquirer: Inquirer, sought: Sought, ruling: Ruling, about: PersonRow | None, agreed: frozenset[Item]
    ) -> InquiryRow:
        who = {
            "name": inquirer.name,
            "address": inquirer.address,
            "contact": inquirer.contact,
            "document": inquirer.document,
            "without": inquirer.without,
            "identified": str(int(inquirer.identified)),
            "relation": inquirer.relation,
            "relation_note": inquirer.relation_note,
            "reason": inquirer.reason,
        }
        whom = {
            "name": sought.name,
            "kana": sought.kana,
            "address": sought.address,
            "birth": sought.birth,
            "sex": str(int(sought.sex)),
            "agreed": ",".join(sorted(agreed)),
        }
        told = self._told(ruling, about) if about is not None else {}
        return InquiryRow(
            id=self._post.entropy(16),
            at_ms=self._post.now_ms(),
            operator=self._post.operator,
            subject=about.subject if about is not None else None,
            outcome=ruling.outcome,
            told=ruling.items,
            inquirer=who,
            sought=whom | told,
        )

    def _told(self, ruling: Ruling, row: PersonRow) -> dict[str, str]:
        """What the items say of the person, as values; the words are made where it is read. Nothing more is looked up
        than is told."""
        told: dict[str, str] = {}
        if Item.WHEREABOUTS in ruling.items:
            going = row.stay_state in _LEFT
            told |= {
                "stay_state": str(row.stay_state),
                "place": self._showing.place_name(row.destination_place if going else row.place),
                "outside": str(row.destination_outside if going else row.outside),
                "municipality": (row.destination_municipality if going else row.stay_municipality),
                "closed": row.closed,
            }
        if Item.CONDITION in ruling.items:
            told["condition"] = str(row.condition)
        if Item.CONTACT in ruling.items:
            told["phone"] = row.phone
        return told

    def _entry(
        self, act: str, subject: bytes | None, ruling: Ruling | None, id_: bytes | None, count: int = 0
    ) -> AuditEntry:
        items = ruling.items if ruling is not None else ()
        refused = ruling is not None and ruling.outcome in (Outcome.IMPROPER, Outcome.UNIDENTIFIED)
        return AuditEntry(
            at_ms=self._post.now_ms(),
            act=f"{act}-refused" if refused else act,
            operator=self._post.operator,
            node=self._post.pen.node,
            organisation=self._post.organisation,
            purpose=PURPOSE,
            subject=subject,
            facets=tuple(sorted(_FACETS[item] for item in items if item in _FACETS)),
            record=id_,
            count=count if ruling is None else len(items),
        )

    def _log(self, act: str, *, subject: bytes | None, count: int) -> None:
        with self._post.ledger.write() as writing:
            writing.log(self._entry(act, subject, None, None, count))


def _may_show(one: Weighed) -> bool:
    return one.meant.known and not one.meant.protected


def _checked(inquirer: Inquirer) -> Relation:
    """The relation; raises where the inquiry says less than the law asks for."""
    for name in ("name", "address", "reason"):
        if not getattr(inquirer, name).strip():
            raise FieldRefused(field=f"inquirer.{name}", rule="missing")
    for name in ("name", "address", "reason", "contact", "without", "relation_note"):
        if len(getattr(inquirer, name)) > CHARACTERS_MAX:
            raise FieldRefused(field=f"inquirer.{name}", rule="length")
    if inquirer.document not in DOCUMENTS:
        raise WordUnknown(field="document", expected=", ".join(DOCUMENTS))
    try:
        return Relation(inquirer.relation)
    except ValueError as error:
        raise WordUnknown(field="relation", expected=", ".join(Relation)) from error


def _view(row: InquiryRow) -> InquiryView:
    return InquiryView(
        id=row.id,
        at_ms=row.at_ms,
        operator=row.operator,
        outcome=Outcome(row.outcome),
        items=tuple(Item(item) for item in row.told),
        inquirer=row.inquirer,
        sought=row.sought,
    )

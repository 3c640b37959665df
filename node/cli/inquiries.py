"""`moyai inquiry`: safety inquiries: who may be meant, the answer, the list of what was answered."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from node.cli.options import NO_OPTIONS, Common, hex_id, listed
from node.cli.people import shown
from node.desk.held_words import time_word
from node.desk.inquiries import Inquirer, InquiryView
from node.desk.inquiring import Sought
from node.desk.inquiry_words import printed, read_aloud
from node.errors import WordUnknown
from node.people.facets.kinds import Sex
from node.release.inquiry import AGREEABLE, Item
from node.words import desk_word_or, word

app = App(name="inquiry", help="Safety inquiries: look, answer, list, show")

Document = Literal[
    "licence", "insurance", "number-card", "residence-card", "permanent-resident", "other-official", "none"
]
RelationWord = Literal["cohabiting", "kin", "workplace", "acquaintance"]
SexWord = Literal["male", "female", "other", ""]
SEXES = {"": Sex.UNSPECIFIED, "male": Sex.MALE, "female": Sex.FEMALE, "other": Sex.NOT_APPLICABLE}


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Whom:
    """Whom they look for."""

    name: str = ""
    """Their name."""
    kana: str = ""
    """Its reading, in kana or romaji."""
    address: str = ""
    """Their address, or where they were."""
    birth: str = ""
    """Birth date, such as 19480503, S230503 or 昭和23年5月3日."""
    sex: SexWord = ""
    """Their sex."""

    @property
    def sought(self) -> Sought:
        """The same as the desk takes it."""
        return Sought(self.name, self.kana, self.address, self.birth, int(SEXES[self.sex]))


NOBODY_NAMED = Whom()


@app.command
def look(*, whom: Whom = NOBODY_NAMED, common: Common = NO_OPTIONS) -> None:
    """Show who may be meant, by name and birth date or address, for comparison. Logged. Whom nobody has seen, and who
    is protected, is not shown.
    """
    with common.opened() as node:
        found = node.desk(common.who).inquiries.candidates(whom.sought)
    lines = [f"{one.subject.hex()}  {one.name}  {one.birth}  {one.address}" for one in found]
    told = lines or [word("inquiry.nobody", common.language)]
    common.say({"candidates": [shown(one) for one in found], "count": len(found)}, *told)


@app.command
def answer(
    *,
    whom: Whom = NOBODY_NAMED,
    from_: str,
    from_address: str,
    reason: str,
    relation: RelationWord,
    relation_note: str = "",
    from_contact: str = "",
    document: Document = "none",
    without: str = "",
    agrees: bool = False,
    subject: str = "",
    improper: bool = False,
    agreed: str = "",
    common: Common = NO_OPTIONS,
) -> None:
    """Answer an inquiry as Rule 8-3 has it, and keep it. Logged.

    Args:
        from_: Who asks.
        from_address: Their address.
        from_contact: How to reach them.
        reason: Why they ask.
        relation: What they are to the person.
        relation_note: The same in their own words.
        document: What they showed to say who they are.
        without: Where none was shown: why not, and how it was made sure instead.
        agrees: It bears out the name and address they gave.
        subject: Id of who is meant, of those that look has shown. Default: none of them.
        improper: An improper purpose is suspected: refuse.
        agreed: What the person, asked just now, lets them be told: whereabouts, condition, contact, with commas.
    """
    inquirer = Inquirer(
        name=from_,
        address=from_address,
        relation=relation,
        reason=reason,
        contact=from_contact,
        document=document,
        without=without,
        agrees=agrees,
        relation_note=relation_note,
    )
    items = frozenset(_item(one) for one in listed(agreed))
    with common.opened() as node:
        view = node.desk(common.who).inquiries.answer(
            inquirer, whom.sought, meant=hex_id(subject) if subject else None, improper=improper, agreed=items
        )
    common.say(_shown(view, common), *read_aloud(view, common.language))


@app.command(name="list")
def list_(*, limit: Annotated[int, Parameter()] = 100, common: Common = NO_OPTIONS) -> None:
    """List the last inquiries and how they were answered, newest first. Logged.

    Args:
        limit: At most so many.
    """
    with common.opened() as node:
        views = node.desk(common.who).inquiries.listed(limit=limit)
    common.say(
        {"inquiries": [_shown(view, common) for view in views]}, *(_line(view, common.language) for view in views)
    )


@app.command
def show(inquiry: str, *, common: Common = NO_OPTIONS) -> None:
    """Show one inquiry and its answer as a sheet to print. Logged.

    Args:
        inquiry: Its id, as list shows it.
    """
    with common.opened() as node:
        view = node.desk(common.who).inquiries.one(hex_id(inquiry))
        sheet = printed(view, common.language, node.config.organisation_name)
    common.say({**_shown(view, common), "text": sheet}, *sheet.splitlines())


def _item(said: str) -> Item:
    try:
        return Item(said)
    except ValueError as error:
        raise WordUnknown(field="agreed", expected=", ".join(sorted(AGREEABLE))) from error


def _shown(view: InquiryView, common: Common) -> dict[str, Any]:
    return {**asdict(view), "items": list(view.items), "answer": read_aloud(view, common.language)}


def _line(view: InquiryView, language: str) -> str:
    relation = view.inquirer.get("relation", "")
    told = word(f"inquiry.{view.outcome.replace('-', '_')}", language)
    items = ", ".join(desk_word_or(f"inquiry_item.{item}", language, item) for item in view.items)
    return "  ".join(
        part
        for part in (
            view.id.hex(),
            time_word(view.at_ms),
            view.operator,
            view.inquirer.get("name", ""),
            desk_word_or(f"inquiry_relation.{relation}", language, relation),
            view.sought.get("name", ""),
            told,
            items,
        )
        if part
    )

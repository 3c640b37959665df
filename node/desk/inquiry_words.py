"""Says the answer to an inquiry as it is read aloud, and the whole of it as a sheet of text."""

from datetime import datetime

from node.desk.inquiries import InquiryView
from node.desk.post import JAPAN
from node.reference.municipalities import municipality_name
from node.release.inquiry import Item, Outcome
from node.words import desk_word, desk_word_or


def read_aloud(view: InquiryView, language: str) -> list[str]:
    """The answer, a sentence a line. Of whom nothing is known, who is protected and who does not want it told, it is
    the same."""
    if view.outcome is not Outcome.TOLD:
        return [desk_word(f"inquiry_outcome.{view.outcome.value.replace('-', '_')}", language)]
    if view.items == (Item.EXISTENCE,):
        return [desk_word("inquiry_told.existence_only", language)]
    said = {
        Item.EXISTENCE: "",
        Item.WHEREABOUTS: _whereabouts(view, language),
        Item.CONDITION: _condition(view, language),
        Item.CONTACT: _contact(view, language),
    }
    return [desk_word("inquiry_told.existence", language), *(said[item] for item in view.items if said[item])]


def printed(view: InquiryView, language: str, organisation_name: str) -> str:
    """The inquiry and its answer on a sheet: for the inquirer to take along, and for the file."""
    who, whom = view.inquirer, view.sought

    def line(key: str, text: str) -> list[str]:
        return [f"{desk_word(f'inquiry_sheet.{key}', language)}: {text}"] if text else []

    document = desk_word_or(f"inquiry_document.{who.get('document', 'none')}", language, who.get("document", ""))
    relation = desk_word_or(f"inquiry_relation.{who.get('relation', '')}", language, who.get("relation", ""))
    note = who.get("relation_note", "")
    lines = [
        desk_word("inquiry_sheet.title", language, organisation=organisation_name),
        *line("number", view.id.hex()),
        *line("at", f"{datetime.fromtimestamp(view.at_ms / 1000, JAPAN):%Y-%m-%d %H:%M}"),
        *line("operator", view.operator),
        "",
        *line("inquirer", who.get("name", "")),
        *line("inquirer_address", who.get("address", "")),
        *line("inquirer_contact", who.get("contact", "")),
        *line("document", document),
        *line("without", who.get("without", "")),
        *line("relation", f"{relation} {note}".strip()),
        *line("reason", who.get("reason", "")),
        "",
        *line("sought", " ".join(part for part in (whom.get("name", ""), whom.get("kana", "")) if part)),
        *line("sought_address", whom.get("address", "")),
        *line("sought_birth", whom.get("birth", "")),
        "",
        desk_word("inquiry_sheet.answer", language),
        *(f"  {sentence}" for sentence in read_aloud(view, language)),
    ]
    return "\n".join(lines) + "\n"


def _whereabouts(view: InquiryView, language: str) -> str:
    told = view.sought
    if told.get("closed"):
        return desk_word_or(f"inquiry_closed.{told['closed']}", language, "")
    town = municipality_name(told.get("municipality", ""))
    outside = desk_word_or(f"inquiry_outside.{told.get('outside', '0')}", language, "")
    where = " ".join(part for part in (town, told.get("place", "") or outside) if part)
    if not where:
        return desk_word("inquiry_told.whereabouts_unknown", language)
    return desk_word(f"inquiry_told.{_stay(told.get('stay_state', '0'))}", language, where=where)


def _stay(state: str) -> str:
    return {"3": "whereabouts_left", "4": "whereabouts_left"}.get(state, "whereabouts")


def _condition(view: InquiryView, language: str) -> str:
    return desk_word_or(
        f"inquiry_condition.{view.sought.get('condition', '0')}", language, desk_word("inquiry_condition.0", language)
    )


def _contact(view: InquiryView, language: str) -> str:
    phone = view.sought.get("phone", "")
    return desk_word("inquiry_told.contact" if phone else "inquiry_told.contact_unknown", language, phone=phone)

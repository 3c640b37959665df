"""A person's own list: everything held on them, and everyone who looked at it, received it or asked after them."""

from collections.abc import Iterable

from node.desk import looking
from node.desk.held_words import field_text, field_word, time_word
from node.desk.log_lines import CHANGED, LogLine, act_word, basis_word, facets_word, why_word
from node.desk.post import Post
from node.desk.reading_log import ReadingLog
from node.desk.showing import Showing
from node.desk.views import FieldView
from node.ledger import AuditEntry, InquiryRow
from node.reference.organisations import organisation_name
from node.words import desk_word, desk_word_or

PURPOSE = "request"


def own_list(post: Post, subject: bytes, language: str) -> str:
    """The list as a text to hand out (Rule 8-5 no. 5; the log is part of the ledger). Logged as a read and a hand-out.

    Who asked after them is not named: what they are to each other and what was told is.

    Raises:
        SubjectUnknown: this node knows nobody of that id.
    """
    row = post.person(subject)
    log = ReadingLog(post).about(subject, purpose=PURPOSE)[::-1]
    showing = Showing(post.ledger, post.organisation, post.place)
    fields = looking.details(post, showing, subject, purpose=PURPOSE)
    inquiries = post.ledger.inquiries_about(subject)
    name = row.name

    def heading(word: str) -> str:
        return desk_word(f"own_list.{word}", language)

    def part(word: str, lines: Iterable[str]) -> list[str]:
        told = list(lines)
        return ["", heading(word), *(told or [heading("none")])]

    lines = [
        desk_word("own_list.title", language, organisation=post.organisation_name),
        desk_word("own_list.made", language, time=time_word(post.now_ms()), operator=post.operator),
        desk_word("own_list.who", language, name=name),
        *part("held", _held(fields, language)),
        *part("received", (_received(line, language) for line in log if line.kind == "received")),
        *part("inquiries", (_inquiry(one, language) for one in inquiries)),
        *part("looked", (_looked(line, language) for line in log if line.kind in ("looked", CHANGED))),
        "",
        heading("foot"),
    ]
    _log(post, subject, len(log))
    return "\n".join(lines) + "\n"


def _held(fields: Iterable[FieldView], language: str) -> Iterable[str]:
    for field in fields:
        text = field_text(field, language)
        if text:
            yield desk_word(
                "own_list.field",
                language,
                field=field_word(field, language),
                text=text,
                organisation=organisation_name(field.organisation),
                time=time_word(field.at_ms),
            )


def _received(line: LogLine, language: str) -> str:
    return desk_word(
        "own_list.disclosed",
        language,
        time=time_word(line.at_ms),
        recipient=organisation_name(line.recipient),
        facets=facets_word(line, language),
        basis=basis_word(line.basis, language),
        purpose=why_word(line.purpose, language),
    )


def _looked(line: LogLine, language: str) -> str:
    return desk_word(
        "own_list.line",
        language,
        time=time_word(line.at_ms),
        organisation=organisation_name(line.organisation),
        operator=line.operator,
        act=act_word(line, language),
        facets=facets_word(line, language),
        purpose=why_word(line.purpose, language),
    ).rstrip()


def _inquiry(row: InquiryRow, language: str) -> str:
    items = [desk_word_or(f"inquiry_item.{item}", language, item) for item in row.told]
    told = desk_word("own_list.answer_told", language, items=", ".join(items))
    relation = row.inquirer.get("relation", "")
    return desk_word(
        "own_list.inquiry",
        language,
        time=time_word(row.at_ms),
        relation=desk_word_or(f"inquiry_relation.{relation}", language, relation),
        answer=told if items else desk_word("own_list.answer_not", language),
    )


def _log(post: Post, subject: bytes, count: int) -> None:
    with post.ledger.write() as writing:
        writing.log(
            AuditEntry(
                at_ms=post.now_ms(),
                act="export",
                operator=post.operator,
                node=post.pen.node,
                organisation=post.organisation,
                purpose=PURPOSE,
                subject=subject,
                count=count,
            )
        )

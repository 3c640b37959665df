"""The history of a person: every stay over time, and every statement with its author, those that are over included."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from node.desk.looking import log_read
from node.desk.post import Post
from node.desk.saying import told_by_name
from node.desk.showing import Showing
from node.ledger import Held
from node.people.facets import Stay, from_content
from node.records.clock import milliseconds
from node.records.kinds import CONTROL, PERSON_CONTROL, STAY, facet_name
from node.records.version import dominates


@dataclass(frozen=True, slots=True)
class StayView:
    """One stay."""

    state: int
    """`moyai.v1.StayState`."""
    place_name: str
    outside: int
    """`moyai.v1.Outside`."""
    municipality: str
    since_ms: int
    until_ms: int | None
    confirmed_at_ms: int
    confirmed_by: str
    to_place_name: str = ""
    to_outside: int = 0
    to_municipality: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One record about a person."""

    facet: str
    fields: tuple[tuple[str, str], ...]
    """Names and texts of what it says, ids left out."""
    organisation: str
    operator: str
    at_ms: int
    is_over: bool
    """A later statement has replaced it."""


class Histories:
    """What was said of people over time. Each look is logged as a read."""

    def __init__(self, post: Post, showing: Showing) -> None:
        self._post = post
        self._showing = showing

    def stays(self, subject: bytes) -> list[StayView]:
        """All stays, the newest first.

        Raises:
            SubjectUnknown: nobody of that id is known here.
        """
        self._post.person(subject)
        heads = self._post.ledger.heads(subject, STAY)
        self._log(subject, {STAY})
        newest: dict[bytes, StayView] = {}
        for held in heads:
            said = from_content(STAY, held.record.content)
            if isinstance(said, Stay) and held.record.slot not in newest:
                newest[held.record.slot] = self._view(said)
        return sorted(newest.values(), key=lambda stay: stay.since_ms, reverse=True)

    def statements(self, subject: bytes) -> list[Statement]:
        """Every record held about the person, the newest first.

        Raises:
            SubjectUnknown: nobody of that id is known here.
        """
        self._post.person(subject)
        all_held = [
            held for held in self._post.ledger.about(subject) if held.record.facet not in CONTROL - PERSON_CONTROL
        ]
        self._log(subject, {held.record.facet for held in all_held})
        return list(_statements(all_held, self._showing.place_name))

    def _view(self, stay: Stay) -> StayView:
        to = stay.destination
        return StayView(
            state=int(stay.state),
            place_name=self._showing.place_name(stay.place),
            outside=int(stay.outside),
            municipality=stay.municipality,
            since_ms=stay.since_ms,
            until_ms=stay.until_ms,
            confirmed_at_ms=stay.confirmed_at_ms,
            confirmed_by=stay.confirmed_by,
            to_place_name=self._showing.place_name(to.place) if to is not None else "",
            to_outside=int(to.outside) if to is not None else 0,
            to_municipality=to.municipality if to is not None else "",
        )

    def _log(self, subject: bytes, facets: set[int]) -> None:
        log_read(self._post, "read", purpose="reception", count=1, subjects=(subject,), facets=facets)


def _statements(all_held: list[Held], place_name: Callable[[bytes], str]) -> Iterator[Statement]:
    for held in sorted(all_held, key=lambda each: each.record.clock, reverse=True):
        record = held.record
        try:
            said = from_content(record.facet, record.content)
        except (DecodeError, ValueError):
            said = None
        values = (
            [(name, getattr(said, name)) for name in type(said).model_fields if getattr(said, name)]
            if said is not None
            else []
        )
        yield Statement(
            facet=facet_name(record.facet),
            fields=tuple(
                (name, told_by_name(value, place_name)) for name, value in values if not isinstance(value, bytes)
            ),
            organisation=record.organisation,
            operator=record.operator,
            at_ms=milliseconds(record.clock),
            is_over=any(
                other.record.facet == record.facet
                and other.record.slot == record.slot
                and dominates(other.record.version, record.version)
                for other in all_held
            ),
        )

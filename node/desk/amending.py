"""What is typed of somebody already known: added to what is held, or put in its place where a clerk says so."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from node.desk import arrivals
from node.desk.adoption import adopt, as_evacuee
from node.desk.consents import share_where_asked
from node.desk.correcting import TYPED, as_typed, corrected, stands_otherwise, touched, understood
from node.desk.differences import Difference, Pair
from node.desk.fields import naming_the_field
from node.desk.post import Post
from node.desk.registration import protect, read_facets, refuse_nobody
from node.desk.views import Done, NewPerson
from node.errors import Contradicted, KnownFromRegisterAlone, SettledMeanwhile
from node.pen import Sheet
from node.people.facets import FacetModel, Resident, from_content
from node.records.kinds import HOUSEHOLD, IDENTITY, RESIDENT, facet_name
from node.records.record import Record

CORRECTION: Final = "correction"
"""What a correction, and a look at what is to be corrected, is for."""
ADDED: Final = "ADDED_TO_KNOWN"
"""Reason to show: what was typed stands with what was held."""


@dataclass(frozen=True, slots=True)
class Amending:
    """What one desk says of people who are known."""

    post: Post

    def differences(self, subject: bytes, typed: NewPerson) -> list[Difference]:
        """What was typed that contradicts what is held of them, field by field. Logged as a read.

        Raises:
            SubjectUnknown: this node knows nobody of that id.
            InputRefused: what was typed can't be read; `field` names it.
        """
        self.post.person(subject)
        with self.post.pen.sheet(operator=self.post.operator, act="read") as sheet:
            sheet.log("read", subject=subject, purpose="reception", count=1)
            return _differences(self._pairs(sheet, subject, typed))

    @naming_the_field()
    def recognise(
        self,
        subject: bytes,
        typed: NewPerson,
        *,
        seen: Sequence[Difference] = (),
        instead: Collection[str] = (),
        place: bytes | None = None,
    ) -> Done:
        """Somebody typed as new is this one: they are here now, and what was typed is said of them.

        What was not held is added, special needs too; a consent is given where none alike is in force.

        Args:
            subject: who it is.
            typed: what was typed.
            seen: the differences as they were shown.
            instead: the fields of those in which what was typed stands in place of what is held.
            place: where they are; None: at the desk's own place.

        Raises:
            SubjectUnknown, PlaceUnknown: an id this node has never heard of.
            SettledMeanwhile: something else is held now than was shown.
            InputRefused, ConsentNeedsGuardian: as when somebody new is registered.
        Nothing is written then.
        """
        post = self.post
        where = arrivals.where_is(post, place)
        was_protected = post.person(subject).protected
        with post.pen.sheet(operator=post.operator, act="check-in") as sheet:
            pairs = self._pairs(sheet, subject, typed)
            if _differences(pairs) != list(seen):
                raise SettledMeanwhile
            adopt(post, sheet, subject)
            adopted = len(sheet.written)
            for pair in pairs:
                says = pair.amended(instead)
                if says is not None:
                    sheet.put(subject, pair.facet, says)
            if typed.protect and not was_protected:
                protect(post, sheet, subject)
            warnings = share_where_asked(
                post, sheet, subject, share=typed.share, guardian_relation=typed.guardian_relation
            )
            added = (ADDED,) if len(sheet.written) > adopted else ()
            arrivals.write_arrival(post, sheet, subject, where)
            undo = sheet.remember("check-in", post.entropy(16))
        return Done((subject,), len(sheet.written), undo, (*added, *warnings, *arrivals.capacity_warning(post, where)))

    def held(self, subject: bytes) -> NewPerson:
        """What stands of them, as one would type it. Logged as a read.

        Raises:
            SubjectUnknown: this node knows nobody of that id.
            KnownFromRegisterAlone: only the resident register speaks of them.
        """
        self.post.person(subject)
        with self.post.pen.sheet(operator=self.post.operator, act="read") as sheet:
            sheet.log("read", subject=subject, purpose=CORRECTION, count=1)
            return as_typed(self._standing(sheet, subject))

    @naming_the_field()
    def correct(self, subject: bytes, before: NewPerson, after: NewPerson) -> Done:
        """What was written of them was wrong, or is known by now. What is replaced stays in the history.

        Only the facets in which something was typed anew are written, on top of what stands: by whomever it was
        said, it is this organisation's word from now on. A consent stays as it was given.

        Args:
            subject: who it is.
            before: what `held` said.
            after: the same with what was typed anew; a field may be emptied, and of the household, "" is one of
                their own.

        Raises:
            SubjectUnknown, KnownFromRegisterAlone: as `held`.
            SettledMeanwhile: in a facet that is to be written something else stands by now.
            Contradicted: such a facet contradicts itself, which is to be settled first.
            NothingToGoBy: neither a name nor a description would be left.
            InputRefused: what was typed can't be read, or does not fit its field.
        Nothing is written then.
        """
        post, today = self.post, self.post.today()
        post.person(subject)
        with post.pen.sheet(operator=post.operator, act="correct", purpose=CORRECTION) as sheet:
            after = understood(before, after, today)
            changed = touched(before, after)
            if IDENTITY in changed:
                refuse_nobody(after)
            if HOUSEHOLD in changed and not after.household:
                after = replace(after, household=post.entropy(16))
            held = self._standing(sheet, subject)
            standing = as_typed(held)
            for facet in changed:
                if len({head.content for head in _heads(sheet, subject, facet)}) > 1:
                    raise Contradicted(facet=facet_name(facet))
                if stands_otherwise(facet, before, standing):
                    raise SettledMeanwhile
            for facet, names in changed.items():
                says = corrected(facet, held.get(facet), names, after, today=today, home=post.organisation)
                sheet.put(subject, facet, says)
            undo = sheet.remember("correct", post.entropy(16))
        return Done((subject,), len(sheet.written), undo)

    def _standing(self, sheet: Sheet, subject: bytes) -> dict[int, FacetModel]:
        """What is shown of each facet that can be corrected, as far as there is one."""
        if sheet.heads(subject, RESIDENT) and not sheet.heads(subject, IDENTITY):
            raise KnownFromRegisterAlone
        held = {facet: _held(sheet, subject, facet) for facet in TYPED}
        return {facet: says[0] for facet, says in held.items() if says}

    def _pairs(self, sheet: Sheet, subject: bytes, typed: NewPerson) -> list[Pair]:
        registered = self._registered(sheet, subject)
        pairs = []
        for facet, says in read_facets(self.post, typed).items():
            held = _held(sheet, subject, facet)
            if not held and facet in registered:
                held = (registered[facet],)
            pairs.append(Pair(facet, held, says))
        return pairs

    def _registered(self, sheet: Sheet, subject: bytes) -> dict[int, FacetModel]:
        """What will be held of somebody of whom only the resident register speaks yet."""
        rows = sheet.heads(subject, RESIDENT)
        row = from_content(RESIDENT, rows[0].content) if rows else None
        if not isinstance(row, Resident) or sheet.heads(subject, IDENTITY):
            return {}
        return as_evacuee(self.post, row, subject)


def _heads(sheet: Sheet, subject: bytes, facet: int) -> list[Record]:
    heads = sheet.writing.heads(subject, facet)
    return [head.record for head in heads if head.counts and not head.record.slot]


def _held(sheet: Sheet, subject: bytes, facet: int) -> tuple[FacetModel, ...]:
    """What counts of a facet, the statement that is shown first."""
    read = (from_content(facet, head.content) for head in _heads(sheet, subject, facet))
    return tuple(each for each in read if each is not None)


def _differences(pairs: Iterable[Pair]) -> list[Difference]:
    return [difference for pair in pairs for difference in pair.differences()]

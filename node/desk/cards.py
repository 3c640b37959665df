"""Cards (避難者カード) and wristbands: what a person carries from shelter to shelter, made here."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.desk.card_reading import CardTaken, Office, Reading
from node.desk.post import Post
from node.errors import CardOfProtected, NothingToCarry, WristbandUnknown
from node.exchange.card import card_bytes, pack
from node.exchange.wristband import wearer, wristband
from node.records import kinds
from node.records.record import Record
from node.release.card import carried, may_have_card


@dataclass(frozen=True, slots=True)
class CardMade:
    """A card, ready to be cut into symbols."""

    subject: bytes
    name: str
    kana: str
    issued_at_ms: int
    facets: tuple[str, ...]
    """What is on it, as words."""
    packed: bytes


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of one desk."""

    post: Post
    office: Office

    # --- making

    def make(self, subject: bytes, *, wished: Sequence[str] = ()) -> CardMade:
        """A card with what the person may carry; `wished` are the facets they asked for beyond the usual. Logged.

        Raises:
            SubjectUnknown: this node knows nobody of that id.
            CardOfProtected: the person is protected.
            NothingToCarry: nothing is held of them but the register.
            NotEnrolled: this node is in no federation yet; whoever reads a card must know its maker.
        """
        row = self.post.person(subject)
        issued_at_ms = self.post.now_ms()
        with self.post.pen.sheet(operator=self.post.operator, act="card") as sheet:
            known = self.post.known(sheet.writing, subject)
            if not may_have_card(known):
                raise CardOfProtected
            numbers = [kinds.BY_NAME[word] for word in wished if word in kinds.BY_NAME]
            records = [fact.record for fact in carried(known, numbers)]
            facets = {record.facet for record in records}
            if kinds.IDENTITY not in facets:
                raise NothingToCarry
            written = card_bytes(
                federation=self.office.standing().believed.roster.federation,
                node=self.post.pen.node,
                issued_at_ms=issued_at_ms,
                certificates=self._certificates(records),
                records=records,
            )
            packed = pack(written, self.office.sign(written))
            sheet.log("card", subject=subject, facets=facets)  # last: what could not be made was not made
        return CardMade(
            subject=subject,
            name=row.name,
            kana=row.kana,
            issued_at_ms=issued_at_ms,
            facets=tuple(kinds.facet_name(facet) for facet in sorted(facets)),
            packed=packed,
        )

    def wristband(self, subject: bytes) -> str:
        """The digits of the person's wristband, the same whenever and wherever it is made. Raises SubjectUnknown."""
        self.post.person(subject)
        return wristband(subject)

    # --- reading

    def wearer(self, text: str) -> bytes:
        """Who wears the wristband that was scanned.

        Raises:
            WristbandMisread: it was not read as it was printed.
            WristbandUnknown: nobody whom this node knows as an evacuee.
        """
        found = wearer(text, self.post.ledger.evacuees())
        if found is None:
            raise WristbandUnknown
        return found

    def take(self, packed: bytes, *, guardian_relation: str = "") -> CardTaken:
        """Read a card that the person presents. See `Reading.take` for what it raises."""
        return Reading(self.post, self.office).take(packed, guardian_relation=guardian_relation)

    # --- what a card is made of

    def _certificates(self, records: Sequence[Record]) -> list[bytes]:
        """Those of the maker and of everyone who wrote what is on the card: the reader may never have met them."""
        authors = {(record.organisation, record.author) for record in records}
        authors.add((self.post.organisation, self.post.pen.node))
        certificates = (self.office.certificate(code, node) for code, node in sorted(authors))
        return [certificate for certificate in certificates if certificate]

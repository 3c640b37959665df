"""Leaves the federation in small steps, each safe to repeat.

What was granted ends; what is ours to give is handed over; what is others' is erased with receipts; then the trustees
issue a roster without us.

What our own staff wrote stays: it is our own ledger. Whoever is entitled to it, as the home municipality of an evacuee,
has been given it before anything is erased. See decisions/0014.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from node.errors import LeavingNotBegun, LeavingNotHandedOver
from node.granting import Granting, read_agreements, view_of
from node.holdings import others_of
from node.installation import Installation
from node.ledger import AuditEntry
from node.people.facets import Receipt, from_content
from node.records.kinds import RECEIPT
from node.trust.keys import OrganisationKey
from sync.frames import VIEWS
from sync.ports import Peer

LEAVING_SINCE: Final = "leaving-since-ms"
AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class PeerLeft:
    """How far one of the others is."""

    organisation: str
    waiting: int
    """Records it is still to be given: what is its own of what we wrote, then our receipts."""
    heard_ms: int | None
    """When an exchange with it last came to its end since we began to leave; None: not yet."""

    @property
    def is_done(self) -> bool:
        """Whether it has been given everything."""
        return self.heard_ms is not None and not self.waiting


@dataclass(frozen=True, slots=True)
class Leaving:
    """How far it has come."""

    since_ms: int | None
    """When it was begun; None: not yet."""
    granted: int
    """Applications of others that we have granted and that are in force."""
    people: int
    """About whom something is held that others wrote."""
    records: int
    receipts: int
    """Of ours: written, one for each ground and person."""
    confirmed: int
    """Receipts of others, for what they had on our grants and have erased."""
    peers: tuple[PeerLeft, ...]

    @property
    def step(self) -> str:
        """What is to be done next: "begin", "hand-over", "erase", "tell" (our receipts), or "done"."""
        if self.since_ms is None or self.granted:
            return "begin"
        told = all(peer.is_done for peer in self.peers)
        if self.records:
            return "erase" if told else "hand-over"
        return "done" if told else "tell"


class Leave:
    """The steps of one home node."""

    def __init__(self, node: Installation, organisation_key: Callable[[], OrganisationKey], *, operator: str) -> None:
        node.need_home()
        self._node = node
        self._organisation_key = organisation_key
        self._operator = operator

    def standing(self) -> Leaving:
        """How far it has come."""
        ledger, since = self._node.ledger, self._since()
        people = records = receipts = confirmed = as_of = 0
        while True:
            as_of, subjects = ledger.changed_after(as_of, AT_ONCE)
            if not subjects:
                break
            for about in ledger.about_many(ledger.with_foreign(subjects, self._node.key.node)).values():
                others = len(others_of(about, self._here))
                people, records = people + bool(others), records + others
            for about in ledger.about_many(subjects).values():
                said = [from_content(RECEIPT, one.record.content) for one in about if one.record.facet == RECEIPT]
                ours = [one.organisation == self._here for one in said if isinstance(one, Receipt)]
                receipts, confirmed = receipts + sum(ours), confirmed + len(ours) - sum(ours)
        return Leaving(since, len(self._granted()), people, records, receipts, confirmed, self._peers(since))

    def begin(self) -> int:
        """End what we have granted: whoever got something on it erases it and says so. Returns how many ended."""
        granting = Granting(self._node, self._organisation_key, operator=self._operator)
        ended = [granting.end(application) for application in self._granted()]
        if self._since() is None:
            with self._node.ledger.write() as writing:
                writing.set_meta(LEAVING_SINCE, str(self._node.now_ms()))
                writing.log(
                    AuditEntry(
                        at_ms=self._node.now_ms(),
                        act="leave-federation",
                        operator=self._operator,
                        node=self._node.key.node,
                        organisation=self._here,
                        purpose="",
                    )
                )
        return len(ended)

    def erase(self, *, without: Collection[str] = ()) -> int:
        """Erase what others wrote, with receipts. Returns how many records went.

        Raises:
            LeavingNotBegun: it was not begun, or something is granted again.
            LeavingNotHandedOver: somebody, and none of those `without` whom it must go, has not got what is theirs.
        """
        standing = self.standing()
        if standing.step == "begin":
            raise LeavingNotBegun
        late = [peer.organisation for peer in standing.peers if not peer.is_done and peer.organisation not in without]
        if late and standing.records:
            raise LeavingNotHandedOver(organisations=", ".join(sorted(set(late))))
        return self._node.holdings.let_go_of_others()

    @property
    def _here(self) -> str:
        return self._node.config.organisation

    def _since(self) -> int | None:
        noted = self._node.ledger.meta(LEAVING_SINCE)
        return int(noted) if noted else None

    def _granted(self) -> list[bytes]:
        now, views = self._node.now_ms(), [view_of(opened) for _, opened in read_agreements(self._node)]
        return [one.application for one in views if one.holder == self._here and one.stands(now) == "granted"]

    def _work_views_out(self) -> None:
        """What waits is known only of views that are worked out: what was just written is in none yet."""
        for contact in self._node.ledger.peers():
            if contact.organisation not in ("", self._here):
                outbox = self._node.book().outbox(Peer(contact.node, contact.organisation))
                for view in VIEWS:
                    outbox.standing(view)

    def _peers(self, since: int | None) -> tuple[PeerLeft, ...]:
        """Home nodes of the others that are in the roster; of one never met nothing is known to wait."""
        self._work_views_out()
        contacts = {one.organisation: one for one in self._node.ledger.peers() if one.organisation != self._here}
        found = []
        for code in self._node.room.now().believed.roster.organisations:
            if code == self._here:
                continue
            contact = contacts.get(code)
            done = contact.last_done_ms if contact else None
            heard = done if done is not None and since is not None and done >= since else None
            found.append(PeerLeft(code, contact.waiting if contact else 0, heard))
        return tuple(found)

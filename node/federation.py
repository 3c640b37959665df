"""What this node believes of the federation: the roster, the certificates, and what has been granted or declared."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from hashlib import sha256

from moyai.v1 import facets_pb2
from node.errors import NotEnrolled
from node.ledger import Held, Ledger
from node.ledger.names import NamesRead
from node.records import kinds
from node.release.federation import Activation, Federation, Grant, Member, Recipient
from node.trust.agreements import agreement_of
from node.trust.believed import Believed
from node.trust.emergencies import emergency_of
from node.trust.roster import Roster, read_roster
from node.vault import ROSTER
from sync.errors import MoyaiError

GRANTED = int(facets_pb2.Decision.OUTCOME_GRANTED)

_TRUST = (kinds.ENROLMENT, kinds.REVOCATION)


@dataclass(frozen=True, slots=True)
class Standing:
    """Both halves of every decision about a peer: whose key is believed, and what has been opened to whom."""

    believed: Believed
    federation: Federation
    times_set_back: int
    """How often the wall clock was set back: decisions made by a later time are made again."""
    fingerprint: bytes
    """Changes whenever a decision about a release could change for another reason than that time goes on, or the
    subject's own records. What opens nothing is not in it: an application nobody has granted, the enrolment of another
    town's laptop. Else any member could have every node judge everybody again as often as it likes."""


@dataclass(frozen=True, slots=True)
class Toward:
    """Of the federation, all that can decide about one recipient: decisions are made with this and nothing else."""

    federation: Federation
    fingerprint: bytes
    """Changes whenever this does, and only then: an agreement of two towns lets the view of a third as it is."""

    @classmethod
    def of(cls, federation: Federation, recipient: Recipient, *, times_set_back: int = 0) -> "Toward":
        """What of it concerns this recipient. Between our own nodes neither members nor agreements decide."""
        here, there = federation.here, recipient.organisation
        if there == here:
            cut = Federation(here=here, members={})
        else:
            cut = replace(
                federation,
                grants=federation.grants_between(here, there),
                activations=tuple(
                    activation
                    for activation, area, governments in federation.reaches
                    if there in governments and (here in area or activation.organisation == here)
                ),
            )
        said = (
            sorted((code, member.kind, member.prefecture) for code, member in cut.members.items()),
            sorted(_plain(grant) for grant in cut.grants),
            sorted(_plain(activation) for activation in cut.activations),
            (here, there, sorted(recipient.places), times_set_back),
        )
        return cls(cut, sha256(repr(said).encode()).digest()[:16])


@dataclass(frozen=True, slots=True)
class _Read:
    """A standing, and what it was read from."""

    commits: int
    """How many had been made: as long as there are no more, nothing is another."""
    as_of: tuple[int, bytes, int]
    key: tuple[bytes, int, tuple[bytes, ...]]
    standing: Standing


def installed_roster(ledger: NamesRead) -> Roster:
    """The roster this node goes by.

    Raises:
        NotEnrolled: none has been installed.
    """
    signed = ledger.secret(ROSTER)
    if signed is None:
        raise NotEnrolled(what="roster")
    return read_roster(signed)


class StandingRoom:
    """Reads the standing from the ledger, and again only when something it rests on has changed."""

    def __init__(self, ledger: Ledger, here: str) -> None:
        self._ledger = ledger
        self._here = here
        self._read_last: _Read | None = None
        self._toward: tuple[Standing | None, dict[Recipient, Toward]] = (None, {})

    def now(self) -> Standing:
        """The standing as the ledger has it. Raises NotEnrolled before a roster is installed."""
        commits, last = self._ledger.data_version(), self._read_last
        if last is not None and last.commits == commits:
            return last.standing
        signed = self._ledger.secret(ROSTER) or b""
        times_set_back = self._ledger.times_set_back()
        as_of = (self._ledger.newest_seq(), signed, times_set_back)
        if last is not None and last.as_of == as_of:
            self._read_last = replace(last, commits=commits)
            return last.standing
        heads = [
            held for facet in (*_TRUST, kinds.AGREEMENT, kinds.EMERGENCY) for held in self._ledger.heads_of_facet(facet)
        ]
        key = (sha256(signed).digest(), times_set_back, tuple(sorted(held.record.id for held in heads)))
        standing = last.standing if last is not None and last.key == key else self._read(heads, key)
        self._read_last = _Read(commits, as_of, key, standing)  # in one step: several threads may ask at once
        return standing

    def toward(self, recipient: Recipient) -> Toward:
        """What of the standing concerns one recipient."""
        standing, (known_of, known) = self.now(), self._toward
        if known_of is not standing:
            known = {}
            self._toward = (standing, known)
        if recipient not in known:
            known[recipient] = Toward.of(standing.federation, recipient, times_set_back=standing.times_set_back)
        return known[recipient]

    def _read(self, heads: list[Held], key: tuple[bytes, int, tuple[bytes, ...]]) -> Standing:
        roster = installed_roster(self._ledger)
        grants, activations = tuple(_grants(heads, roster)), tuple(_activations(heads, roster))
        federation = Federation(
            here=self._here,
            members={one.code: Member(one.kind, one.prefecture) for one in roster.organisations.values()},
            grants=grants,
            activations=activations,
        )
        opening = [grant.record for grant in grants] + [activation.record for activation in activations]
        scopes = [
            held.record.id for held in heads if held.record.facet in _TRUST and held.record.organisation == self._here
        ]
        return Standing(
            believed=Believed.of(roster, (held.record for held in heads if held.record.facet in _TRUST)),
            federation=federation,
            times_set_back=key[1],
            fingerprint=sha256(key[0] + b"%d\n" % key[1] + b"".join(sorted([*opening, *scopes]))).digest()[:16],
        )


def _plain(opened: Grant | Activation) -> tuple[str, ...]:
    """All fields, in one way of writing them."""
    return tuple(repr(sorted(value) if isinstance(value, frozenset) else value) for value in astuple(opened))


def _grants(heads: Iterable[Held], roster: Roster) -> Iterable[Grant]:
    """Of each application the latest decision, where it is a grant; what does not hold under this roster opens
    nothing."""
    for held in heads:
        if held.record.facet != kinds.AGREEMENT:
            continue
        try:
            opened = agreement_of(held.record, roster)
        except MoyaiError:
            continue
        decision = opened.decision
        if decision is None or decision.outcome != GRANTED:
            continue
        yield Grant(
            record=held.record.id,
            holder=opened.holder,
            applicant=opened.applicant,
            facets=opened.granted_facets,
            from_ms=decision.from_ms,
            until_ms=decision.until_ms,
            ground=decision.ground,
            subjects=frozenset(opened.subjects),
            area=frozenset(opened.area),
        )


def _activations(heads: Iterable[Held], roster: Roster) -> Iterable[Activation]:
    for held in heads:
        if held.record.facet != kinds.EMERGENCY:
            continue
        try:
            opened = emergency_of(held.record, roster)
        except MoyaiError:
            continue
        yield Activation(
            record=held.record.id,
            organisation=opened.organisation,
            area=frozenset(opened.area),
            from_ms=opened.from_ms,
            until_ms=opened.until_ms,
        )

"""What the desk shows: values a screen or a command can print, with nothing behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as a clerk sees them in a list."""

    subject: bytes
    """Subject id, 16 bytes."""
    family_name: str
    given_name: str
    kana: str
    """Family and given kana with a space between, empty where unknown."""
    description: str
    """Who it is where there is no name."""
    birth: str
    """ISO date as far as known, "" where unknown; "~70" where only an age was guessed."""
    sex: int
    """ISO 5218: 0 not known, 1 male, 2 female, 9 not applicable."""
    address: str
    phone: str
    municipality: str
    """Code of the home municipality, "" where unknown."""
    municipality_name: str
    household: bytes
    """Household id, empty where none is known."""
    care_codes: tuple[str, ...]
    protected: bool
    resident_only: bool
    """Known from the resident register alone: nobody has seen them since."""
    conflict: bool
    """Two statements about this person contradict each other."""
    closed: str
    """"" or "returned", "moved", "died", "no_need"."""
    stay_state: int
    """0 none, else `moyai.v1.StayState`: 1 present, 2 out, 3 left, 4 transferred."""
    place: bytes
    """Subject of the place of the stay, empty for none or outside."""
    place_name: str
    outside: int
    """`moyai.v1.Outside` of the stay."""
    stay_municipality: str
    since_ms: int
    confirmed_at_ms: int
    confirmed_by: str
    here: bool
    """Present or out for now at the desk's own place."""
    expected: bool
    """On the way to this town or place: sent on, not yet seen here."""
    from_organisation: str
    """Code of the organisation the identity came from."""
    death_reported: bool = False
    """One operator has said that they died; another must confirm it before it counts."""
    match: str = ""
    """How a search found them: "exact", "folded", "part", "reading"; "" outside a search."""

    entries: int = 1
    """How many entries are shown as this one person, since somebody called them the same; told in lists of a place
    and of one person."""

    @property
    def name(self) -> str:
        """The name to show: as typed, else the reading, else the description."""
        return f"{self.family_name} {self.given_name}".strip() or self.kana or self.description


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A shelter or another site, with the newest figures known of it."""

    subject: bytes
    name: str
    national_id: str
    local_id: str
    municipality: str
    municipality_name: str
    address: str
    capacity: int | None
    capacity_text: str
    present: int
    """People with an open stay here according to the records this node holds."""
    opening: int
    """0 unknown, 1 open, 2 closed."""
    headcount: int | None
    """As last reported; None: unknown, which is not 0."""
    observed_at_ms: int | None
    """When that was seen."""
    status_source: str


@dataclass(frozen=True, slots=True)
class StandingLine:
    """The line that is always visible."""

    place_name: str
    operator: str
    organisation_name: str
    here_now: int
    not_sent: int
    """Own records that have not reached the home node (field node) or any entitled peer (home node)."""
    last_contact_ms: int | None
    """With the home node; for a home node, with the peer last spoken to."""
    offline_since_ms: int | None
    """None: the last try succeeded."""
    conflicts: int
    duplicates: int
    quarantined: int
    pin_recovered: str = ""
    """Staff code of the chief whose PIN was given anew by the node's key, until somebody else has acknowledged it."""
    clock_ahead_ms: int = 0
    """By how much the time given to records is ahead, where others set them aside for it; else 0."""
    place_missing: bool = False
    """Whether this is a shelter's desk, and nobody has said yet of which."""


@dataclass(frozen=True, slots=True)
class PeerView:
    """How things stand with one peer."""

    node: bytes
    organisation: str
    organisation_name: str
    endpoints: tuple[str, ...]
    """Where this node calls it, as the roster says; empty: it calls here."""
    waiting: int
    """Records that may go there and have not."""
    last_contact_ms: int | None
    last_try_ms: int | None
    last_reason: str
    """"DONE", "" where never tried, else the reason the last try failed."""
    label: str = ""
    """What a laptop of our own is called; empty for a home node."""
    is_open: bool = False
    """Whether a conversation with it is open now."""
    is_busy: bool = False
    """Whether records are being moved in it."""
    is_failing: bool = False
    """Whether it could not be reached when it was last tried."""

    @property
    def called(self) -> str:
        """Its name in one line."""
        return f"{self.organisation_name} {self.label}".strip()


@dataclass(frozen=True, slots=True)
class CarriedView:
    """A bundle that was written or read."""

    organisation_name: str
    """Whom it is for, or who wrote it."""
    files: tuple[str, ...] = ()
    """What was written."""
    records: int = 0
    new: int = 0
    arrived: int = 0
    """How many of ours it says have arrived there."""
    waiting: int = 0
    """How many still wait for them."""
    is_greeting: bool = False
    """Whether it holds a greeting only: that node was never met."""


@dataclass(frozen=True, slots=True)
class Done:
    """An act, done and durable."""

    subjects: tuple[bytes, ...]
    records: int
    undo: bytes
    """Token for `Desk.undo`, empty where the act can't be undone."""
    warnings: tuple[str, ...] = ()
    """Reasons to show, such as "OVER_CAPACITY"; never a refusal."""


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One consent and how its withdrawal fares."""

    slot: bytes
    organisations: tuple[str, ...]
    all_local_governments: bool
    facets: tuple[str, ...]
    purpose: str
    from_ms: int
    until_ms: int | None
    given_by: int
    guardian_relation: str
    withdrawn_at_ms: int | None
    counts: bool
    holders: tuple[str, ...]
    """Organisations that received something on it."""
    confirmed: tuple[str, ...]
    """Of those, the ones that have confirmed the erasure for every node of theirs."""
    awaited: Mapping[str, int] = field(default_factory=dict)
    """Of the others, those that have confirmed in part, and how many of their nodes are still awaited."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is typed at the desk for someone new. One of the names or the description is enough."""

    family_name: str = ""
    given_name: str = ""
    family_kana: str = ""
    given_kana: str = ""
    birth: str = ""
    """As typed: digits, western or Japanese era."""
    estimated_age: int | None = None
    sex: int = 0
    address: str = ""
    postcode: str = ""
    municipality: str = ""
    """Code of the home municipality; "": the one the address names, else this town where there is an address."""
    phone: str = ""
    care_codes: tuple[str, ...] = ()
    care_text: str = ""
    description: str = ""
    found_where: str = ""
    household: bytes = b""
    """Household to join; empty: a household of their own."""
    share: bool | None = None
    """Consent to tell all local governments that help: True given, False refused, None not asked."""
    guardian_relation: str = ""
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Whereto:
    """Where someone goes on leaving."""

    outside: int = 0
    """`moyai.v1.Outside`."""
    place: bytes = b""
    municipality: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a search across, with how old and how complete it is."""

    people: tuple[PersonView, ...]
    sources: tuple["SourceView", ...] = field(default=())
    laptops: "Laptops | None" = None


@dataclass(frozen=True, slots=True)
class Laptops:
    """The organisation's own field nodes, whose records an answer draws on as far as they have come."""

    count: int
    silent: int
    """How many have not been heard for an hour, or never."""
    oldest_contact_ms: int | None
    """Of the one not heard for longest; None: one was never heard, or there is none."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """One organisation whose records an answer draws on."""

    organisation: str
    organisation_name: str
    people: int
    """People of theirs this node holds something about."""
    last_contact_ms: int | None
    """When this node last exchanged with theirs; None: never."""
    silent: bool = False
    """Not heard for an hour or longer, or never: since then people may have come and gone there."""
    last_reason: str = ""
    """How the last try ended: "DONE", why not, or "" where there was none."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The shelters of one municipality, summed."""

    municipality: str
    municipality_name: str
    shelters: int
    open: int
    headcount: int | None
    """Of those reported; None: nothing was, which is not 0."""
    present: int
    """People by the records this node holds."""
    oldest_observed_ms: int | None
    """When the oldest figure in the sum was seen."""
    unreported: int
    """Open shelters without a figure."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of one statement about a person, with who said it when."""

    facet: str
    """The facet's word, such as "identity"."""
    field: str
    """The field's name in the schema, such as "family_name"."""
    text: str
    organisation: str
    operator: str
    at_ms: int
    conflict: bool
    """Another statement of equal standing says otherwise."""


@dataclass(frozen=True, slots=True)
class ActView:
    """One of the last acts, for the list of what can be undone."""

    token: bytes
    act: str
    """The act's word, such as "check-in"."""
    subjects: int
    at_ms: int
    names: str = ""
    """Whom it was about, where they were few enough to name."""
    facets: tuple[str, ...] = ()
    """What was said of them."""
    stands: bool = True
    """Whether nobody has written on top of it: else an undo would be refused."""

"""`moyai roster`: makes, signs, installs and shows the list of the federation's members."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter, validators

from moyai.v1 import trust_pb2
from node.chance import entropy, wall_clock_ms
from node.cli.options import NO_OPTIONS, Common, can_be_missing, read_file
from node.cli.setting_up import new_passphrase
from node.drill import federation_id
from node.errors import ConfigRefused, RosterWrongFederation
from node.files import write_durably
from node.peerbook import install_roster
from node.trust import keyfile
from node.trust.keys import TrusteeKey
from node.trust.members import is_of_drill, read_member_card, read_trustee_card, trustee_card
from node.trust.roster import Roster, Trustee, draft_roster, read_roster, sign_roster, signers
from node.words import word

app = App(name="roster", help="The federation's members: trustees, drafts, signatures, installing")

DAY_MS = 24 * 3600 * 1000
DAYS_MAX = 3660
Several = Annotated[list[Path], Parameter(negative="", consume_multiple=False)]


@app.command
def trustee(
    key: Path,
    *,
    office: str,
    without_passphrase: Annotated[bool, Parameter(negative="")] = False,
    common: Common = NO_OPTIONS,
) -> None:
    """Make the key of a trustee under a passphrase, and its card KEY.json for the draft. A key that is there stays.

    Args:
        key: File for the key, readable by its owner only.
        office: The trustee's office, such as 知事; not a person's name.
        without_passphrase: Leave the key without a passphrase, for drills.
    """
    card = key.with_name(key.name + ".json")
    if not office.strip():
        raise ConfigRefused(field="office", got=0)
    if not key.exists():
        secret = TrusteeKey.generate(entropy)
        written = keyfile.bare(secret.seed, kind=keyfile.TRUSTEE)
        if not without_passphrase:
            passphrase = new_passphrase(common)
            written = keyfile.wrap(
                secret.seed, kind=keyfile.TRUSTEE, passphrase=passphrase, entropy=entropy, effort=keyfile.SENSITIVE
            )
        with can_be_missing(key):
            keyfile.write_key_file(key, written)
        write_durably(card, trustee_card(Trustee(secret.public_key, office)), mode=0o644)
    elif not card.exists():
        public_key = _trustee_key(common, key).public_key
        write_durably(card, trustee_card(Trustee(public_key, office)), mode=0o644)
    common.say({"key": str(key), "card": str(card)}, word("roster.trustee", common.language, card=str(card)))


@app.command
def draft(
    *,
    name: str,
    trustee: Several,
    member: Several,
    threshold: int,
    out: Path,
    after: Path | None = None,
    days: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=DAYS_MAX))] = 365,
    drill: bool = False,
    common: Common = NO_OPTIONS,
) -> None:
    """Write a roster that trustees can sign.

    Args:
        name: Name of the federation.
        trustee: Card of a trustee; several times.
        member: Card of a member; several times.
        threshold: How many trustees must sign the next roster.
        out: File to write.
        after: The roster this one follows; without it a new federation is founded.
        days: For how many days it holds.
        drill: A federation for drills, never mixed with a real one.
    """
    before = read_roster(read_file(after)) if after else None
    drill = _drill_or_not(before, [read_file(card) for card in member], asked=drill)
    now = wall_clock_ms()
    listed = trust_pb2.Roster(
        federation=before.federation if before else federation_id(entropy, drill=drill),
        name=name,
        version=before.version + 1 if before else 1,
        issued_at_ms=now,
        expires_at_ms=now + days * DAY_MS,
        threshold=threshold,
        trustees=[
            trust_pb2.Trustee(public_key=one.public_key, office=one.office)
            for one in (read_trustee_card(read_file(card)) for card in trustee)
        ],
        organisations=[read_member_card(read_file(card)) for card in member],
        drill=drill,
    )
    with can_be_missing(out):
        write_durably(out, draft_roster(listed), mode=0o644)
    common.say(
        {"roster": str(out), "version": listed.version, "signatures": 0, "threshold": threshold},
        word("roster.draft", common.language, roster=str(out), threshold=threshold),
    )


def _drill_or_not(before: Roster | None, members: list[bytes], *, asked: bool) -> bool:
    """Whether the roster is of a drill: the one before decides, else what was asked for.

    Raises:
        RosterWrongFederation: a real federation was to become a drill, or a member was made for the other kind.
    """
    drill = before.drill if before else asked
    of_members = {is_of_drill(card) for card in members} - {None}
    if of_members - {drill} or (asked and not drill):
        raise RosterWrongFederation(version=before.version if before else 0)
    return drill


@app.command
def sign(roster: Path, *, trustee_key: Path, common: Common = NO_OPTIONS) -> None:
    """Add a trustee's signature to a roster. Signing twice is the same as once.

    Args:
        roster: The draft.
        trustee_key: The trustee's key file.
    """
    signed = sign_roster(read_file(roster), _trustee_key(common, trustee_key))
    write_durably(roster, signed, mode=0o644)
    opened = read_roster(signed)
    count = len(signers(signed, opened.trustees))
    common.say(
        {"roster": str(roster), "version": opened.version, "signatures": count, "threshold": opened.threshold},
        word("roster.signed", common.language, signatures=count, threshold=opened.threshold),
    )


@app.command
def install(roster: Path, *, common: Common = NO_OPTIONS) -> None:
    """Install a signed roster on this node; the one it has must have been followed rightly. Twice is the same as once.

    Args:
        roster: The signed roster.
    """
    signed = read_file(roster)
    with common.opened() as node:
        version = install_roster(node.ledger, signed, now_ms=wall_clock_ms())
    common.say({"version": version}, word("roster.installed", common.language, version=version))


@app.command
def show(*, common: Common = NO_OPTIONS) -> None:
    """Show the roster this node goes by: version, age, trustees, members."""
    with common.opened() as node:
        roster = node.room.now().believed.roster
    now = wall_clock_ms()
    answer = {
        "name": roster.name,
        "federation": roster.federation.hex(),
        "version": roster.version,
        "age_days": roster.age_ms(now) // DAY_MS,
        "expires": _day(roster.expires_at_ms),
        "expired": roster.is_expired(now),
        "drill": roster.drill,
        "threshold": roster.threshold,
        "trustees": [one.office for one in roster.trustees],
        "organisations": _members(roster),
    }
    lines = [word("roster.head", common.language, **{key: str(value) for key, value in answer.items()})]
    lines += [f"  {one['code']}  {one['name']}  {', '.join(one['endpoints'])}" for one in _members(roster)]
    common.say(answer, *lines)


def _trustee_key(common: Common, file: Path) -> TrusteeKey:
    passphrase = common.passphrase() if keyfile.asks_for_passphrase(file) else None
    return TrusteeKey(keyfile.read_key_file(file, kind=keyfile.TRUSTEE, passphrase=passphrase))


def _members(roster: Roster) -> list[dict[str, Any]]:
    return [
        {"code": one.code, "name": one.name, "kind": one.kind, "endpoints": list(one.endpoints)}
        for one in roster.organisations.values()
    ]


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).date().isoformat()

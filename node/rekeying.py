"""Replaces an organisation's lost key, and certifies its nodes anew under the one the roster lists now.

The new key counts when the trustees have issued a roster with it. What the old one signed goes on to hold until its end
there; before that end every node gets a new certificate, which vouches for what it wrote before as well.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from moyai.v1 import trust_pb2
from node.config import NodeDirectory
from node.errors import OrganisationKeyNotListed
from node.files import write_durably
from node.installation import Installation
from node.pen import ORGANISATION
from node.people.facets import Enrolment
from node.records.kinds import ENROLMENT
from node.records.subjects import organisation_subject
from node.setup import KEY_YEARS, YEAR_MS
from node.trust import keyfile
from node.trust.certificate import NodeCertificate
from node.trust.enrolment import renew
from node.trust.keys import OrganisationKey
from node.trust.members import member_card
from node.trust.organisation import SIGNING_KEYS_MAX, Organisation
from node.vault import CERTIFICATE

CERTIFICATE_YEARS: Final = 5


def replace_key(
    node: Installation, *, passphrase: str | None, old_until_ms: int, now_ms: int
) -> tuple[OrganisationKey, Path | None]:
    """Make a new key, and a member card with it on which the old ones end. Needs none of the old ones.

    The old key file, where there is one, is set aside: backups made before open with it. Returns the new key, and where
    the old file is.
    """
    node.need_home()
    member = node.room.now().believed.roster.organisation(node.config.organisation)
    key = OrganisationKey.generate(node.entropy)
    card = member_card(_with(member, key, old_until_ms, now_ms), drill=node.is_drill)
    written = keyfile.bare(key.seed, kind=keyfile.ORGANISATION)
    if passphrase is not None:
        written = keyfile.wrap(
            key.seed,
            kind=keyfile.ORGANISATION,
            passphrase=passphrase,
            entropy=node.entropy,
            effort=keyfile.SENSITIVE,
        )
    aside = _set_aside(node.directory, now_ms)
    keyfile.write_key_file(node.directory.organisation_key, written)
    write_durably(node.directory.member_card, card, mode=0o644)
    return key, aside


@dataclass(frozen=True, slots=True)
class Renewed:
    """What became of the nodes whose certificate ends."""

    certified: Sequence[NodeCertificate]
    strange: Sequence[NodeCertificate]
    """Those this node has never enrolled: who had the old key may have made them. To be revoked, or enrolled anew."""


def renew_certificates(
    node: Installation, organisation_key: Callable[[], OrganisationKey], *, within_ms: int, operator: str
) -> Renewed:
    """Certify anew every node of the organisation whose certificate ends within that time, this one first. Safe to
    repeat.

    Only those that this node has enrolled itself: a certificate alone is no ground, for where the old key was stolen
    the thief has one for a node of his own.

    Raises:
        OrganisationKeyNotListed: the roster does not list the key that would sign.
    """
    node.need_home()
    believed, now, code = node.room.now().believed, node.now_ms(), node.config.organisation
    due = [one for one in believed.nodes_of(code) if one.valid_until_ms < now + within_ms]
    enrolled = _enrolled_here(node)
    ours = [one for one in due if one.node in enrolled]
    strange = [one for one in due if one.node not in enrolled]
    if not ours:
        return Renewed((), strange)
    key = organisation_key()
    if key.public_key not in {one.public_key for one in believed.roster.organisation(code).signing_keys}:
        raise OrganisationKeyNotListed(organisation=code, roster_version=believed.roster.version)
    for one in sorted(ours, key=lambda one: one.node != node.key.node):
        signed = renew(one, key, valid_until_ms=now + CERTIFICATE_YEARS * YEAR_MS)
        with node.pen.sheet(operator=operator, act="renew") as sheet:
            if one.node == node.key.node:
                sheet.writing.set_secret(CERTIFICATE, signed)
            sheet.put(
                organisation_subject(code), ENROLMENT, Enrolment(certificate=signed), slot=one.node, kind=ORGANISATION
            )
    return Renewed(ours, strange)


def _enrolled_here(node: Installation) -> set[bytes]:
    """Nodes whose enrolment this node has written, now or ever; itself among them."""
    about = node.ledger.about(organisation_subject(node.config.organisation))
    written = (held.record for held in about if held.record.facet == ENROLMENT)
    return {record.slot for record in written if record.author == node.key.node} | {node.key.node}


def _with(member: Organisation, key: OrganisationKey, old_until_ms: int, now_ms: int) -> trust_pb2.Organisation:
    """The entry of the roster, its keys ended, and the new one."""
    card = trust_pb2.Organisation(
        code=member.code,
        name=member.name,
        kind=member.kind,  # type: ignore[arg-type]
        prefecture=member.prefecture,
        box_key=member.box_key,
        endpoints=member.endpoints,
        tls_certificates=member.tls_certificates,
    )
    newest = sorted(member.signing_keys, key=lambda one: one.valid_from_ms)[-(SIGNING_KEYS_MAX - 1) :]
    for old in newest:
        ends = max(old.valid_from_ms + 1, min(old.valid_until_ms, old_until_ms))
        card.signing_keys.add(public_key=old.public_key, valid_from_ms=old.valid_from_ms, valid_until_ms=ends)
    card.signing_keys.add(public_key=key.public_key, valid_from_ms=now_ms, valid_until_ms=now_ms + KEY_YEARS * YEAR_MS)
    return card


def _set_aside(directory: NodeDirectory, now_ms: int) -> Path | None:
    path = directory.organisation_key
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.until-{now_ms}")
    path.rename(aside)
    return aside

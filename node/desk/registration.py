"""Someone new at the desk: what was typed, read once and written as facets."""

from moyai.v1 import facets_pb2
from node.desk.consents import share_with_local_governments
from node.desk.post import Post
from node.desk.views import NewPerson
from node.errors import NothingToGoBy
from node.pen import Sheet
from node.people.calendar import parse_birth
from node.people.facets import BirthDate, Care, Contact, Household, Identity, Protection, Residence
from node.people.kana import to_katakana
from node.records.kinds import CARE, CONTACT, HOUSEHOLD, IDENTITY, PROTECTION, RESIDENCE


def write_new_person(post: Post, sheet: Sheet, person: NewPerson) -> bytes:
    """Write what is known of someone new; returns the subject minted for them."""
    identity = read_identity(post, person)
    subject = post.mint()
    sheet.put(subject, IDENTITY, identity)
    if person.municipality or person.address or person.postcode:
        municipality = person.municipality or (post.organisation if person.address else "")
        residence = Residence(municipality=municipality, address=person.address, postcode=person.postcode)
        sheet.put(subject, RESIDENCE, residence)
    if person.phone:
        sheet.put(subject, CONTACT, Contact(phone=person.phone))
    sheet.put(subject, HOUSEHOLD, Household(household=person.household or post.entropy(16)))
    if person.care_codes or person.care_text:
        sheet.put(subject, CARE, Care(codes=tuple(sorted(set(person.care_codes))), text=person.care_text))
    if person.protect:
        protection = Protection(active=True, ground="other", decided_by=post.operator)
        sheet.put(subject, PROTECTION, protection, slot=post.organisation.encode())
    if person.share:
        share_with_local_governments(post, sheet, subject, identity, person.guardian_relation)
    return subject


def read_identity(post: Post, person: NewPerson) -> Identity:
    """What was typed, as an identity: kana from romaji, birth date from digits in either calendar.

    Raises:
        NothingToGoBy: neither a name nor a description was given.
        InputRefused: the birth date can't be read.
    """
    names = (person.family_name, person.given_name, person.family_kana, person.given_kana)
    if not "".join((*names, person.description)).strip():
        raise NothingToGoBy
    return Identity(
        family_name=person.family_name,
        given_name=person.given_name,
        family_kana=to_katakana(person.family_kana),
        given_kana=to_katakana(person.given_kana),
        birth=_birth(post, person),
        sex=facets_pb2.Sex.ValueType(person.sex),
        description=person.description,
        found_where=person.found_where,
    )


def _birth(post: Post, person: NewPerson) -> BirthDate | None:
    if person.birth:
        return parse_birth(person.birth, today=post.today())
    if person.estimated_age is not None:
        return BirthDate(estimated_age=person.estimated_age, estimated_on=post.today().isoformat())
    return None

"""Someone new at the desk: what was typed, read once and written as facets."""

from moyai.v1 import facets_pb2
from node.desk.consents import share_with_local_governments
from node.desk.post import Post
from node.desk.views import NewPerson
from node.errors import NothingToGoBy
from node.pen import Sheet
from node.people.calendar import parse_birth
from node.people.facets import BirthDate, Care, Contact, FacetModel, Household, Identity, Protection, Residence
from node.people.kana import to_katakana
from node.records.kinds import CARE, CONTACT, HOUSEHOLD, IDENTITY, PROTECTION, RESIDENCE
from node.reference.municipalities import municipality_written_in


def write_new_person(post: Post, sheet: Sheet, person: NewPerson) -> bytes:
    """Write what is known of someone new; returns the subject minted for them."""
    said = read_facets(post, person)
    subject = post.mint()
    for facet, says in said.items():
        sheet.put(subject, facet, says)
    if HOUSEHOLD not in said:
        sheet.put(subject, HOUSEHOLD, Household(household=post.entropy(16)))
    if person.protect:
        protect(post, sheet, subject)
    if person.share:
        share_with_local_governments(post, sheet, subject, read_identity(post, person).birth, person.guardian_relation)
    return subject


def read_facets(post: Post, person: NewPerson) -> dict[int, FacetModel]:
    """What was typed, by the facets that say it; a facet of which nothing was typed is not there.

    Raises: as `read_identity`.
    """
    said: dict[int, FacetModel] = {IDENTITY: read_identity(post, person)}
    if person.municipality or person.address or person.postcode:
        municipality = person.municipality or _home(post, person.address)
        said[RESIDENCE] = Residence(municipality=municipality, address=person.address, postcode=person.postcode)
    if person.phone:
        said[CONTACT] = Contact(phone=person.phone)
    if person.household:
        said[HOUSEHOLD] = Household(household=person.household)
    if person.care_codes or person.care_text:
        said[CARE] = Care(codes=tuple(sorted(set(person.care_codes))), text=person.care_text)
    return said


def _home(post: Post, address: str) -> str:
    """The town an address names: who comes from elsewhere is told to their own town. Else this one."""
    named = municipality_written_in(address)
    return named.code if named else post.organisation if address else ""


def protect(post: Post, sheet: Sheet, subject: bytes) -> None:
    """Hide them from now on."""
    protection = Protection(active=True, ground="other", decided_by=post.operator)
    sheet.put(subject, PROTECTION, protection, slot=post.organisation.encode())


def refuse_nobody(person: NewPerson) -> None:
    """Raises NothingToGoBy where there is neither a name nor a description."""
    names = (person.family_name, person.given_name, person.family_kana, person.given_kana)
    if not "".join((*names, person.description)).strip():
        raise NothingToGoBy


def read_identity(post: Post, person: NewPerson) -> Identity:
    """What was typed, as an identity: kana from romaji, birth date from digits in either calendar.

    Raises:
        NothingToGoBy: neither a name nor a description was given.
        InputRefused: the birth date can't be read.
    """
    refuse_nobody(person)
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

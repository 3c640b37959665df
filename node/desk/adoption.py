"""At check-in a row of the resident register becomes an evacuee: what it says is copied into the facets that may
travel."""

from hashlib import sha256

from node.desk.post import Post
from node.pen import Sheet
from node.people.facets import Care, Contact, FacetModel, Household, Identity, Residence, Resident, from_content
from node.records.kinds import CARE, CONTACT, HOUSEHOLD, IDENTITY, RESIDENCE, RESIDENT

HOUSEHOLD_LABEL = b"moyai.v1 household\n"


def adopt(post: Post, sheet: Sheet, subject: bytes) -> None:
    """Copy the register row into identity, residence, contact, household and care, where they say nothing yet."""
    rows = sheet.heads(subject, RESIDENT)
    if not rows or sheet.heads(subject, IDENTITY):
        return
    row = from_content(RESIDENT, rows[0].content)
    if isinstance(row, Resident):
        for facet, says in as_evacuee(post, row, subject).items():
            sheet.put(subject, facet, says)


def as_evacuee(post: Post, row: Resident, subject: bytes) -> dict[int, FacetModel]:
    """What the row says, by the facets of an evacuee that would say it."""
    said: dict[int, FacetModel] = {
        IDENTITY: Identity(
            family_name=row.family_name,
            given_name=row.given_name,
            family_kana=row.family_kana,
            given_kana=row.given_kana,
            birth=row.birth,
            sex=row.sex,
        ),
        RESIDENCE: Residence(municipality=post.organisation, address=row.address, postcode=row.postcode),
    }
    if row.phone:
        said[CONTACT] = Contact(phone=row.phone)
    if row.household_key:
        household = household_id(post, row.household_key, subject)
        said[HOUSEHOLD] = Household(household=household, relation=row.relation)
    if row.care_codes:
        said[CARE] = Care(codes=row.care_codes)
    return said


def household_id(post: Post, household_key: str, subject: bytes) -> bytes:
    """The id of a registered household: one its members already have, else derived from the smallest subject id among
    them.

    Derived and not random, so that the town hall and a shelter without network give the same household the same id;
    from subject ids, which nobody outside can guess, and not from the municipality's key.
    """
    members = post.ledger.residents_of_household(household_key)
    for member in members:
        if member.household:
            return member.household
    smallest = min((member.subject for member in members), default=subject)
    return sha256(HOUSEHOLD_LABEL + smallest).digest()[:16]

"""What an organisation is called, by its code: municipality, prefecture, or the code itself."""

from node.reference.municipalities import municipality_name
from node.reference.prefectures import prefecture


def organisation_name(code: str) -> str:
    """Its name; the code where no list names it."""
    found = prefecture(code)
    return found.name if found else municipality_name(code) or code

"""Finds the field of the form that a refusal is about, from its reason or the name of the field it gives. Pure."""

from collections.abc import Mapping

from node.errors import MoyaiError

OF_REASON: Mapping[str, str] = {
    "BIRTH_DATE_REFUSED": "birth",
    "CONSENT_NEEDS_GUARDIAN": "guardian",
    "NOTHING_TO_GO_BY": "family",
}
OF_SCHEMA: Mapping[str, str] = {
    "family_name": "family",
    "given_name": "given",
    "family_kana": "family_kana",
    "given_kana": "given_kana",
    "birth": "birth",
    "sex": "sex",
    "address": "address",
    "phone": "phone",
    "codes": "care",
    "care_codes": "care",
    "guardian_relation": "guardian",
    "description": "description",
    "estimated_age": "age",
    "found_where": "found",
}
"""The form's field for each name in the schema; a field of the form is known by its own name as well."""


def field_refused(error: Exception) -> str | None:
    """The form's field a refusal names; None where it is about the whole, or no refusal."""
    if not isinstance(error, MoyaiError):
        return None
    if error.reason in OF_REASON:
        return OF_REASON[error.reason]
    named = str(error.details.get("field", ""))
    parts = named.split(".")
    return next((OF_SCHEMA[part] for part in reversed(parts) if part in OF_SCHEMA), None) or (
        named if named in OF_SCHEMA.values() else None
    )

"""Refuses what was typed by naming the field and the rule it breaks, never what stood there."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from node.errors import ContentMalformed, FieldRefused


@contextmanager
def naming_the_field() -> Iterator[None]:
    """Around an act: a facet that can't hold what was typed makes the act refused.

    Raises:
        FieldRefused: with the field's name in the schema and the rule.
    """
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=True)[0]
        field = ".".join(str(part) for part in first["loc"] if isinstance(part, str))
        rule = first.get("ctx", {}).get("rule") or first["type"]
        raise FieldRefused(field=field or str(rule), rule=str(rule)) from error
    except ContentMalformed as error:
        raise FieldRefused(field=error.details.get("field", "-"), rule=error.details.get("rule", "-")) from error

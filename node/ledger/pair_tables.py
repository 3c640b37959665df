"""The tables of links and of pairs that may be one person, as the step of the schema makes them; never changed."""

from typing import Final

_SETTLE: Final = """UPDATE alike SET waiting = coalesce((SELECT relation NOT IN (1, 2) FROM links
    WHERE slot = alike.slot ORDER BY clock DESC LIMIT 1), 1) WHERE slot = {row}.slot"""
"""A pair waits until the newest word on it is "same" or "not the same"; an undone one waits again."""


def _trigger(name: str, event: str, row: str) -> str:
    return f"CREATE TRIGGER {name} AFTER {event} BEGIN {_SETTLE.format(row=row)}; END"


STATEMENTS: Final = (
    """CREATE TABLE links (
        number INTEGER NOT NULL REFERENCES subjects (number),
        slot BLOB NOT NULL,
        other BLOB NOT NULL,
        relation INTEGER NOT NULL,
        clock INTEGER NOT NULL,
        PRIMARY KEY (number, slot)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX links_by_slot ON links (slot, clock)",
    """CREATE TABLE alike (
        slot BLOB PRIMARY KEY,
        first INTEGER NOT NULL REFERENCES subjects (number),
        second INTEGER NOT NULL REFERENCES subjects (number),
        score REAL NOT NULL,
        waiting INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX alike_by_first ON alike (first)",
    "CREATE INDEX alike_by_second ON alike (second)",
    "CREATE INDEX alike_waiting ON alike (score) WHERE waiting",
    _trigger("link_said", "INSERT ON links", "NEW"),
    _trigger("link_gone", "DELETE ON links", "OLD"),
    _trigger("pair_found", "INSERT ON alike", "NEW"),
)
"""A slot names a pair in both tables."""

"""The tables in which each id is found, as the step of the schema makes them; never changed."""

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE ids (
        level INTEGER NOT NULL,
        prefix BLOB NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (level, prefix, seq)
    ) STRICT, WITHOUT ROWID""",
    "INSERT INTO ids (level, prefix, seq) SELECT 1, substr(id, 1, 8), seq FROM records ORDER BY id",
    # As before, but that the id has no index of its own: SQLite cannot take away what makes a column unique.
    """CREATE TABLE records_now (
        seq INTEGER PRIMARY KEY,
        id BLOB NOT NULL,
        subject INTEGER NOT NULL REFERENCES subjects (number),
        facet INTEGER NOT NULL,
        slot BLOB NOT NULL,
        is_head INTEGER NOT NULL,
        counts INTEGER NOT NULL,
        came_from TEXT NOT NULL,
        came_from_node BLOB NOT NULL,
        basis INTEGER NOT NULL,
        basis_record BLOB NOT NULL,
        signature BLOB NOT NULL,
        body BLOB NOT NULL
    ) STRICT""",
    "INSERT INTO records_now SELECT * FROM records ORDER BY seq",
    "DROP TABLE records",
    "ALTER TABLE records_now RENAME TO records",
    "CREATE INDEX records_by_slot ON records (subject, facet, slot, is_head)",
    "CREATE INDEX heads_by_facet ON records (facet, seq) WHERE is_head",
    "CREATE INDEX ids_in_order ON records (seq, id)",
    # The room the table took before is free now, and goes when the file is next written anew.
    """INSERT INTO numbers (name, value) SELECT 'erased', 1 WHERE EXISTS (SELECT 1 FROM records)
        ON CONFLICT (name) DO UPDATE SET value = value + 1""",
)

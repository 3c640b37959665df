"""Steps of the schema for what a desk keeps beside the records: its staff, and who asked after whom."""

from sqlite_utils import Database


def operators(db: Database) -> None:
    """Who works at this node, what each may do, and how often a PIN was typed wrong."""
    for statement in (
        """CREATE TABLE operators (
            code TEXT PRIMARY KEY,
            role TEXT NOT NULL,
            pin TEXT NOT NULL,
            pin_is_lent INTEGER NOT NULL,
            added_at_ms INTEGER NOT NULL,
            retired_at_ms INTEGER,
            failures INTEGER NOT NULL,
            failed_at_ms INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
    ):
        db.execute(statement)


def inquiries(db: Database) -> None:
    """Who asked after whom (Art. 86-15), why, and what they were told."""
    for statement in (
        """CREATE TABLE inquiries (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            at_ms INTEGER NOT NULL,
            operator TEXT NOT NULL,
            subject BLOB,
            outcome TEXT NOT NULL,
            told TEXT NOT NULL,
            inquirer TEXT NOT NULL,
            sought TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX inquiries_by_subject ON inquiries (subject) WHERE subject IS NOT NULL",
    ):
        db.execute(statement)

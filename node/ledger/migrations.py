"""The schema, as ordered, named steps; a step that has been released is never changed, another is added."""

from typing import TYPE_CHECKING, Any, Final, cast

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from node.errors import LedgerTooNew

if TYPE_CHECKING:
    from node.ledger.store import Connection

STEPS: Final = Migrations("ledger")


@STEPS()
def records(db: Database) -> None:
    """Who is spoken of, and what has been said."""
    _statements(
        db,
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        """CREATE TABLE subjects (
            number INTEGER PRIMARY KEY,
            subject BLOB NOT NULL UNIQUE,
            kind INTEGER NOT NULL,
            origin TEXT NOT NULL,
            changed INTEGER NOT NULL
        ) STRICT""",
        "CREATE INDEX subjects_by_change ON subjects (changed)",
        """CREATE TABLE records (
            seq INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
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
        "CREATE INDEX records_by_slot ON records (subject, facet, slot, is_head)",
        "CREATE INDEX heads_by_facet ON records (facet, seq) WHERE is_head",
        """CREATE TABLE contested (
            subject INTEGER NOT NULL REFERENCES subjects (number),
            facet INTEGER NOT NULL,
            slot BLOB NOT NULL,
            PRIMARY KEY (subject, facet, slot)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE suppressions (
            subject BLOB NOT NULL,
            facet INTEGER NOT NULL,
            up_to BLOB NOT NULL,
            because_of BLOB NOT NULL,
            PRIMARY KEY (subject, facet)
        ) STRICT, WITHOUT ROWID""",
    )


@STEPS()
def audit(db: Database) -> None:
    """Who looked at, changed or was told what: ids and facet numbers only."""
    _statements(
        db,
        """CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            at_ms INTEGER NOT NULL,
            act TEXT NOT NULL,
            operator TEXT NOT NULL,
            node BLOB NOT NULL,
            organisation TEXT NOT NULL,
            purpose TEXT NOT NULL,
            subject BLOB,
            facets TEXT NOT NULL,
            record BLOB,
            recipient TEXT,
            basis INTEGER,
            count INTEGER,
            hash BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX audit_by_subject ON audit (subject, number) WHERE subject IS NOT NULL",
    )


@STEPS()
def exchange(db: Database) -> None:
    """What passed between us and each peer, and what could not be taken."""
    _statements(
        db,
        """CREATE TABLE peers (
            number INTEGER PRIMARY KEY,
            node BLOB NOT NULL UNIQUE,
            organisation TEXT NOT NULL DEFAULT '',
            at_ms INTEGER,
            reason TEXT NOT NULL DEFAULT '',
            settled_ms INTEGER,
            view_as_of INTEGER NOT NULL DEFAULT 0
        ) STRICT""",
        """CREATE TABLE witnesses (
            peer INTEGER NOT NULL REFERENCES peers (number),
            length INTEGER NOT NULL,
            head BLOB NOT NULL,
            at_ms INTEGER NOT NULL,
            broken INTEGER NOT NULL,
            PRIMARY KEY (peer, length, head)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE passed (
            peer INTEGER NOT NULL REFERENCES peers (number),
            record INTEGER NOT NULL,
            direction INTEGER NOT NULL,
            PRIMARY KEY (peer, record)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE holders (
            subject INTEGER NOT NULL REFERENCES subjects (number),
            peer INTEGER NOT NULL REFERENCES peers (number),
            PRIMARY KEY (subject, peer)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX holders_by_peer ON holders (peer, subject)",
        """CREATE TABLE views (
            peer INTEGER NOT NULL REFERENCES peers (number),
            record INTEGER NOT NULL,
            view INTEGER NOT NULL,
            basis INTEGER NOT NULL,
            basis_record BLOB NOT NULL,
            urgency INTEGER NOT NULL,
            PRIMARY KEY (peer, record)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE quarantine (
            id BLOB PRIMARY KEY,
            subject BLOB,
            facet INTEGER,
            reason TEXT NOT NULL,
            came_from_node BLOB NOT NULL,
            at_ms INTEGER NOT NULL,
            retry_at_ms INTEGER,
            signature BLOB NOT NULL,
            body BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX quarantine_by_subject ON quarantine (subject)",
        "CREATE INDEX quarantine_by_time ON quarantine (at_ms)",
        "CREATE INDEX quarantine_by_retry ON quarantine (retry_at_ms) WHERE retry_at_ms IS NOT NULL",
        """CREATE TABLE drafts (
            id BLOB PRIMARY KEY,
            operator TEXT NOT NULL,
            subject BLOB,
            at_ms INTEGER NOT NULL,
            content BLOB NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX drafts_by_operator ON drafts (operator, at_ms)",
    )


@STEPS()
def working(db: Database) -> None:
    """Acts that can be taken back, what was turned away, and how far views and holdings are worked out."""
    _statements(
        db,
        """CREATE TABLE acts (
            token BLOB PRIMARY KEY,
            act TEXT NOT NULL,
            operator TEXT NOT NULL,
            at_ms INTEGER NOT NULL,
            subjects INTEGER NOT NULL
        ) STRICT""",
        "CREATE INDEX acts_by_operator ON acts (operator, at_ms)",
        """CREATE TABLE act_steps (
            token BLOB NOT NULL REFERENCES acts (token),
            number INTEGER NOT NULL,
            record BLOB NOT NULL,
            before BLOB NOT NULL,
            PRIMARY KEY (token, number)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE turned (
            peer INTEGER NOT NULL REFERENCES peers (number),
            record BLOB NOT NULL,
            view INTEGER NOT NULL,
            subject BLOB NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (peer, record)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX turned_by_subject ON turned (subject)",
        "CREATE INDEX turned_by_record ON turned (record)",
        """CREATE TABLE progress (
            what BLOB PRIMARY KEY,
            as_of INTEGER NOT NULL,
            fingerprint BLOB NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE rechecks (
            what BLOB NOT NULL,
            subject BLOB NOT NULL,
            at_ms INTEGER NOT NULL,
            PRIMARY KEY (what, subject)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX rechecks_by_time ON rechecks (what, at_ms)",
    )


def refuse_newer(connection: "Connection") -> None:
    """Refuse a file in which a newer program has taken steps that this one does not know. Reads only.

    Raises:
        LedgerTooNew: with how many steps were `taken` and how many are `known`.
    """
    taken = {step.name for step in STEPS.applied(_database(connection))}
    known = {step.name for step in STEPS._migrations}
    if taken - known:
        raise LedgerTooNew(taken=len(taken), known=len(known))


def pending(connection: "Connection") -> bool:
    """Whether a step is still to be taken. Reads only."""
    return bool(STEPS.pending(_database(connection)))


def apply(connection: "Connection") -> None:
    """Take the steps that are missing; the caller holds a transaction, so that all are taken or none."""
    STEPS.apply(_database(connection))


def _database(connection: "Connection") -> Database:
    return Database(cast("Any", connection), execute_plugins=False)


def _statements(db: Database, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)

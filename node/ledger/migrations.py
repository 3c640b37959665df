"""The schema, as ordered, named steps; a step that has been released is never changed, another is added."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from node.errors import LedgerTooNew
from node.ledger import desk_steps, id_tables, pair_tables

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
            basis_record BLOB,
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
            endpoints TEXT NOT NULL DEFAULT '',
            last_try_ms INTEGER,
            last_done_ms INTEGER,
            failing_since_ms INTEGER,
            last_reason TEXT NOT NULL DEFAULT ''
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
            PRIMARY KEY (record, peer)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX passed_by_peer ON passed (peer, record)",
        "CREATE TABLE unsent (record INTEGER PRIMARY KEY) STRICT",
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
        "CREATE INDEX views_by_record ON views (record)",
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
            operator TEXT NOT NULL,
            key TEXT NOT NULL,
            subject BLOB,
            at_ms INTEGER NOT NULL,
            fields TEXT NOT NULL,
            PRIMARY KEY (operator, key)
        ) STRICT, WITHOUT ROWID""",
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
            basis INTEGER NOT NULL,
            basis_record BLOB NOT NULL,
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
        "CREATE TABLE skipped (first INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    )


@STEPS()
def people_and_places(db: Database) -> None:
    """What follows from the records: rows for lists, and the search index."""
    _statements(
        db,
        """CREATE TABLE people (
            number INTEGER PRIMARY KEY REFERENCES subjects (number),
            sorted_by TEXT NOT NULL,
            resident_only INTEGER NOT NULL,
            staying INTEGER NOT NULL,
            needs_care INTEGER NOT NULL,
            came_from TEXT NOT NULL,
            household BLOB,
            household_key TEXT,
            municipal_key TEXT,
            shown TEXT NOT NULL,
            terms TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX evacuees ON people (came_from) WHERE NOT resident_only",
        "CREATE INDEX people_by_household ON people (household) WHERE household IS NOT NULL",
        "CREATE INDEX people_by_household_key ON people (household_key) WHERE household_key IS NOT NULL",
        "CREATE INDEX people_by_municipal_key ON people (municipal_key) WHERE municipal_key IS NOT NULL",
        """CREATE TABLE stays (
            number INTEGER NOT NULL REFERENCES subjects (number),
            slot BLOB NOT NULL,
            place BLOB,
            state INTEGER NOT NULL,
            confirmed_at_ms INTEGER NOT NULL,
            to_place BLOB,
            to_municipality TEXT,
            PRIMARY KEY (number, slot)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX stays_by_place ON stays (place, state)",
        "CREATE INDEX stays_by_state ON stays (state)",
        "CREATE INDEX stays_by_destination ON stays (to_place) WHERE to_place IS NOT NULL",
        "CREATE INDEX stays_by_town ON stays (to_municipality) WHERE to_municipality IS NOT NULL",
        """CREATE TABLE places (
            number INTEGER PRIMARY KEY REFERENCES subjects (number),
            municipality TEXT NOT NULL,
            national_id TEXT,
            local_id TEXT,
            sorted_by TEXT NOT NULL,
            folded TEXT NOT NULL,
            shown TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX places_by_municipality ON places (municipality, sorted_by)",
        "CREATE INDEX places_by_national_id ON places (national_id) WHERE national_id IS NOT NULL",
        "CREATE INDEX places_by_local_id ON places (local_id) WHERE local_id IS NOT NULL",
        # The tokens are nowhere kept as text: they are made again from `terms` to be taken out. `detail=none` keeps
        # who has a token and not where; `secure-delete` overwrites what is taken out instead of noting that it is gone.
        "CREATE VIRTUAL TABLE found USING fts5 "
        "(tokens, content = '', columnsize = 0, detail = none, tokenize = 'ascii')",
        "INSERT INTO found (found, rank) VALUES ('secure-delete', 1)",
        "INSERT INTO found (found, rank) VALUES ('hashsize', 16777216)",
    )


@STEPS()
def views_by_addition(db: Database) -> None:
    """What is kept of each view, which rows have not passed, and what is known of the line to a peer."""
    _statements(
        db,
        """CREATE TABLE view_sums (
            peer INTEGER NOT NULL REFERENCES peers (number),
            view INTEGER NOT NULL,
            count INTEGER NOT NULL,
            root BLOB NOT NULL,
            audited_ms INTEGER,
            lanes BLOB NOT NULL,
            cells BLOB NOT NULL,
            PRIMARY KEY (peer, view)
        ) STRICT""",
        "DROP INDEX views_by_record",
        "ALTER TABLE views RENAME TO views_before",
        """CREATE TABLE views (
            peer INTEGER NOT NULL REFERENCES peers (number),
            view INTEGER NOT NULL,
            record INTEGER NOT NULL,
            prefix INTEGER NOT NULL,
            waiting INTEGER NOT NULL,
            urgency INTEGER NOT NULL,
            basis INTEGER NOT NULL,
            basis_record BLOB NOT NULL,
            PRIMARY KEY (peer, view, record)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TRIGGER views_marked AFTER INSERT ON views
            WHEN NEW.waiting = EXISTS (SELECT 1 FROM passed WHERE record = NEW.record AND peer = NEW.peer) BEGIN
                UPDATE views SET waiting = NOT NEW.waiting
                    WHERE peer = NEW.peer AND view = NEW.view AND record = NEW.record;
            END""",
        # The plus keeps the planner from going through all rows of the peer.
        """CREATE TRIGGER passed_marked AFTER INSERT ON passed BEGIN
                UPDATE views SET waiting = 0 WHERE record = NEW.record AND +peer = NEW.peer;
            END""",
        """CREATE TRIGGER passed_unmarked AFTER DELETE ON passed BEGIN
                UPDATE views SET waiting = 1 WHERE record = OLD.record AND +peer = OLD.peer;
            END""",
        "ALTER TABLE peers ADD COLUMN bytes_per_second INTEGER",
    )
    from node.ledger.moving import move_views  # noqa: PLC0415 -- files that have taken this step need none of it

    move_views(cast("Connection", db.conn))
    _statements(
        db,
        "DROP TABLE views_before",
        "CREATE INDEX views_by_record ON views (record, peer)",
        "CREATE INDEX views_waiting ON views (peer, view) WHERE waiting",
    )


@STEPS()
def rows_due(db: Database) -> None:
    """Whose rows are behind their records, because these came in bulk."""
    _statements(db, "CREATE TABLE rows_due (subject INTEGER PRIMARY KEY REFERENCES subjects (number)) STRICT")


@STEPS()
def ids_in_two_levels(db: Database) -> None:
    """Where each id is, in pages that a bulk load changes seldom, and all ids in the order of arrival."""
    _statements(db, *id_tables.STATEMENTS)


@STEPS()
def links_and_pairs(db: Database) -> None:
    """Who is linked with whom, and which pairs may be one person."""
    _statements(db, *pair_tables.STATEMENTS)


for desk_step in (desk_steps.operators, desk_steps.inquiries):
    STEPS()(desk_step)


def refuse_newer(connection: "Connection") -> None:
    """Refuse a file in which a newer program has taken steps that this one does not know. Reads only.

    Raises:
        LedgerTooNew: with how many steps were `taken` and how many are `known`.
    """
    taken = {step.name for step in STEPS.applied(_database(connection))}
    known = {step.name for step in STEPS._migrations}
    if taken - known:
        raise LedgerTooNew(taken=len(taken), known=len(known))


def missing(connection: "Connection") -> list[str]:
    """The names of the steps still to be taken, in order. Reads only."""
    return [step.name for step in STEPS.pending(_database(connection))]


def take(connection: "Connection", steps: Sequence[str]) -> Iterator[str]:
    """Take these steps, which are missing; each is named before it is. The caller holds a transaction, so that all are
    taken or none."""
    database = _database(connection)
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        yield step
        STEPS.apply(database, stop_before=following)


def _database(connection: "Connection") -> Database:
    return Database(cast("Any", connection), execute_plugins=False)


def _statements(db: Database, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)
